/**
 * What the bench adds to a latency: simulated clients share an event loop and take turns in it, and a publisher is
 * late now and then. Two techniques whose latencies differ by less than that are tied.
 */
import { median } from '../statistics/order-statistics.ts'
import type { Series } from './reading.ts'
import type { Measurement } from './result.ts'

/**
 * At most how much of the median latency of one run may be what the bench added, in microseconds: what publisher lag
 * adds to the median, and the event-loop delay of the clients (p99, worst client process), which no median can exceed
 * by its clients taking turns. Null where nothing was received or a client process reported no delay.
 */
export function tieBandOf({ latencyMicros, serviceMicros, fleet }: Measurement): number | null {
  if (latencyMicros === null || serviceMicros === null || fleet.loopDelayP99Micros === null) return null
  // Latency is service time plus lag, event by event; the rounding of histograms may turn a lag of nothing negative.
  const lag = Math.max(0, latencyMicros.p50 - serviceMicros.p50)
  return lag + fleet.loopDelayP99Micros
}

/**
 * The longest delay of the bench that a tie band can excuse, in microseconds: beyond the median latency, most of what
 * was measured is the bench's, and such a run carries a warning. An event loop on time has a delay of 1 to 2 ms, the
 * resolution of its timers included, so that less than 5 ms is always excused.
 * @param median of the latency, in microseconds
 */
export const excusableDelay = (median: number): number => Math.max(5_000, median)

/** The series whose medians tell nothing apart, and how wide that is. */
export interface Tie {
  /** Those as fast as the fastest, itself included; in the order given. */
  readonly fastest: readonly Series[]
  /** The widest band among them, in microseconds; null where none is known. */
  readonly bandMicros: number | null
}

/** The median latency of a series across its runs, in microseconds; null where nothing was received. */
function latencyOf({ runs }: Series): number | null {
  const medians = runs.flatMap(({ latencyMicros }) => latencyMicros?.p50 ?? [])
  return medians.length === 0 ? null : median(medians)
}

/**
 * The tie band of one series: the median across its runs, in microseconds; null where no run has one. Two series differ
 * in median latency only where they differ by more than the wider of their bands.
 */
export function seriesBand({ runs }: Series): number | null {
  const bands = runs.flatMap(run => tieBandOf(run) ?? [])
  return bands.length === 0 ? null : median(bands)
}

/**
 * Which series are as fast as the fastest: those whose median latency is above its by no more than the wider of the two
 * bands. Those that did not pass are compared with nothing. A band beyond what can be excused has a warning of its own
 * instead, and counts only where there are no others. Give it the series of one baseline scenario.
 */
export function tieOf(series: readonly Series[]): Tie {
  const known = series.flatMap(each => {
    const latency = each.state === 'passed' ? latencyOf(each) : null
    return latency === null ? [] : [{ each, latency, band: seriesBand(each) }]
  })
  const isExcused = ({ band, latency }: (typeof known)[number]): boolean =>
    band !== null && band <= excusableDelay(latency)
  const someExcused = known.some(isExcused)
  const bandOf = (one: (typeof known)[number]): number | null =>
    someExcused && !isExcused(one) ? null : one.band
  const first = known.toSorted((a, b) => a.latency - b.latency)[0]
  if (first === undefined) return { fastest: [], bandMicros: null }
  const tied = known.filter(
    one => one.latency - first.latency <= Math.max(bandOf(one) ?? 0, bandOf(first) ?? 0),
  )
  const bands = tied.flatMap(one => bandOf(one) ?? [])
  return {
    fastest: tied.map(({ each }) => each),
    bandMicros: bands.length === 0 ? null : Math.max(...bands),
  }
}
