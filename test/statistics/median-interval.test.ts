import assert from 'node:assert/strict'
import { test } from 'node:test'
import { medianInterval } from '../../statistics/median-interval.ts'

/** 1 to `count` in an order that is not theirs: what lies where is its own rank. */
const ranks = (count: number): number[] =>
  Array.from({ length: count }, (_, at) => ((at * 7 + 3) % count) + 1)

// Ranks and confidence of the sign-test interval at 95 %, as tables of the binomial distribution give them.
for (const [count, low, high, confidence] of [
  [2, 1, 2, 0.5],
  [5, 1, 5, 0.9375],
  [6, 1, 6, 0.96875],
  [8, 1, 8, 0.9921875],
  [9, 2, 8, 0.9609375],
  [10, 2, 9, 0.978515625],
  [15, 4, 12, 0.96484375],
  [20, 6, 15, 0.958610534667969],
] as const)
  test(`of ${count} values the interval is from rank ${low} to rank ${high}, with confidence ${confidence}`, () => {
    const interval = medianInterval(ranks(count))
    assert.deepEqual([interval?.low, interval?.high], [low, high])
    assert.ok(Math.abs((interval?.confidence ?? 0) - confidence) < 1e-9)
  })

test('one value has no interval', () => {
  assert.equal(medianInterval([3]), null)
  assert.equal(medianInterval([]), null)
})
