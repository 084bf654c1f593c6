/** What clients that stopped reading had not received when they read again: how much came then, and how late. */
import { elapsed, type Instant, type Micros } from '../../model/units.ts'
import { Histogram } from '../../results/histogram.ts'
import type { BacklogCounts } from '../messages/fleet-counts.ts'

/** Collects the backlog of one client process. `C` identifies a client. Costs nothing before a client stalls. */
export class Backlog<C> {
  readonly #stalled = new Set<C>()
  readonly #latency = new Histogram()
  #readAgainAt: Instant | undefined
  #clearedAt: Instant | undefined

  /** A client stopped reading. */
  stalled(client: C): void {
    this.#stalled.add(client)
  }

  /** All that had stopped read again. Later calls change nothing. */
  readAgain(at: Instant): void {
    this.#readAgainAt ??= at
  }

  /** @param latency from the instant at which the event was due */
  event(client: C, intendedAt: Instant, now: Instant, latency: Micros): void {
    if (this.#readAgainAt === undefined || intendedAt >= this.#readAgainAt || !this.#stalled.has(client))
      return
    this.#latency.record(latency)
    this.#clearedAt = now
  }

  counts(): BacklogCounts {
    const [from, to] = [this.#readAgainAt, this.#clearedAt]
    return {
      clients: this.#stalled.size,
      latency: this.#latency.encode(),
      cleared: from === undefined || to === undefined ? null : elapsed(from, to),
    }
  }
}
