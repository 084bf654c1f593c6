/**
 * What happened when: counts and latencies in bins of fixed width. Time only moves forward within a process,
 * so one bin is open at a time and a closed one is kept encoded; a long run costs little memory.
 */

import { elapsed, type Instant, type Micros, milliseconds } from '../../model/units.ts'
import { type EncodedHistogram, Histogram } from '../../results/histogram.ts'

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
