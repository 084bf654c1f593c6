import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadWarnings } from '../../../measure/derive/load-warnings.ts'
import type { RunFacts } from '../../../measure/derive/run-facts.ts'
import type { Measurement, WarningCode } from '../../../results/result.ts'
import { measurementOf } from '../../reports/fixture.ts'

/** A run with these figures in milliseconds, as far as two rules read them. */
function codesOf(p50: number, { delay = 0, lag = 0 }: { delay?: number; lag?: number }): WarningCode[] {
  const like = measurementOf({ technique: 'sse' })
  assert.ok(like.latencyMicros)
  const measurement: Measurement = {
    ...like,
    latencyMicros: { ...like.latencyMicros, p50: p50 * 1_000 },
    fleet: { ...like.fleet, loopDelayP99Micros: delay * 1_000 },
    publisher: { lagP99Micros: lag * 1_000 },
  }
  return loadWarnings.flatMap(({ code, rule }) =>
    (code === 'generator-delay' || code === 'publisher-lag') &&
    rule?.(measurement, { plan: { pair: {} } } as RunFacts) != null
      ? code
      : [],
  )
}

test('delays that the tie band covers raise no warning', () => {
  assert.deepEqual(codesOf(1, { delay: 1.2, lag: 1.1 }), [])
  assert.deepEqual(codesOf(0.4, { delay: 4.9, lag: 4.9 }), [])
  assert.deepEqual(codesOf(500, { delay: 60, lag: 120 }), [])
})

test('delays of the bench that are most of the latency do', () => {
  assert.deepEqual(codesOf(18, { delay: 31 }), ['generator-delay'])
  assert.deepEqual(codesOf(1, { lag: 12 }), ['publisher-lag'])
  assert.deepEqual(codesOf(5.1, { delay: 5.2, lag: 5.2 }), ['generator-delay', 'publisher-lag'])
})

test('late events are blamed on what published them', () => {
  const kind = loadWarnings.find(({ code }) => code === 'publisher-lag')
  const like = measurementOf({ technique: 'sse' })
  const measurement: Measurement = { ...like, publisher: { lagP99Micros: 10_000_000 } }
  const sightingOf = (foreign: object) =>
    kind?.rule?.(measurement, { plan: { pair: { foreign } } } as unknown as RunFacts)
  assert.equal(typeof sightingOf({}), 'string')
  assert.match(kind?.advice ?? '', /server process was too busy$/)
  assert.match(JSON.stringify(sightingOf({ target: {} })), /the target took too long/)
})
