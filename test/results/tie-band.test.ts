import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Series } from '../../results/reading.ts'
import type { Measurement } from '../../results/result.ts'
import { tieBandMicros, tieBandOf } from '../../results/tie-band.ts'
import { scenarios } from '../reports/arranged.ts'
import { measurementOf, resultOf, unmeasured } from '../reports/fixture.ts'

/** A measurement whose bench was so late: both in microseconds. */
function benchOf(
  technique: string,
  { delay, lag = 0, run = 1 }: Record<'delay', number> & Partial<Record<'lag' | 'run', number>>,
): Measurement {
  const measurement = measurementOf({ technique, run })
  const { latencyMicros, fleet } = measurement
  assert.ok(latencyMicros !== null)
  return {
    ...measurement,
    latencyMicros: { ...latencyMicros, p50: 2_000 + lag },
    serviceMicros: { ...latencyMicros, p50: 2_000 },
    fleet: { ...fleet, loopDelayP99Micros: delay },
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
  assert.equal(tieBandMicros(seriesOf([unmeasured('sse')])), null)
  assert.equal(tieBandMicros([]), null)
})

test('one band holds for every pair: the widest series decides, each by its median run', () => {
  const all = seriesOf([
    unmeasured('polling'),
    benchOf('sse', { delay: 900 }),
    ...[800, 1_400, 9_000].map((delay, run) => benchOf('websocket', { delay, run: run + 1 })),
  ])
  assert.equal(tieBandMicros(all), 1_400)
})

test('a series whose latency is mostly the bench has a warning and does not widen the band of the others', () => {
  const mostly = benchOf('long-polling', { delay: 60_000 })
  const all = [benchOf('sse', { delay: 900 }), benchOf('websocket', { delay: 4_500 }), mostly]
  assert.equal(tieBandMicros(seriesOf(all)), 4_500)
  assert.equal(tieBandMicros(seriesOf([mostly])), 60_000)
})

test('a series that did not pass is compared with nothing, and widens no band', () => {
  const failed = {
    ...benchOf('polling', { delay: 4_000 }),
    passed: false,
    failures: ['the clients were busy'],
  }
  assert.equal(tieBandMicros(seriesOf([benchOf('sse', { delay: 900 }), failed])), 900)
})
