import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Heap } from '../../model/heap.ts'

const heapOf = (values: readonly number[]) => {
  const heap = new Heap<{ at: number }>((a, b) => a.at < b.at)
  for (const at of values) heap.add({ at })
  return heap
}

const drained = (heap: Heap<{ at: number }>): number[] => {
  const order: number[] = []
  for (let least = heap.least; least !== undefined; least = heap.least) {
    order.push(least.at)
    heap.removeLeast()
  }
  return order
}

test('a heap gives its items in ascending order, equal ones included', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), values => {
      assert.deepEqual(
        drained(heapOf(values)),
        values.toSorted((a, b) => a - b),
      )
    }),
  )
})

test('the least item may move back in the order while it stays in the heap', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1 }), fc.nat(60), (values, delay) => {
      const heap = heapOf(values)
      const [first = 0, ...rest] = values.toSorted((a, b) => a - b)
      assert.ok(heap.least)
      heap.least.at += delay
      heap.sinkLeast()
      assert.deepEqual(
        drained(heap),
        [first + delay, ...rest].sort((a, b) => a - b),
      )
    }),
  )
})

test('an empty heap has no least item, and nothing to remove', () => {
  const heap = heapOf([1, 2])
  heap.clear()
  heap.removeLeast()
  heap.sinkLeast()
  assert.equal(heap.least, undefined)
})
