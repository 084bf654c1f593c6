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
 * The tie band of a set of series, in microseconds: where two of them differ in median latency by less, the
 * difference may be the bench's own. Each series counts with its median across runs, and the widest decides, so that
 * the one figure holds for every pair. Null where no series has one. Give it the series of one baseline scenario.
 */
export function tieBandMicros(series: readonly Series[]): number | null {
  const bands = series.flatMap(({ runs }) => {
    const known = runs.flatMap(run => tieBandOf(run) ?? [])
    return known.length === 0 ? [] : median(known)
  })
  return bands.length === 0 ? null : Math.max(...bands)
}
