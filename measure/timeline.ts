/**
 * What happened when: counts and latencies in bins of fixed width. Time only moves forward within a process,
 * so one bin is open at a time and a closed one is kept encoded; a long run costs little memory.
 */
import { type EncodedHistogram, Histogram, mergeHistograms } from './histogram.ts'
import type { TimelinePoint } from './result.ts'
import { elapsed, type Instant, type Micros, milliseconds } from './units.ts'

/** Width of a bin. */
export const binWidth: Micros = milliseconds(250)

/** One bin of a shard, as it travels. `index` counts from the start of the measured window. */
export interface FleetBin {
  readonly index: number
  readonly delivered: number
  /** Clients connected when the bin closed. */
  readonly connected: number
  readonly latency: EncodedHistogram
}

/** Totals that a server read at the edge of a bin. */
export interface ServerBin {
  /** The bin that ends here. */
  readonly index: number
  readonly requests: number
  readonly bytes: number
}

/** The bin that an instant falls into, counted from `zero`. */
export const binAt = (zero: Instant, at: Instant): number => Math.floor(elapsed(zero, at) / binWidth)

/** Collects the bins of one shard. */
export class Timeline {
  readonly bins: FleetBin[] = []
  readonly #zero: Instant
  readonly #connected: () => number
  #index = Number.NEGATIVE_INFINITY
  #delivered = 0
  #latency = new Histogram(2)

  /**
   * @param zero the start of the measured window
   * @param connected how many clients are connected now
   */
  constructor(zero: Instant, connected: () => number) {
    this.#zero = zero
    this.#connected = connected
  }

  /** Notes a delivery. */
  delivered(at: Instant, latency: Micros): void {
    this.advance(at)
    this.#delivered++
    this.#latency.record(latency)
  }

  /** Closes every bin that ended before `at`, empty ones included. */
  advance(at: Instant): void {
    const index = binAt(this.#zero, at)
    if (index <= this.#index) return
    if (this.#index !== Number.NEGATIVE_INFINITY) {
      this.#close()
      for (let empty = this.#index + 1; empty < index; empty++) {
        this.#index = empty
        this.#close()
      }
    }
    this.#index = index
  }

  /** Closes the bin that is open, however much of it has passed. */
  finish(): void {
    if (this.#index === Number.NEGATIVE_INFINITY) return
    this.#close()
    this.#index = Number.NEGATIVE_INFINITY
  }

  #close(): void {
    this.bins.push({
      index: this.#index,
      delivered: this.#delivered,
      connected: this.#connected(),
      latency: this.#latency.encode(),
    })
    this.#delivered = 0
    if (this.#latency.count > 0) this.#latency = new Histogram(2)
  }
}

/** The timeline of a run from the bins of all its shards and servers. */
export function mergeTimelines(
  fleet: readonly (readonly FleetBin[])[],
  servers: readonly (readonly ServerBin[])[],
): TimelinePoint[] {
  const byIndex = Map.groupBy(fleet.flat(), bin => bin.index)
  const traffic = trafficByBin(servers)
  return [...byIndex.keys()]
    .sort((a, b) => a - b)
    .map(index => {
      const bins = byIndex.get(index) ?? []
      const latency = mergeHistograms(
        bins.map(bin => bin.latency),
        2,
      )
      return {
        atMicros: index * binWidth,
        widthMicros: binWidth,
        connected: bins.reduce((sum, bin) => sum + bin.connected, 0),
        delivered: bins.reduce((sum, bin) => sum + bin.delivered, 0),
        requests: traffic.get(index)?.requests ?? null,
        bytes: traffic.get(index)?.bytes ?? null,
        latencyP50Micros: latency.percentile(50),
        latencyP99Micros: latency.percentile(99),
      }
    })
}

/** Running totals become what passed within each bin, summed over the servers. */
function trafficByBin(
  servers: readonly (readonly ServerBin[])[],
): Map<number, { requests: number; bytes: number }> {
  const traffic = new Map<number, { requests: number; bytes: number }>()
  for (const bins of servers) {
    for (let edge = 1; edge < bins.length; edge++) {
      const [from, to] = [bins[edge - 1], bins[edge]]
      if (from === undefined || to === undefined || to.index !== from.index + 1) continue
      const sum = traffic.get(to.index) ?? { requests: 0, bytes: 0 }
      traffic.set(to.index, {
        requests: sum.requests + to.requests - from.requests,
        bytes: sum.bytes + to.bytes - from.bytes,
      })
    }
  }
  return traffic
}
