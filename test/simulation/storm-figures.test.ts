import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exponential, randomFor } from '../../model/random.ts'
import { instant, milliseconds, seconds } from '../../model/units.ts'
import { returnTimes, WindowCounts, windowFigures } from '../../simulation/storm-figures.ts'

test('instants are counted in windows of 100 ms, each of which ends before the next begins', () => {
  const counts = new WindowCounts(instant(0), instant(milliseconds(450)))
  for (const ms of [0, 99.999, 100, 250, 449]) counts.add(instant(milliseconds(ms)))
  counts.add(instant(milliseconds(300)), 7)
  counts.add(instant(seconds(9)))
  assert.deepEqual([...counts.until(instant(seconds(1)))], [2, 1, 1, 7, 1])
  assert.deepEqual([...counts.until(instant(milliseconds(100)))], [2, 1])
  assert.equal(counts.total, 12)
})

test('windows may begin anywhere: what came before the first is not counted', () => {
  const counts = new WindowCounts(instant(milliseconds(1_234)), instant(milliseconds(1_500)))
  for (const ms of [1_233.999, 1_234, 1_333.999, 1_334, 1_499]) counts.add(instant(milliseconds(ms)))
  assert.deepEqual([...counts.until(instant(milliseconds(1_499)))], [2, 1, 1])
  assert.deepEqual([...counts.until(instant(milliseconds(1_000)))], [])
})

test('peak, mean and index of dispersion are those of the definition', () => {
  assert.deepEqual(windowFigures([3, 3, 3]), { peak: 3, mean: 3, dispersion: 0 })
  assert.deepEqual(windowFigures([0, 0, 0, 8]), { peak: 8, mean: 2, dispersion: 6 })
  assert.deepEqual(windowFigures([0, 0]), { peak: 0, mean: 0, dispersion: null })
  assert.deepEqual(windowFigures([]), { peak: 0, mean: 0, dispersion: null })
})

test('a Poisson process has an index of dispersion of 1', () => {
  const windows = 2_000
  const counts = new WindowCounts(instant(0), instant(windows * milliseconds(100)))
  const random = randomFor(1, 'poisson')
  const mean = milliseconds(100) / 20
  for (let at = 0; at < windows * milliseconds(100); at += exponential(random, mean)) counts.add(instant(at))
  const { dispersion } = windowFigures(counts.until(instant(windows * milliseconds(100))))
  // Its standard error over n windows is sqrt(2 / n).
  assert.ok(Math.abs((dispersion ?? 0) - 1) < 4 * Math.sqrt(2 / windows), `${dispersion}`)
})

test('a time until a share is back is that of the client who completes the share of all', () => {
  const backAt = Array.from({ length: 100 }, (_, client) => seconds(client + 1))
  const since = instant(seconds(0.5))
  assert.deepEqual(returnTimes(backAt, 100, since), {
    t50: seconds(49.5),
    t90: seconds(89.5),
    t99: seconds(98.5),
    t100: seconds(99.5),
  })
})

test('clients that never came back count: a share that they make impossible has no time', () => {
  const backAt = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(seconds)
  const since = instant(0)
  assert.deepEqual(returnTimes(backAt, 10, since), {
    t50: seconds(5),
    t90: seconds(9),
    t99: null,
    t100: null,
  })
  assert.deepEqual(returnTimes([], 0, since), { t50: null, t90: null, t99: null, t100: null })
})
