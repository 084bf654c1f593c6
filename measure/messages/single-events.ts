/**
 * Single events, counted one by one: where a load is a handful of events at given moments, the result is what happened
 * to each of them, not a quantile over all.
 */

import type { Clock } from '../../model/clock.ts'
import type { Instant, Micros } from '../../model/units.ts'
import { type EncodedHistogram, Histogram } from '../../results/histogram.ts'

/** What the clients of one client process saw of one event. */
export interface PulseCounts {
  readonly seq: number
  readonly delivered: number
  readonly latency: EncodedHistogram
}

/** What the server saw of one event. */
export interface PulseService {
  readonly seq: number
  /** Deliveries that met a request that was waiting for them. */
  readonly metArmed: number
  /** Deliveries that lay in the log until the client asked again. */
  readonly waited: number
  /** Re-arm gaps of the answers that were given from this event on and before the next. */
  readonly rearm: EncodedHistogram
}

/** Collects the clients' side. */
export class Pulses {
  readonly #latencies = new Map<number, Histogram>()

  received(seq: number, latency: Micros): void {
    const histogram = this.#latencies.get(seq) ?? new Histogram()
    this.#latencies.set(seq, histogram)
    histogram.record(latency)
  }

  counts(): PulseCounts[] {
    return [...this.#latencies].map(([seq, latency]) => ({
      seq,
      delivered: latency.count,
      latency: latency.encode(),
    }))
  }
}

/** Collects the server's side. */
export class PulseServices {
  readonly #services = new Map<number, { metArmed: number; waited: number; readonly rearm: Histogram }>()
  readonly #publishedAt = new Map<number, Instant>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  published(seq: number): void {
    if (!this.#publishedAt.has(seq)) this.#publishedAt.set(seq, this.#clock())
  }

  handedOver(seq: number, wait: Micros, receivers: number): void {
    this.#of(seq)[wait === 0 ? 'metArmed' : 'waited'] += receivers
  }

  /** A request came, `gap` after the answer before it: it belongs to the newest event that this answer can carry. */
  rearmed(gap: Micros): void {
    const answeredAt = this.#clock() - gap
    let carried = 0
    for (const [seq, at] of this.#publishedAt) if (at <= answeredAt) carried = Math.max(carried, seq)
    if (carried > 0) this.#of(carried).rearm.record(gap)
  }

  services(): PulseService[] {
    return [...this.#services].map(([seq, { metArmed, waited, rearm }]) => ({
      seq,
      metArmed,
      waited,
      rearm: rearm.encode(),
    }))
  }

  #of(seq: number) {
    const service = this.#services.get(seq) ?? { metArmed: 0, waited: 0, rearm: new Histogram() }
    this.#services.set(seq, service)
    return service
  }
}
