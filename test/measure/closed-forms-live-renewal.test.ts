/**
 * Theory against real sockets, for the cycles that `closed-forms-live.test.ts` leaves out: think time, scripts and
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
import { test } from 'node:test'
import type { RunPlan } from '../../measure/messages/run-plan.ts'
import { measureOnce } from '../../measure/run/run.ts'
import { plainLink } from '../../model/link.ts'
import { milliseconds, seconds } from '../../model/units.ts'
import type { Workload } from '../../model/workload.ts'
import type { Measurement } from '../../results/result.ts'
import type { Technique } from '../../servers/index.ts'
import { builtIn, planOf } from './plan.ts'

/** How far a gap may stray: what timers and, through a link, another process on the way make of it. */
const slackMicros = 3_000

/**
 * Measures under conditions that the form presumes, as `closed-forms-live.test.ts` explains: of a few attempts the
 * first whose gaps hardly vary, or the one whose gaps vary least. What is compared has no say in it.
 */
async function measureQuietly(
  technique: Technique,
  workload: Partial<Workload>,
  settings: RunPlan['settings'],
): Promise<Measurement> {
  const attempts: { measurement: Measurement; stray: number }[] = []
  for (let attempt = 1; attempt <= 4; attempt++) {
    const plan = planOf(
      builtIn(technique),
      {
        warmup: seconds(0.8),
        duration: seconds(2),
        audience: { kind: 'individual' },
        seed: attempt,
        ...workload,
      },
      settings,
    )
    const measurement = await measureOnce(plan)
    assert.ok(measurement)
    const { rearmMicros } = measurement
    // A user's gaps are meant to vary.
    const stray =
      technique === 'piggyback' || rearmMicros === null
        ? 0
        : rearmMicros.p99 - 1.2 * rearmMicros.p50 - slackMicros
    attempts.push({ measurement, stray })
    if (stray <= 0) break
  }
  return attempts.reduce((best, each) => (each.stray < best.stray ? each : best)).measurement
}

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

for (const { name, technique, settings, ratePerSecond, clients, moments } of cycles) {
  test(`${name} waits and comes back empty as predicted`, async () => {
    const measurement = await measureQuietly(technique, { clients, ratePerSecond }, settings)
    const { predicted, responses, waitMicros, failures } = measurement
    assert.deepEqual(failures, [])
    assert.ok(predicted && waitMicros && responses.emptyRatio !== null)
    const { gapMicros, waitMeanMicros, emptyRatio } = predicted
    assert.ok(gapMicros !== null && waitMeanMicros !== null && emptyRatio !== null)
    const error = waitError(ratePerSecond / 1e6, moments ?? constant(gapMicros), responses.total)
    near('mean wait', waitMicros.mean, waitMeanMicros, error)
    const emptyError = Math.sqrt((emptyRatio * (1 - emptyRatio)) / responses.total)
    near('empty ratio', responses.emptyRatio, emptyRatio, emptyError)
  })
}

test('long polling by script waits and comes back empty as predicted', async () => {
  const [pause, hold, ratePerSecond] = [milliseconds(30), milliseconds(150), 6]
  const measurement = await measureQuietly(
    'script-long-polling',
    { clients: 100, ratePerSecond },
    { pause, hold },
  )
  const { predicted, responses, waitMicros, failures } = measurement
  assert.deepEqual(failures, [])
  assert.ok(predicted?.gapMicros && predicted.waitMeanMicros && predicted.emptyRatio)
  assert.ok(waitMicros && responses.emptyRatio !== null)
  const [lambda, gap, cyclesSeen] = [ratePerSecond / 1e6, predicted.gapMicros, responses.total]
  const inGap = lambda * gap
  const ended = Math.exp(-inGap) * -Math.expm1(-lambda * hold)
  // As for long-polling in closed-forms-live.test.ts: K events in the pause, and one that ends the hold if K = 0.
  const [meanS, meanN] = [(inGap * gap) / 2, inGap + ended]
  const mean = meanS / meanN
  const varN = inGap + ended - ended ** 2 - 2 * inGap * ended
  const variance = (inGap * gap ** 2) / 3 - 2 * mean * (meanS - meanS * ended) + mean ** 2 * varN
  near('mean wait', waitMicros.mean, predicted.waitMeanMicros, Math.sqrt(variance / cyclesSeen) / meanN)
  const { emptyRatio } = predicted
  near(
    'empty ratio',
    responses.emptyRatio,
    emptyRatio,
    Math.sqrt((emptyRatio * (1 - emptyRatio)) / cyclesSeen),
  )
})

for (const technique of ['fetch-streaming'] satisfies Technique[]) {
  test(`${technique} with a lifetime of 150 ms makes events wait for the next stream as predicted`, async () => {
    // Over loopback a stream is back within a millisecond; a link makes the gap visible.
    const measurement = await measureQuietly(
      technique,
      { clients: 80, ratePerSecond: 10, link: { ...plainLink, rtt: milliseconds(50) } },
      { lifetime: milliseconds(150) },
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
  })
}

for (const technique of ['sse'] satisfies Technique[]) {
  test(`${technique} gives signs of life in the predicted share of its writes`, async () => {
    const ratePerSecond = 6
    const measurement = await measureQuietly(
      technique,
      { clients: 80, ratePerSecond },
      { heartbeat: milliseconds(120) },
    )
    const { predicted, heartbeats, failures, events } = measurement
    assert.deepEqual(failures, [])
    assert.ok(predicted?.heartbeatRatio && heartbeats?.ratio)
    // Arrivals have no memory: each write is a heartbeat or an event, whatever was before it.
    const writes = heartbeats.sent + events.expected
    const share = predicted.heartbeatRatio
    near('share of signs of life', heartbeats.ratio, share, Math.sqrt((share * (1 - share)) / writes))
  })
}
