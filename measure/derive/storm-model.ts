/**
 * The model next to a measured storm: the same clients and the same backoff code on a virtual clock. Where the two
 * differ, the machine was the limit, or the model leaves something out; the report shows both.
 */

import type { PlannedFault } from '../../model/fault.ts'
import { type Instant, instant, type Micros, micros, seconds } from '../../model/units.ts'
import { defaultAttemptTimeout } from '../../model/workload.ts'
import { mergeHistograms } from '../../results/histogram.ts'
import type { Storm } from '../../results/result.ts'
import { baseline, simulateStorm } from '../../simulation/storm-simulation.ts'
import { type ServerModel, ServerQueue } from '../../simulation/storm-simulation-server.ts'
import type { RunFacts } from './run-facts.ts'

/** The inputs of the model from a measured storm; all from the start of the measured window, in microseconds. */
export interface MeasuredCourse {
  readonly faultAt: number
  readonly serverBackAt: number | null
  /** For each affected client, how long after the fault it noticed; ascending. */
  readonly noticed: readonly number[]
}

/** How many connections each client process keeps under way in the ramp; see `fleet.ts`. */
const underWay = 100
/** The simulated time ends this long after the fault. */
const horizon = instant(seconds(600))

/**
 * What the model predicts; null for a fault or a link that it does not cover, or a fault that no client noticed or
 * that was not over.
 */
export function stormModel(
  { plan, clientReports }: RunFacts,
  { fault, values }: PlannedFault,
  { faultAt, serverBackAt, noticed }: MeasuredCourse,
): Storm['simulated'] {
  const model = fault.model?.(values)
  if (model === undefined || noticed.length === 0) return null
  // A server that has not returned yet has no known instant of return.
  if (model.serverBackAt !== undefined && serverBackAt === null) return null
  const { workload } = plan
  const { link } = workload
  // The model includes the delay of a link, not its bandwidth or buffer.
  if (link !== null && (link.bandwidth !== null || link.buffer !== null)) return null
  const network = {
    acceptPerSecond: workload.acceptRate ?? null,
    // A segment takes up to the jitter longer each way, half of it on average; connecting has one each way.
    roundTrip: micros(link === null ? 0 : link.rtt + link.jitter / 2),
    horizon,
  }
  const serviceTime = serviceTimeOf({ ...baseline, ...network }, workload.clients, clientReports)
  const { first, within: noticeWithin } = noticing(noticed)
  const { arrivalsAfterReturn, backSinceFault, attempts } = simulateStorm({
    ...baseline,
    ...network,
    clients: noticed.length,
    backoff: workload.backoff,
    serverBackAt: instant(Math.max(0, (serverBackAt ?? faultAt) - faultAt - first)),
    serviceTime,
    noticeWithin,
    asked: model.asked ?? null,
    attemptTimeout: workload.attemptTimeout ?? defaultAttemptTimeout,
    seed: workload.seed,
  })
  const since = (time: Micros | null): number | null => (time === null ? null : time + first)
  const { t50, t90, t99, t100 } = backSinceFault
  return {
    peakArrivalsPer100ms: arrivalsAfterReturn.peak,
    backMicros: { p50: since(t50), p90: since(t90), p99: since(t99), max: since(t100) },
    attempts,
    serviceMicros: serviceTime,
    noticedWithinMicros: noticeWithin,
  }
}

/**
 * When clients noticed, in the model: uniformly over a span. Taken from the middle nine tenths, so that one
 * straggler does not stretch it.
 */
export function noticing(noticed: readonly number[]): { readonly first: number; readonly within: Micros } {
  const at = (share: number): number => noticed[Math.round(share * (noticed.length - 1))] ?? 0
  const within = (at(0.95) - at(0.05)) / 0.9
  return { first: Math.round(Math.max(0, at(0.05) - 0.05 * within)), within: micros(Math.round(within)) }
}

/**
 * The service time with which the ramp of the model takes as long on average for a connection as the ramp before the
 * fault did. Round trips and turns at the accept rate are in both, so they are not taken for service.
 */
function serviceTimeOf(
  model: ServerModel,
  clients: number,
  clientReports: RunFacts['clientReports'],
): Micros {
  const measured = mergeHistograms(clientReports.map(({ counts }) => counts.connect)).mean ?? 0
  const lanes = underWay * clientReports.length
  let [least, most] = [0, measured]
  while (most - least > 1) {
    const middle = (least + most) / 2
    if (rampMean({ ...model, serviceTime: micros(middle) }, clients, lanes) < measured) least = middle
    else most = middle
  }
  return micros(Math.round(least))
}

/** Mean time of a connection in a ramp that keeps a fixed number under way, in microseconds. */
function rampMean(model: ServerModel, clients: number, lanes: number): number {
  const server = new ServerQueue(model)
  const answered: Instant[] = []
  let sum = 0
  for (let client = 0; client < clients; client++) {
    // The server answers in order, so the connection that ended is the one begun that many before.
    const begun = answered[client - lanes] ?? instant(0)
    const end = server.take(begun) ?? begun
    answered.push(end)
    sum += end - begun
  }
  return sum / clients
}
