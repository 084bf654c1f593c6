import assert from 'node:assert/strict'
import { test } from 'node:test'
import { busyMachine, loadWarnings, othersLimit } from '../../../measure/derive/load-warnings.ts'
import type { RunFacts } from '../../../measure/derive/run-facts.ts'
import { warningMeanings } from '../../../measure/derive/warning-meanings.ts'
import { warningKinds } from '../../../measure/derive/warnings.ts'
import type { Measurement, WarningCode } from '../../../results/result.ts'
import { measurementOf } from '../../reports/fixture.ts'

const ruleOf = (code: WarningCode) => loadWarnings.find(kind => kind.code === code)?.rule

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
  assert.match(JSON.stringify(sightingOf({})), /service time does not; the server process was/)
  assert.match(JSON.stringify(sightingOf({ target: {} })), /the target took too long/)
})

for (const [utilization, otherCpuShare, advice] of [
  [0.0092, 0.31, /; other processes took the cores .*: stop them and measure again$/],
  [0.95, 0.31, /; other processes took the cores/],
  [0.0092, 0.02, /; the server process was not busy, but stopped or without a core/],
  [0.0092, null, /; the server process was not busy, but stopped or without a core/],
  [0.25, 0.02, /; the server process was busy with an earlier event, or waited for a core/],
  [0.95, 0.02, /; the server process was too busy: lower/],
  [null, 0.02, /; the load of the server is not known$/],
] as const) {
  test(`the cause of late events, at ${utilization} of the time busy and ${otherCpuShare} taken by others`, () => {
    const like = measurementOf({ technique: 'sse' })
    const sighting = ruleOf('publisher-lag')?.(
      {
        ...like,
        publisher: { lagP99Micros: 10_000_000 },
        server: { ...like.server, utilization },
        otherCpuShare,
      },
      { plan: { pair: {} } } as RunFacts,
    )
    assert.ok(sighting !== null && typeof sighting === 'object')
    assert.match(sighting.advice, advice)
    assert.equal(/was busy \d+ % of the time/.test(sighting.message), utilization !== null)
  })
}

test('a machine is busy from the stated share on, and the warning leads those of its rank', () => {
  const like = measurementOf({ technique: 'sse' })
  const seen = (otherCpuShare: number | null) =>
    busyMachine.rule?.({ ...like, otherCpuShare }, { plan: { pair: {} } } as RunFacts)
  assert.equal(seen(0.31), "other processes took 31 % of this machine's CPU time (limit 15 %)")
  for (const quiet of [0, 0.05, othersLimit, null]) assert.equal(seen(quiet), null)
  assert.match(
    warningMeanings['busy-machine'],
    new RegExp(`more than ${othersLimit * 100} % of the CPU time`),
  )
  assert.equal(warningKinds.find(({ rank }) => rank === 'bias')?.code, 'busy-machine')
})
