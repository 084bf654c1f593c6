/**
 * Theory against real sockets: what docs/method.md section 3 says of a setting is what a run of it measures, within
 * 4 standard errors.
 *
 * How many independent samples there are:
 * - Each client has a stream of its own, so clients are independent of each other.
 * - Polling: an interval is a draw of its own, because Poisson events of disjoint intervals are independent. The
 *   events of one interval are, given their number, independent Uniform(0, T). So events are independent, and
 *   so are responses.
 * - Long polling: a cycle is a draw of its own: pause, hold, answer. Whether a response is empty is decided by its
 *   cycle alone, so responses are independent. Waits come in cycles: the events of one pause are Uniform(0, r) given
 *   their number, but how many of all events wait varies by cycle. The mean wait is therefore a ratio of sums over
 *   cycles, sum(S) / sum(N), whose variance is var(S - mean N) / (cycles E[N]^2) (the delta method). All its
 *   moments are those of the cycle: K ~ Poisson(lambda r) events in the pause, and one more that ends a hold.
 */
import assert from 'node:assert/strict'
import type { RunPlan } from '../../measure/messages/run-plan.ts'
import { milliseconds, seconds } from '../../model/units.ts'
import type { Measurement } from '../../results/result.ts'
import type { Technique } from '../../servers/index.ts'
import { pairWith, type ServerFault } from '../faulty.ts'
import { live } from '../live.ts'
import { measured, planOf } from './plan.ts'

interface Errors {
  readonly wait: number
  readonly empty: number
}

/** Standard errors of the mean wait (microseconds) and the empty ratio. */
function standardErrors(lambda: number, gap: number, hold: number, cycles: number): Errors {
  const empty = Math.exp(-lambda * (gap + hold))
  const meanInGap = lambda * gap
  // A hold ends with an event when none came in the pause and one comes before the hold is over.
  const ended = Math.exp(-meanInGap) * -Math.expm1(-lambda * hold)
  const perCycle = meanInGap + ended
  const mean = (meanInGap * gap) / 2 / perCycle
  // S: the sum of K uniform waits, a compound Poisson sum; N = K + E, where E needs K = 0 (so K E = 0, S E = 0).
  const varS = (meanInGap * gap ** 2) / 3
  const varN = meanInGap + ended - ended ** 2 - 2 * meanInGap * ended
  const covSN = (meanInGap * gap) / 2 - ((meanInGap * gap) / 2) * ended
  const variance = varS - 2 * mean * covSN + mean ** 2 * varN
  return {
    wait: Math.sqrt(variance / cycles) / perCycle,
    empty: Math.sqrt((empty * (1 - empty)) / cycles),
  }
}

function compare({ predicted, responses, waitMicros, failures }: Measurement, ratePerSecond: number): void {
  assert.deepEqual(failures, [])
  assert.ok(predicted && waitMicros && responses.emptyRatio !== null)
  const { gapMicros, holdMicros, waitMeanMicros, emptyRatio } = predicted
  assert.ok(gapMicros !== null && holdMicros !== null && waitMeanMicros !== null && emptyRatio !== null)
  const errors = standardErrors(ratePerSecond / 1_000_000, gapMicros, holdMicros, responses.total)
  assert.ok(
    Math.abs(waitMicros.mean - waitMeanMicros) <= 4 * errors.wait,
    `mean wait ${waitMicros.mean}, predicted ${waitMeanMicros} with standard error ${errors.wait}`,
  )
  assert.ok(
    Math.abs(responses.emptyRatio - emptyRatio) <= 4 * errors.empty,
    `empty ratio ${responses.emptyRatio}, predicted ${emptyRatio} with standard error ${errors.empty}`,
  )
}

interface Cycle {
  readonly technique: Technique
  readonly settings: RunPlan['settings']
  readonly ratePerSecond: number
  readonly clients: number
}

const polling = (intervalMs: number, ratePerSecond: number, clients: number): Cycle => ({
  technique: 'polling',
  settings: { interval: milliseconds(intervalMs) },
  ratePerSecond,
  clients,
})
const longPolling = (pauseMs: number, holdMs: number, ratePerSecond: number, clients: number): Cycle => ({
  technique: 'long-polling',
  settings: { pause: milliseconds(pauseMs), hold: milliseconds(holdMs) },
  ratePerSecond,
  clients,
})

for (const { technique, settings, ratePerSecond, clients } of [
  polling(100, 8, 150),
  polling(200, 5, 240),
  polling(400, 2, 500),
  longPolling(20, 100, 8, 120),
  longPolling(50, 200, 6, 200),
  longPolling(100, 400, 4, 300),
]) {
  const times = Object.entries(settings).map(([name, value]) => `${name} ${Number(value) / 1_000} ms`)
  live<ServerFault>(`${technique} with ${times.join(' and ')} at ${ratePerSecond}/s waits as predicted`, {
    async property(fault) {
      // The warm-up covers a few cycles: events begin with it, so the first cycle is emptier than the form says.
      const workload = { clients, ratePerSecond, warmup: seconds(1.2), duration: seconds(2.5) }
      const plan = planOf(
        pairWith(technique, fault),
        { ...workload, audience: { kind: 'individual' } },
        settings,
      )
      compare(await measured(plan), ratePerSecond)
    },
    planted: { fault: { lateMs: 20 }, is: 'a server that is 20 ms late', shows: /mean wait/ },
  })
}
