/**
 * The bench's own part of a latency: simulated clients share an event loop and take turns in it, and a publisher is
 * late now and then. Two techniques whose latencies differ by less than that are tied.
 */
import { median } from '../statistics/order-statistics.ts'
import type { Series } from './reading.ts'
import type { Measurement } from './result.ts'

/**
 * At most how much of the median latency of one run is the bench's own, in microseconds: what publisher lag adds to
 * the median, and the event-loop delay of the clients (p99, worst client process), which no median can exceed by its
 * clients taking turns. Null where nothing was received or a client process reported no delay.
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

/**
 * The tie band of a set of series, in microseconds: where two of them differ in median latency by less, the
 * difference may be the bench's own. Each series counts with its median across runs, and the widest decides, so that
 * the one figure holds for every pair. Series beyond what a band can excuse have a warning of their own instead, and
 * count only where there are no others; those that did not pass are compared with nothing and count never. Null where
 * no series has a band. Give it the series of one baseline scenario.
 */
export function tieBandMicros(series: readonly Series[]): number | null {
  const known = series.flatMap(({ runs, state }) => {
    if (state !== 'passed') return []
    const bands = runs.flatMap(run => tieBandOf(run) ?? [])
    const medians = runs.flatMap(({ latencyMicros }) => latencyMicros?.p50 ?? [])
    return bands.length === 0 ? [] : { band: median(bands), latency: median(medians) }
  })
  const excused = known.filter(({ band, latency }) => band <= excusableDelay(latency))
  const counted = excused.length === 0 ? known : excused
  return counted.length === 0 ? null : Math.max(...counted.map(({ band }) => band))
}
