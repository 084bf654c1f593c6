/**
 * How long events have to be published before the measured window. A response brings what happened since the one
 * before it, and a hold or a heartbeat expires after a silence: both look back, so a window that opens too soon
 * after publishing began shows the start of the run and not the technique.
 */
import { streamsOf } from '../../model/audience.ts'
import { likelyLongest, negligible } from '../../model/closed-forms.ts'
import { longestTransit } from '../../model/link.ts'
import { formatDuration } from '../../model/quantity.ts'
import type { Idle } from '../../model/technique.ts'
import { type Micros, micros, milliseconds, toMilliseconds } from '../../model/units.ts'
import type { Lead, Workload } from '../../model/workload.ts'
import { type RunPlan, settingsOf, silenceMeansLoss } from './run-plan.ts'

/** What happens after a silence, be it by the technique or by the link. */
interface Silence {
  readonly what: Idle['what'] | 'idle cut'
  readonly after: Micros
  /** The share of silences that last this long. */
  readonly share: number
  /** How often one expires on one stream. */
  readonly perSecond: number
}

/** A share below this is not missed where a window is too short for it. */
const shareThatShows = 0.01
/** A share that rests on fewer expiries than this is off by a fifth or more. */
const expiriesForShare = 30

type TimedPlan = Pick<RunPlan, 'pair' | 'settings' | 'workload'>

/** The plan with the lead that it needs, if any. */
export function withLead(plan: RunPlan): RunPlan {
  const lead = leadOf(plan)
  return lead === null ? plan : { ...plan, workload: { ...plan.workload, lead } }
}

/** What has to be published ahead of the warm-up; null where the warm-up is long enough. */
export function leadOf(plan: TimedPlan): Lead | null {
  const { workload } = plan
  // Single events come at given moments: what is measured of them has no stationary state.
  if (workload.arrivals === 'pulses') return null
  const reach = reachOf(plan)
  const causes = [
    { after: reach, reason: `a response can carry events of the last ${formatDuration(reach)}` },
    ...silencesOf(plan).map(({ what, after }) => ({
      after: settledAfter(workload, micros(after + reach)),
      reason: `the ${what} of ${formatDuration(after)} expires at a steady rate only after that time`,
    })),
  ]
  const longest = causes.reduce((most, each) => (each.after > most.after ? each : most))
  const needed =
    longest.after === 0 ? 0 : longest.after + longestTransit(workload.link) + workload.backendPoll
  const length = micros(Math.ceil(needed - workload.warmup))
  return length > 0 ? { length, reason: longest.reason } : null
}

/**
 * The message of a warning: a hold, a heartbeat or an idle cut should show, but expires too rarely in the window.
 * @returns null where there is none
 */
export function shortWindow(plan: TimedPlan): string | null {
  const { audience, clients, pagesPerSession, duration } = plan.workload
  const streams = streamsOf(audience, 0, Math.ceil(clients / pagesPerSession)).length
  const rare = silencesOf(plan).flatMap(({ what, after, share, perSecond }) => {
    const times = (streams * perSecond * duration) / 1_000_000
    return share < shareThatShows || times >= expiriesForShare
      ? []
      : `the ${what} of ${formatDuration(after)} expires about ${Number(times.toPrecision(2))} times in a window of ${formatDuration(duration)} on ${streams} ${streams === 1 ? 'stream' : 'streams'}`
  })
  return rare.length === 0 ? null : rare.join('; ')
}

/** True where expiring holds or heartbeats affect the figures of a run. */
export const silencesShow = (plan: TimedPlan): boolean =>
  silencesOf(plan).some(({ what }) => what !== 'idle cut')

/** How far back an answer can reach, from its request to the one before; whole milliseconds. */
const reachOf = (plan: TimedPlan): Micros =>
  milliseconds(Math.ceil(toMilliseconds(plan.pair.client.lookBack?.(settingsOf(plan)) ?? micros(0))))

/** What happens after silences that are not too rare to show at the rate of the events. */
function silencesOf(plan: TimedPlan): Silence[] {
  const { pair, workload } = plan
  if (workload.arrivals === 'pulses') return []
  const settings = settingsOf(plan)
  // The settings of a foreign server may be unknown.
  const idle = silenceMeansLoss(plan) ? (pair.client.idle?.(settings) ?? null) : null
  const cut = workload.link?.idleCut ?? null
  const regular = [idle?.after ?? 0, reachOf(plan)].filter(each => each > 0)
  const silences = [
    // Pings come whether or not there are events.
    ...(idle === null || idle.what === 'ping' ? [] : [{ what: idle.what, after: idle.after }]),
    // A connection that carries something else before its time is never cut.
    ...(cut === null || regular.some(each => each <= cut) ? [] : [{ what: 'idle cut' as const, after: cut }]),
  ]
  return silences
    .map(silence => ({
      ...silence,
      share: lastingShare(workload, silence.after),
      perSecond: expiriesPerSecond(workload, silence.after),
    }))
    .filter(({ share }) => share > negligible)
}

const meanGap = ({ ratePerSecond }: Workload): Micros => micros(1_000_000 / ratePerSecond)

/** The share of the gaps between events that are longer. */
function lastingShare(workload: Workload, after: Micros): number {
  const gaps = after / meanGap(workload)
  return workload.arrivals === 'periodic' ? Number(gaps < 1) : Math.exp(-gaps)
}

/**
 * When a silence timer no longer depends on its start. An event, or its own expiry, restarts it. Clients start it at
 * random phases. Two lengths later, over one length, it expires within 1.3 % as often as in the steady state with
 * Poisson events of any rate; sooner where an event has certainly arrived meanwhile, as with periodic events.
 */
function settledAfter(workload: Workload, after: Micros): Micros {
  const gap = meanGap(workload)
  return workload.arrivals === 'periodic' ? gap : micros(Math.min(2 * after, likelyLongest(gap)))
}

/** How often a silence expires on one stream: lambda p / (1 - p), p = exp(-lambda H). */
function expiriesPerSecond(workload: Workload, after: Micros): number {
  const { arrivals, ratePerSecond } = workload
  if (arrivals === 'periodic') return ratePerSecond * Math.max(0, Math.ceil(meanGap(workload) / after) - 1)
  return ratePerSecond / Math.expm1(after / meanGap(workload))
}
