import assert from 'node:assert/strict'
import { test } from 'node:test'
import { milliseconds, seconds } from '../../model/units.ts'
import { chanceWait, jitterSweep, windowsAround } from '../../simulation/storm-simulation-sweep.ts'

const sweep = (clients: number, acceptPerSecond: number, seed = 1) =>
  jitterSweep({ clients, acceptPerSecond, windows: windowsAround(clients, acceptPerSecond), seed })

for (const [clients, acceptPerSecond] of [
  [2_000, 200],
  [10_000, 1_000],
  [100_000, 5_000],
] as const) {
  test(`${clients} clients at ${acceptPerSecond}/s want a jitter of ${clients / acceptPerSecond} s`, () => {
    const { found, expected, rows } = sweep(clients, acceptPerSecond)
    assert.equal(expected, seconds(clients / acceptPerSecond))
    assert.equal(found, expected)
    for (const row of rows) assert.equal(row.bounded, row.capacityShare >= 1, `${row.capacityShare}`)
  })
}

test('a window that is too narrow makes the last client wait for what the window lacks', () => {
  const { rows, expected } = sweep(10_000, 1_000)
  const narrow = rows.filter(row => row.capacityShare < 1)
  assert.ok(narrow.length > 2)
  for (const { longestWait, jitter } of narrow) {
    const lacking = expected - jitter
    assert.ok(Math.abs(longestWait - lacking) < chanceWait(10_000, 1_000), `${longestWait} for ${lacking}`)
  }
})

test('rows come in the order of their windows, and a wider window lowers the peak', () => {
  const windows = [4, 1, 2].map(seconds)
  const { rows } = jitterSweep({ clients: 1_000, acceptPerSecond: 500, windows, seed: 1 })
  assert.deepEqual(
    rows.map(row => row.jitter),
    [1, 2, 4].map(seconds),
  )
  assert.deepEqual(
    rows.map(row => row.peakToRate),
    rows.map(row => row.peakToRate).sort((a, b) => b - a),
  )
})

test('where not even the widest window suffices, none is found', () => {
  const { found } = jitterSweep({
    clients: 10_000,
    acceptPerSecond: 100,
    windows: [milliseconds(0), seconds(1)],
    seed: 1,
  })
  assert.equal(found, null)
})
