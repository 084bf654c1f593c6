import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Series } from '../../results/reading.ts'
import type { Measurement, Summary } from '../../results/result.ts'
import { seriesBand, tieBandOf, tieOf } from '../../results/tie-band.ts'
import { scenarios } from '../reports/arranged.ts'
import { measurementOf, resultOf, summaryOf, unmeasured } from '../reports/fixture.ts'

/** A measurement whose bench was so late: both in microseconds. */
function benchOf(
  technique: string,
  {
    delay,
    lag = 0,
    run = 1,
    median = 2_000,
  }: Record<'delay', number> & Partial<Record<'lag' | 'run' | 'median', number>>,
): Measurement {
  const measurement = measurementOf({ technique, run })
  // Nearly all samples are alike, so that chance adds nothing to the band.
  const alike = (micros: number): Summary => ({ ...summaryOf(micros / 1_000, micros / 1_000), p50: micros })
  return {
    ...measurement,
    latencyMicros: alike(median + lag),
    serviceMicros: alike(median),
    fleet: { ...measurement.fleet, loopDelayP99Micros: delay },
  }
}

const seriesOf = (measurements: readonly Measurement[]): readonly Series[] =>
  scenarios(resultOf([...measurements])).flatMap(({ series }) => series)

test("the bench's part of a median is the delay of the clients and what late publishing adds", () => {
  assert.equal(tieBandOf(benchOf('sse', { delay: 1_200 })), 1_200)
  assert.equal(tieBandOf(benchOf('sse', { delay: 1_200, lag: 300 })), 1_500)
})

test('a service time above the latency, by rounding, takes nothing away', () => {
  assert.equal(tieBandOf(benchOf('sse', { delay: 1_200, lag: -2 })), 1_200)
})

test('what was not measured has no tie band', () => {
  const { fleet, ...rest } = benchOf('sse', { delay: 1_200 })
  assert.equal(tieBandOf({ ...rest, fleet: { ...fleet, loopDelayP99Micros: null } }), null)
  assert.equal(tieBandOf(unmeasured('sse')), null)
  assert.deepEqual(tieOf(seriesOf([unmeasured('sse')])), { fastest: [], bandMicros: null })
  assert.deepEqual(tieOf([]), { fastest: [], bandMicros: null })
})

/** Who is as fast as the fastest, and the band of these, in milliseconds. */
const tied = (...all: readonly Measurement[]) => {
  const { fastest, bandMicros } = tieOf(seriesOf(all))
  return {
    fastest: fastest.map(({ technique }) => technique).join(' '),
    band: bandMicros && bandMicros / 1_000,
  }
}

test('in a pair the wider of the two bands counts, to the microsecond', () => {
  const sse = benchOf('sse', { delay: 900 })
  const later = (by: number, delay: number) => benchOf('polling', { delay, median: 2_000 + by })
  for (const [by, delay, expected] of [
    [900, 100, 'sse polling'],
    [901, 100, 'sse'],
    [4_000, 4_000, 'sse polling'],
    [4_001, 4_000, 'sse'],
  ] as const)
    assert.equal(tied(sse, later(by, delay)).fastest, expected, `${by} later, band ${delay}`)
})

test('the figure is the widest band of those that it is applied to, not that of a slow poller', () => {
  const all = [
    benchOf('sse', { delay: 900 }),
    benchOf('websocket', { delay: 1_400, median: 2_100 }),
    benchOf('long-polling', { delay: 3_000, median: 25_000 }),
    benchOf('polling', { delay: 29_900, median: 600_000 }),
  ]
  assert.deepEqual(tied(...all), { fastest: 'sse websocket', band: 1.4 })
})

test('a technique with a wide band ties by itself, and takes no other with it', () => {
  const all = [
    benchOf('sse', { delay: 900 }),
    benchOf('long-polling', { delay: 3_000, median: 25_000 }),
    benchOf('polling', { delay: 29_900, median: 30_000 }),
  ]
  assert.deepEqual(tied(...all), { fastest: 'sse polling', band: 29.9 })
})

test('of repeated runs the median band counts', () => {
  const runs = [800, 1_400, 9_000].map((delay, run) => benchOf('websocket', { delay, run: run + 1 }))
  assert.deepEqual(seriesOf(runs).map(seriesBand), [1_400])
  assert.equal(tied(benchOf('sse', { delay: 900 }), ...runs).band, 1.4)
})

test('a series whose latency is mostly the bench has a warning and does not widen the band of the others', () => {
  const mostly = benchOf('long-polling', { delay: 60_000 })
  const all = [benchOf('sse', { delay: 900 }), benchOf('websocket', { delay: 4_500 }), mostly]
  assert.equal(tied(...all).band, 4.5)
  assert.equal(tied(mostly).band, 60)
})

test('a series that did not pass is compared with nothing, and widens no band', () => {
  const failed = {
    ...benchOf('polling', { delay: 4_000 }),
    passed: false,
    failures: ['the clients were busy'],
  }
  assert.deepEqual(tied(benchOf('sse', { delay: 900 }), failed), { fastest: 'sse', band: 0.9 })
})

test('a technique whose band exceeds its own median is not called slower within that band', () => {
  const mostly = benchOf('long-polling', { delay: 60_000, median: 20_000 })
  assert.deepEqual(tied(benchOf('sse', { delay: 900 }), mostly), { fastest: 'sse long-polling', band: 0.9 })
  // As the fastest it takes no other with it: without the bench it would be faster still.
  const slower = benchOf('polling', { delay: 900, median: 30_000 })
  assert.equal(tied(mostly, slower).fastest, 'long-polling')
})
