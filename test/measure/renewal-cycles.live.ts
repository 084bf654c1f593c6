/**
 * Theory against real sockets, for the cycles that `closed-forms.live.ts` leaves out: think time, scripts and
 * pages, user actions, streams with a lifetime, heartbeats. Within 4 standard errors.
 *
 * How many independent samples there are: each client has a stream of its own, so clients are independent. In
 * every form but that of held requests a cycle's length does not depend on the events (a think time and a round
 * trip, a timer, a user's mood, a lifetime), so given the cycles the events are independent of each other, but not
 * of those that share their cycle. The mean wait is a ratio of sums over cycles, sum(S) / sum(N), with S the waits
 * and N the events of one cycle C: N ~ Poisson(lambda C), S a sum of N times Uniform(0, C), mean m, so
 *
 *     E[(S - m N)^2] = lambda E[C^3] / 3 - m lambda E[C^2] + m^2 lambda E[C] + lambda^2 E[(C^2 / 2 - m C)^2]
 *
 * and the variance of the mean is that over cycles E[N]^2 (the delta method).
 */
import assert from 'node:assert/strict'
import type { RunPlan } from '../../measure/messages/run-plan.ts'
import { plainLink } from '../../model/link.ts'
import { milliseconds, seconds } from '../../model/units.ts'
import type { Workload } from '../../model/workload.ts'
import type { Measurement } from '../../results/result.ts'
import type { Technique } from '../../servers/index.ts'
import { pairWith, type ServerFault } from '../faulty.ts'
import { live } from '../live.ts'
import { measured, planOf } from './plan.ts'

/** Measures with a stream for each client, in servers with a fault if there is one. */
const measure = (
  technique: Technique,
  workload: Partial<Workload>,
  settings: RunPlan['settings'],
  fault: ServerFault | undefined,
): Promise<Measurement> =>
  measured(
    planOf(
      pairWith(technique, fault),
      { warmup: seconds(0.8), duration: seconds(2), audience: { kind: 'individual' }, ...workload },
      settings,
    ),
  )

/** Moments E[C], E[C^2], E[C^3] and E[C^4] of a cycle, in microseconds and their powers. */
type Moments = readonly [number, number, number, number]

const constant = (cycle: number): Moments => [cycle, cycle ** 2, cycle ** 3, cycle ** 4]

/** The moments of min(Exponential(mean), cut), by summing over a fine grid. */
function actions(mean: number, cut: number | null): Moments {
  const end = cut ?? 40 * mean
  const steps = 40_000
  const moment = (power: number): number => {
    // E[C^k] = integral of k c^(k-1) P(C > c).
    let sum = 0
    for (let step = 0; step < steps; step++) {
      const at = ((step + 0.5) * end) / steps
      sum += power * at ** (power - 1) * Math.exp(-at / mean)
    }
    return (sum * end) / steps
  }
  return [moment(1), moment(2), moment(3), moment(4)]
}

/** Standard error of the mean wait. */
function waitError(lambda: number, [m1, m2, m3, m4]: Moments, cycles: number): number {
  const mean = m2 / (2 * m1)
  const variance =
    (lambda * m3) / 3 -
    mean * lambda * m2 +
    mean ** 2 * lambda * m1 +
    lambda ** 2 * (m4 / 4 - mean * m3 + mean ** 2 * m2)
  return Math.sqrt(variance / cycles) / (lambda * m1)
}

function near(what: string, measured: number, predicted: number, error: number): void {
  assert.ok(
    Math.abs(measured - predicted) <= 4 * error,
    `${what} ${measured}, predicted ${predicted} with standard error ${error}`,
  )
}

const cycles: readonly {
  name: string
  technique: Technique
  settings: RunPlan['settings']
  ratePerSecond: number
  clients: number
  /** The moments of the cycle; a constant re-arm gap unless given. */
  moments?: Moments
}[] = [
  {
    name: 'busy polling with think time',
    technique: 'busy-polling',
    settings: { pause: milliseconds(80) },
    ratePerSecond: 8,
    clients: 100,
  },
  {
    name: 'JSONP polling',
    technique: 'jsonp-polling',
    settings: { interval: milliseconds(100) },
    ratePerSecond: 8,
    clients: 100,
  },
  {
    name: 'refreshing a small page',
    technique: 'page-refresh',
    settings: { interval: milliseconds(120), page: 1_024, assets: 0 },
    ratePerSecond: 6,
    clients: 100,
  },
  {
    name: 'riding on actions',
    technique: 'piggyback',
    settings: { action: milliseconds(120) },
    ratePerSecond: 6,
    clients: 100,
    moments: actions(120_000, null),
  },
  {
    name: 'riding on actions with a fall-back poll',
    technique: 'piggyback',
    settings: { action: milliseconds(200), fallback: milliseconds(150) },
    ratePerSecond: 6,
    clients: 100,
    moments: actions(200_000, 150_000),
  },
]

const late = { fault: { lateMs: 60 }, is: 'a server that is 60 ms late', shows: /mean wait/ }

for (const { name, technique, settings, ratePerSecond, clients, moments } of cycles) {
  live<ServerFault>(`${name} waits and comes back empty as predicted`, {
    async property(fault) {
      const measurement = await measure(technique, { clients, ratePerSecond }, settings, fault)
      const { predicted, responses, waitMicros, failures } = measurement
      assert.deepEqual(failures, [])
      assert.ok(predicted && waitMicros && responses.emptyRatio !== null)
      const { gapMicros, waitMeanMicros, emptyRatio } = predicted
      assert.ok(gapMicros !== null && waitMeanMicros !== null && emptyRatio !== null)
      const error = waitError(ratePerSecond / 1e6, moments ?? constant(gapMicros), responses.total)
      near('mean wait', waitMicros.mean, waitMeanMicros, error)
      const emptyError = Math.sqrt((emptyRatio * (1 - emptyRatio)) / responses.total)
      near('empty ratio', responses.emptyRatio, emptyRatio, emptyError)
    },
    planted: late,
  })
}

live<ServerFault>(
  'fetch-streaming with a lifetime of 150 ms makes events wait for the next stream as predicted',
  {
    async property(fault) {
      // Over loopback a stream is back within a millisecond; a link makes the gap visible.
      const measurement = await measure(
        'fetch-streaming',
        { clients: 80, ratePerSecond: 10, link: { ...plainLink, rtt: milliseconds(50) } },
        { lifetime: milliseconds(150) },
        fault,
      )
      const { predicted, waitMicros, rearmMicros, failures } = measurement
      assert.deepEqual(failures, [])
      assert.ok(predicted?.waitMeanMicros && predicted.gapMicros && predicted.holdMicros && waitMicros)
      assert.ok(rearmMicros && rearmMicros.p50 >= 50_000)
      const { gapMicros: gap, holdMicros: lifetime } = predicted
      // A cycle is gap and lifetime, the same for all: an event waits Uniform(0, gap) or not at all.
      const share = gap / (gap + lifetime)
      const variance = (share * gap ** 2) / 3 - ((share * gap) / 2) ** 2
      near('mean wait', waitMicros.mean, predicted.waitMeanMicros, Math.sqrt(variance / waitMicros.count))
    },
    planted: late,
  },
)

live<ServerFault>('sse sends heartbeats in the predicted share of its writes', {
  async property(fault) {
    const measurement = await measure(
      'sse',
      { clients: 80, ratePerSecond: 6 },
      { heartbeat: milliseconds(120) },
      fault,
    )
    const { predicted, heartbeats, failures, events } = measurement
    assert.ok(predicted?.heartbeatRatio && heartbeats?.ratio)
    // Arrivals have no memory: each write is a heartbeat or an event, whatever was before it.
    const writes = heartbeats.sent + events.expected
    const share = predicted.heartbeatRatio
    near('share of heartbeats', heartbeats.ratio, share, Math.sqrt((share * (1 - share)) / writes))
    assert.deepEqual(failures, [])
  },
  planted: {
    fault: { loses: 2 },
    is: 'a server that loses every second event',
    shows: /share of heartbeats/,
  },
})
