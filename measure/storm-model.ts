/**
 * The model beside a measured storm: the same clients and the same backoff code on a virtual clock. Where the two
 * differ, the machine was in the way, or the model leaves something out; the report shows both.
 */
import type { PlannedFault } from './fault.ts'
import { mergeHistograms } from './histogram.ts'
import type { RunFacts } from './measurement.ts'
import { defaultAttemptTimeout } from './session.ts'
import type { Storm } from './storm-schema.ts'
import { calm, simulateStorm } from './storm-simulation.ts'
import { instant, type Micros, micros, seconds } from './units.ts'

/** What of a measured storm goes into the model; all from the start of the measured window, in microseconds. */
export interface MeasuredCourse {
  readonly faultAt: number
  readonly serverBackAt: number | null
  /** For each affected client, how long after the fault it noticed; ascending. */
  readonly noticed: readonly number[]
}

/** How many connections the ramp keeps under way; see `fleet.ts`. */
const underWay = 100
/** The simulated time ends so long after the fault. */
const horizon = instant(seconds(600))

/** What the model says; null for a fault that it does not cover, that nobody noticed, or that was not over. */
export function stormModel(
  { plan, shards }: RunFacts,
  { fault, values }: PlannedFault,
  { faultAt, serverBackAt, noticed }: MeasuredCourse,
): Storm['simulated'] {
  const model = fault.model?.(values)
  if (model === undefined || noticed.length === 0) return null
  // Of a server that is yet to come back nothing says when it would have.
  if (model.serverBackAt !== undefined && serverBackAt === null) return null
  const { workload } = plan
  const serviceTime = serviceTimeOf(shards, workload.clients)
  const { first, within: noticeWithin } = noticing(noticed)
  const { arrivalsAfterReturn, backSinceFault, attempts } = simulateStorm({
    ...calm,
    clients: noticed.length,
    backoff: workload.backoff,
    serverBackAt: instant(Math.max(0, (serverBackAt ?? faultAt) - faultAt - first)),
    acceptPerSecond: workload.acceptRate ?? null,
    serviceTime,
    noticeWithin,
    asked: model.asked ?? null,
    attemptTimeout: workload.attemptTimeout ?? defaultAttemptTimeout,
    roundTrip: micros(workload.link?.rtt ?? 0),
    horizon,
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
 * When clients noticed, as the model has it: uniformly over a span. Taken from the middle nine tenths, so that one
 * straggler does not stretch it for all.
 */
export function noticing(noticed: readonly number[]): { readonly first: number; readonly within: Micros } {
  const at = (share: number): number => noticed[Math.round(share * (noticed.length - 1))] ?? 0
  const within = (at(0.95) - at(0.05)) / 0.9
  return { first: Math.round(Math.max(0, at(0.05) - 0.05 * within)), within: micros(Math.round(within)) }
}

/** By Little's law on the ramp: so many connections were under way, and each took that long. */
function serviceTimeOf(shards: RunFacts['shards'], clients: number): Micros {
  const connect = mergeHistograms(shards.map(({ counts }) => counts.connect))
  return micros(Math.round((connect.mean ?? 0) / Math.min(underWay, clients)))
}
