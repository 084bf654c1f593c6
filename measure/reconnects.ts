/**
 * The clients' side of a storm: who lost its connection and when it was back, every attempt at the instant at
 * which the client started it, and what the clients missed meanwhile. Costs nothing until a connection is lost.
 */
import type { Clock } from './clock.ts'
import { type EncodedHistogram, Histogram } from './histogram.ts'
import { connectedGrain, stormGrain } from './storm-figures.ts'
import type { LossCause } from './technique.ts'
import { elapsed, type Instant, type Micros } from './units.ts'

/** So many in a grain of time; grains count from the start of the measured window. */
export type GrainCount = readonly [grain: number, count: number]

/** When a client noticed that its connection was lost, and when it was connected again; null for never. */
export type Absence = readonly [lostAt: number, backAt: number | null]

/** What a shard counted of a storm; plain JSON, instants in microseconds from the start of the measured window. */
export interface ReconnectCounts {
  /** Attempts in grains of {@link stormGrain}. */
  readonly arrivals: readonly GrainCount[]
  /** Clients connected at the end of each grain of {@link connectedGrain} in which that changed. */
  readonly connected: readonly GrainCount[]
  readonly attempts: Readonly<Record<'total' | 'refused' | 'reset' | 'timeout' | 'other', number>>
  /** Attempts that failed, of clients that had lost their connection. */
  readonly wasted: number
  /** For each client that lost its connection, every time that it did: when it noticed and was back; null: never. */
  readonly outages: readonly (readonly Absence[])[]
  /** Events that came though they had been due before their client was back. */
  readonly caughtUp: number
  /** The first event of each client that was back, from the instant at which it was due. */
  readonly firstEvent: EncodedHistogram
}

interface Outage {
  /** Absences before this one. */
  readonly earlier: Absence[]
  readonly lostAt: Instant
  backAt: Instant | null
  /** The event that comes next is the first since the connection was lost. */
  expectant: boolean
}

/** Collects the storm of one shard. `C` tells clients apart. */
export class Reconnects<C> {
  readonly #clock: Clock
  readonly #outages = new Map<C, Outage>()
  readonly #arrivals = new Map<number, number>()
  readonly #connected = new Map<number, number>()
  readonly #attempts = { total: 0, refused: 0, reset: 0, timeout: 0, other: 0 }
  readonly #firstEvent = new Histogram()
  #zero: Instant | undefined
  #wasted = 0
  #caughtUp = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Fixes the start of the measured window; what happened before is not counted. */
  open(zero: Instant): void {
    this.#zero = zero
  }

  attempt(): void {
    const grain = this.#grain(stormGrain)
    if (grain === null) return
    this.#attempts.total++
    this.#arrivals.set(grain, (this.#arrivals.get(grain) ?? 0) + 1)
  }

  /** @param connected clients connected now */
  up(client: C, connected: number): void {
    this.#note(connected)
    const outage = this.#outages.get(client)
    if (outage === undefined) return
    outage.backAt = this.#clock()
  }

  /** A connection was lost (`wasUp`), or an attempt failed. */
  down(client: C, wasUp: boolean, cause: LossCause, connected: number): void {
    if (this.#grain(stormGrain) === null) return
    this.#note(connected)
    const outage = this.#outages.get(client)
    if (outage === undefined || outage.backAt !== null) this.#lose(client, outage)
    if (wasUp) return
    this.#wasted++
    this.#attempts[cause === 'refused' || cause === 'reset' || cause === 'timeout' ? cause : 'other']++
  }

  /** @param latency from the instant at which the event was due */
  event(client: C, intendedAt: Instant, latency: Micros): void {
    if (this.#outages.size === 0) return
    const outage = this.#outages.get(client)
    if (outage === undefined) return
    // The very answer that brings a client back may carry what it missed: then it is not counted as back yet.
    if (outage.backAt === null || intendedAt < outage.backAt) this.#caughtUp++
    if (!outage.expectant) return
    outage.expectant = false
    this.#firstEvent.record(latency)
  }

  /** Clients that have lost their connection at least once. */
  get affected(): number {
    return this.#outages.size
  }

  counts(): ReconnectCounts {
    const zero = this.#zero
    const since = ([lostAt, backAt]: Absence): Absence =>
      zero === undefined ? [0, null] : [lostAt - zero, backAt === null ? null : backAt - zero]
    return {
      arrivals: [...this.#arrivals],
      connected: [...this.#connected],
      attempts: this.#attempts,
      wasted: this.#wasted,
      outages: [...this.#outages.values()].map(({ earlier, lostAt, backAt }) =>
        [...earlier, [lostAt, backAt] as const].map(since),
      ),
      caughtUp: this.#caughtUp,
      firstEvent: this.#firstEvent.encode(),
    }
  }

  #lose(client: C, before: Outage | undefined): void {
    const earlier = before?.earlier ?? []
    if (before !== undefined) earlier.push([before.lostAt, before.backAt])
    this.#outages.set(client, { earlier, lostAt: this.#clock(), backAt: null, expectant: true })
  }

  #note(connected: number): void {
    const grain = this.#grain(connectedGrain)
    if (grain !== null) this.#connected.set(grain, connected)
  }

  /** The grain of a width that is passing now; null before the measured window. */
  #grain(width: Micros): number | null {
    if (this.#zero === undefined) return null
    const at = elapsed(this.#zero, this.#clock())
    return at < 0 ? null : Math.floor(at / width)
  }
}
