/**
 * What the bench adds to a latency: simulated clients share an event loop and take turns in it, and a publisher is
 * late now and then. Two techniques whose median latencies differ by no more than that and chance are tied.
 */
import { median } from '../statistics/order-statistics.ts'
import { chanceBetween, type LatencyInterval, latencyInterval } from './latency-interval.ts'
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

/** The series that no median of this result ranks before or after the fastest. */
export interface Tie {
  /** Those as fast as the fastest, itself included; in the order given. */
  readonly fastest: readonly Series[]
  /** The widest difference among them that counts for none, in microseconds; null where nothing was received. */
  readonly bandMicros: number | null
}

/**
 * The tie band of one series: the median across its runs, in microseconds; null where no run has one.
 */
export function seriesBand({ runs }: Series): number | null {
  const bands = runs.flatMap(run => tieBandOf(run) ?? [])
  return bands.length === 0 ? null : median(bands)
}

/** A series with its median latency, and what may be wrong with that. */
interface Known {
  readonly each: Series
  readonly interval: LatencyInterval
  /** In microseconds. */
  readonly band: number
  /** Whether the band is one that a median excuses. */
  readonly isExcused: boolean
}

function known(each: Series): Known | null {
  const interval = latencyInterval(each)
  if (each.state !== 'passed' || interval === null) return null
  const band = seriesBand(each) ?? 0
  return { each, interval, band, isExcused: band <= excusableDelay(interval.median) }
}

/**
 * Up to this difference, in microseconds, two medians are tied: the wider of both bands, and chance on top. A band that
 * is not excused counts for the slower of the two only: the bench adds to a latency, so that the faster one is even
 * faster without it.
 */
function limitOf(one: Known, other: Known): number {
  const [fast, slow] = one.interval.median <= other.interval.median ? [one, other] : [other, one]
  const band = fast.isExcused ? Math.max(fast.band, slow.band) : slow.band
  return band + chanceBetween(fast.interval, slow.interval)
}

const isTied = (one: Known, other: Known): boolean =>
  Math.abs(one.interval.median - other.interval.median) <= limitOf(one, other)

/**
 * Whether the medians of two series are no different: by no more than the wider of their tie bands, and what chance
 * adds. A series without latencies, or one that did not pass, is tied with none.
 */
export function areTied(one: Series, other: Series): boolean {
  const [first, second] = [known(one), known(other)]
  return first !== null && second !== null && isTied(first, second)
}

/**
 * Which series are as fast as the fastest. Those that did not pass are compared with nothing. A band beyond what can be
 * excused has a warning of its own: such a series ties by itself, but widens the figure only where there are no others.
 * Give it the series of one baseline scenario.
 */
export function tieOf(series: readonly Series[]): Tie {
  const all = series.flatMap(each => known(each) ?? [])
  const first = all.toSorted((a, b) => a.interval.median - b.interval.median)[0]
  if (first === undefined) return { fastest: [], bandMicros: null }
  const tied = all.filter(each => isTied(each, first))
  const excused = tied.filter(({ isExcused }) => isExcused)
  const limits = (excused.length > 0 ? excused : tied).map(each => limitOf(first, each))
  return { fastest: tied.map(({ each }) => each), bandMicros: Math.max(...limits) }
}
