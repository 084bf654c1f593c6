import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Windows } from '../../../measure/derive/storm-windows.ts'
import { stormGrain, stormWindow } from '../../../simulation/storm-figures.ts'

const grains = fc.array(fc.tuple(fc.nat(2_000), fc.nat(50)), { maxLength: 40 })
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

test('windows begin at their zero, not at that of the clock', () => {
  const windows = Windows.ofGrains(
    [
      [[1_049, 1]],
      [
        [1_050, 2],
        [1_149, 3],
        [1_150, 4],
      ],
    ],
    1_050_000,
  )
  assert.deepEqual(windows.list(), [
    { atMicros: 950_000, count: 1 },
    { atMicros: 1_050_000, count: 5 },
    { atMicros: 1_150_000, count: 4 },
  ])
})

test('a window that is empty is not listed, and counts where a span is asked for', () => {
  const windows = new Windows()
  windows.add(0, 0)
  windows.add(100_000, 3)
  windows.add(300_000, 1)
  assert.deepEqual(
    windows.list().map(({ atMicros }) => atMicros),
    [100_000, 300_000],
  )
  assert.deepEqual(windows.between(0, 400_000), [0, 3, 0, 1])
})

test('a span ends before its end: what begins there is beyond', () => {
  const windows = new Windows()
  for (const at of [0, 100_000, 200_000]) windows.add(at, 1)
  assert.deepEqual(windows.between(0, 200_000), [1, 1])
  assert.deepEqual(windows.between(50_000, 200_001), [1, 1, 1])
  assert.deepEqual(windows.between(200_000, 200_000), [])
  assert.deepEqual(windows.between(300_000, 100_000), [])
})

test('the most within a second is that of ten windows in a row', () => {
  const windows = new Windows()
  for (const [at, count] of [
    [0, 5],
    [900_000, 6],
    [1_000_000, 7],
    [3_000_000, 12],
  ] as const)
    windows.add(at, count)
  assert.equal(windows.most(1_000_000), 13)
  assert.equal(new Windows().most(1_000_000), 0)
})

test('however the windows lie, every count is in one of them', () => {
  fc.assert(
    fc.property(grains, fc.nat(5_000_000), (series, zero) => {
      const windows = Windows.ofGrains([series], zero)
      const total = sum(series.map(([, count]) => count))
      assert.equal(sum(windows.list().map(({ count }) => count)), total)
      const end = 2_001 * stormGrain
      assert.equal(sum(windows.between(0, end)), total)
      assert.ok(windows.list().every(({ atMicros }) => (atMicros - zero) % stormWindow === 0))
    }),
  )
})
