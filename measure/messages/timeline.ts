/**
 * What happened when: counts and latencies in bins of fixed width. Time only moves forward within a process,
 * so one bin is open at a time and a closed one is kept encoded; a long run costs little memory.
 */

import { elapsed, type Instant, type Micros, milliseconds } from '../../model/units.ts'
import { type EncodedHistogram, Histogram, mergeHistograms } from '../../results/histogram.ts'
import type { TimelinePoint } from '../../results/result.ts'

/** Width of a bin. */
export const binWidth: Micros = milliseconds(250)

/** One bin of a client process, as it travels. `index` counts from the start of the measured window. */
export interface FleetBin {
  readonly index: number
  readonly delivered: number
  /** Clients connected when the bin closed. */
  readonly connected: number
  readonly latency: EncodedHistogram
}

/** Running totals of a server. Instants count from the start of the measured window. */
export interface ServerTimeline {
  /** Requests at the edge of a bin; `index` is that of the bin that ends there. */
  readonly requests: readonly { readonly index: number; readonly requests: number }[]
  /** Application bytes, both ways, whenever they were read; in the order of time. */
  readonly bytes: readonly { readonly at: Micros; readonly bytes: number }[]
}

/** A reading of bytes that is late for the edge of a bin by no more than this is one at the edge. */
const edgeSlack = binWidth / 20

/** The bin that an instant falls into, counted from `zero`. */
export const binAt = (zero: Instant, at: Instant): number => Math.floor(elapsed(zero, at) / binWidth)

/** Collects the bins of one client process. */
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

/** The timeline of a run from the bins of all its client processes and servers. */
export function mergeTimelines(
  fleet: readonly (readonly FleetBin[])[],
  servers: readonly ServerTimeline[],
): TimelinePoint[] {
  const byIndex = Map.groupBy(fleet.flat(), bin => bin.index)
  const traffic = servers.map(trafficOf)
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
        requests: sumOfKnown(traffic.map(of => of.requests(index))),
        bytes: sumOfKnown(traffic.map(of => of.bytes(index))),
        latencyP50Micros: latency.percentile(50),
        latencyP99Micros: latency.percentile(99),
      }
    })
}

/** What passed through a server within the bin of an index; null where it was not read. */
function trafficOf({ requests, bytes }: ServerTimeline) {
  const totals = new Map(requests.map(({ index, requests: total }) => [index, total]))
  return {
    requests: (index: number) => difference(totals.get(index - 1) ?? null, totals.get(index) ?? null),
    bytes: (index: number) =>
      difference(bytesAt(bytes, index * binWidth), bytesAt(bytes, (index + 1) * binWidth)),
  }
}

/** The running total at an instant, on the straight line between the readings around it. */
function bytesAt(readings: ServerTimeline['bytes'], at: number): number | null {
  let [low, high] = [0, readings.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((readings[middle]?.at ?? at) < at) low = middle + 1
    else high = middle
  }
  const [from, to] = [readings[low - 1], readings[low]]
  if (to === undefined) return null
  if (from === undefined) return to.at - at <= edgeSlack ? to.bytes : null
  return from.bytes + ((to.bytes - from.bytes) * (at - from.at)) / (to.at - from.at)
}

const difference = (from: number | null, to: number | null): number | null =>
  from === null || to === null ? null : to - from

/** The sum of what is known; null where nothing is. */
const sumOfKnown = (values: readonly (number | null)[]): number | null =>
  values.reduce((sum, value) => (value === null ? sum : (sum ?? 0) + value), null)
