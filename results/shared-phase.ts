/**
 * What a run cannot show by itself: where periodic events meet a fixed interval, they meet it at the same phases
 * throughout. All samples of a run may then be one draw, and another run, with another phase, waits for another time.
 */
import { parseAudience, streamCount } from '../model/audience.ts'
import { upperQuantile } from '../statistics/normal.ts'
import type { Measurement } from './result.ts'

const second = 1_000_000

/** A wait that is uniform from 0 to `spanMicros` over so many independent phases. */
interface Phases {
  readonly spanMicros: number
  readonly count: number
}

/**
 * How far the median of a run may be off because its samples share phases, in microseconds, on either side; 0 where
 * they share none. @param confidence how often, e.g. 0.95
 */
export function phaseError(
  run: Pick<Measurement, 'clients' | 'events' | 'settings' | 'workload'>,
  confidence: number,
): number {
  if (run.workload.arrivals !== 'periodic') return 0
  const z = upperQuantile((1 - confidence) / 2)
  return z * Math.hypot(...[backendPhases(run), timerPhases(run)].map(medianError))
}

/**
 * The standard error of the median of so many uniform values, T / (2 √(k + 2)) for an odd number k, with k + 1: medians
 * of three runs of one phase each spread by more than normal values, for which runs are put together, would.
 */
const medianError = ({ spanMicros, count }: Phases): number => spanMicros / (2 * Math.sqrt(count + 1))

/** A backend that is polled: each stream meets its timer at a phase of its own, whoever receives it. */
function backendPhases({
  clients,
  events,
  workload,
}: Pick<Measurement, 'clients' | 'events' | 'workload'>): Phases {
  const { audience, backendPollMicros, ratePerSecond } = workload
  if (backendPollMicros === 0) return { spanMicros: 0, count: 1 }
  const parsed = parseAudience(audience)
  const streams = parsed === null ? 1 : streamCount(parsed, clients.asked)
  const each = phasesMet(second / ratePerSecond, backendPollMicros, events.published / streams)
  return { spanMicros: backendPollMicros, count: streams * each }
}

/** Clients on a timer: each meets the events at a phase of its own. */
function timerPhases({ clients, settings }: Pick<Measurement, 'clients' | 'settings'>): Phases {
  const interval = settings['intervalMicros']
  return { spanMicros: typeof interval === 'number' ? interval : 0, count: clients.asked }
}

/**
 * How many independent phases of an interval as many periodic events are worth: 1 where the interval divides the
 * period or nearly does, all of them where they spread evenly. It is 1 over the discrepancy of the phases, the most by
 * which the share of events in a part of the interval differs from its length; a median of phases is off by no more.
 * @param periodMicros time from one event to the next
 * @param count events
 */
export function phasesMet(periodMicros: number, intervalMicros: number, count: number): number {
  const total = Math.floor(count)
  if (total <= 1) return 1
  const phases = Array.from(
    { length: total },
    (_, index) => ((index * periodMicros) % intervalMicros) / intervalMicros,
  ).sort((a, b) => a - b)
  const excess = phases.map((phase, index) => (index + 1) / total - phase)
  const [most, least] = excess.reduce(
    ([high, low], each) => [Math.max(high, each), Math.min(low, each)],
    [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  )
  return 1 / Math.min(1, most - least + 1 / total)
}
