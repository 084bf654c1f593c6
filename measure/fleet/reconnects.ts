/**
 * The clients' side of a storm: which lost their connection and when they were back, every attempt at the instant at
 * which the client started it, and what the clients missed meanwhile. Costs nothing until a connection is lost.
 */

import type { Clock } from '../../model/clock.ts'
import type { LossCause } from '../../model/loss.ts'
import { elapsed, type Instant, type Micros } from '../../model/units.ts'
import { Histogram } from '../../results/histogram.ts'
import { connectedGrain, stormGrain } from '../../simulation/storm-figures.ts'
import { type Absence, noAttempts, type ReconnectCounts } from '../messages/fleet-counts.ts'

interface Outage {
  /** Absences before this one. */
  readonly earlier: Absence[]
  readonly lostAt: Instant
  backAt: Instant | null
  /** The client opened another connection without a loss, see {@link Absence}, and misses nothing. */
  moved: boolean
  /** The event that comes next is the first since the connection was lost. */
  expectant: boolean
  /** The grain in which the client began its last attempt; null before the first. */
  attemptedIn: number | null
}

/**
 * A stream that ended in order, while its connection may still stand. When the client asks again it either goes on
 * there, which is neither a loss nor an attempt, or opens another connection: then the end was a loss.
 */
interface Renewal {
  readonly endedAt: Instant
  /** When the client asked again; null before. */
  askedAt: Instant | null
}

/** Collects the storm of one client process. `C` identifies a client. */
export class Reconnects<C> {
  readonly #clock: Clock
  readonly #outages = new Map<C, Outage>()
  readonly #renewals = new Map<C, Renewal>()
  readonly #arrivals = new Map<number, number>()
  readonly #successes = new Map<number, number>()
  readonly #connected = new Map<number, number>()
  readonly #attempts = { ...noAttempts }
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

  /** An attempt begins; that of a stream which ended in order counts once it opens a connection. */
  attempt(client: C): void {
    const renewal = this.#renewals.get(client)
    if (renewal === undefined) this.#countAttempt(client, this.#clock())
    else renewal.askedAt = this.#clock()
  }

  /** The attempt of a client opens a connection. */
  opens(client: C): void {
    const renewal = this.#renewals.get(client)
    if (renewal === undefined) return
    this.#renewals.delete(client)
    if (this.#grain(stormGrain, renewal.endedAt) !== null)
      this.#lose(client, this.#outages.get(client), false, renewal.endedAt)
    this.#countAttempt(client, renewal.askedAt ?? this.#clock())
  }

  /**
   * A client is connected.
   * @param connected clients connected now
   * @returns true where a stream was renewed on the connection that stood
   */
  up(client: C, connected: number): boolean {
    this.#note(connected)
    if (this.#renewals.delete(client)) return true
    this.#end(client)
    return false
  }

  /** A stream ended in order, and its connection may still stand. */
  streamEnded(client: C, connected: number): void {
    this.#note(connected)
    this.#renewals.set(client, { endedAt: this.#clock(), askedAt: null })
  }

  /** A client that believed it was connected opens another connection. */
  moves(client: C): void {
    if (this.#grain(stormGrain) === null) return
    const outage = this.#outages.get(client)
    if (outage === undefined || outage.backAt !== null) this.#lose(client, outage, true)
    this.#countAttempt(client, this.#clock())
  }

  /** The connection to which a client moved serves it. */
  moved(client: C): void {
    if (this.#outages.get(client)?.backAt === null) this.#end(client)
  }

  /** A connection was lost (`wasUp`), or an attempt failed. */
  down(client: C, wasUp: boolean, cause: LossCause, connected: number): void {
    if (this.#grain(stormGrain) === null) return
    this.#note(connected)
    this.opens(client)
    const outage = this.#outages.get(client)
    const moving = outage?.moved && outage.backAt === null
    // A move that fails is how the client notices its loss, and an attempt that failed.
    if (moving) {
      outage.moved = false
      outage.expectant = true
    } else if (outage === undefined || outage.backAt !== null) this.#lose(client, outage, false)
    if (wasUp && !moving) return
    this.#wasted++
    this.#attempts[cause === 'refused' || cause === 'reset' || cause === 'timeout' ? cause : 'other']++
  }

  /** @param latency from the instant at which the event was due */
  event(client: C, intendedAt: Instant, latency: Micros): void {
    if (this.#outages.size === 0) return
    const outage = this.#outages.get(client)
    if (outage === undefined || outage.moved) return
    // The very answer that brings a client back may carry what it missed: then it is not counted as back yet.
    if (outage.backAt === null || intendedAt < outage.backAt) this.#caughtUp++
    if (!outage.expectant) return
    outage.expectant = false
    this.#firstEvent.record(latency)
  }

  /** A client lost its connection, or gave it up for another, and no other serves it yet. */
  isAway(client: C): boolean {
    return this.#outages.get(client)?.backAt === null
  }

  /** Clients that have lost their connection, or moved, at least once. */
  get affected(): number {
    return this.#outages.size
  }

  counts(): ReconnectCounts {
    const zero = this.#zero
    const since = ([lostAt, backAt, ...moved]: Absence): Absence =>
      zero === undefined ? [0, null] : [lostAt - zero, backAt === null ? null : backAt - zero, ...moved]
    return {
      arrivals: [...this.#arrivals],
      successes: [...this.#successes],
      connected: [...this.#connected],
      attempts: this.#attempts,
      wasted: this.#wasted,
      outages: [...this.#outages.values()].map(outage => [...outage.earlier, absenceOf(outage)].map(since)),
      caughtUp: this.#caughtUp,
      firstEvent: this.#firstEvent.encode(),
    }
  }

  #countAttempt(client: C, at: Instant): void {
    const grain = this.#grain(stormGrain, at)
    if (grain === null) return
    this.#attempts.total++
    this.#arrivals.set(grain, (this.#arrivals.get(grain) ?? 0) + 1)
    const outage = this.#outages.get(client)
    if (outage !== undefined) outage.attemptedIn = grain
  }

  #lose(client: C, before: Outage | undefined, moved: boolean, lostAt = this.#clock()): void {
    const earlier = before?.earlier ?? []
    if (before !== undefined) earlier.push(absenceOf(before))
    this.#outages.set(client, { earlier, lostAt, backAt: null, moved, expectant: !moved, attemptedIn: null })
  }

  #end(client: C): void {
    const outage = this.#outages.get(client)
    if (outage === undefined) return
    outage.backAt = this.#clock()
    const begun = outage.attemptedIn
    if (begun !== null) this.#successes.set(begun, (this.#successes.get(begun) ?? 0) + 1)
  }

  #note(connected: number): void {
    const grain = this.#grain(connectedGrain)
    if (grain !== null) this.#connected.set(grain, connected)
  }

  /** The grain of a width that an instant falls into, now unless given; null before the measured window. */
  #grain(width: Micros, instant = this.#clock()): number | null {
    if (this.#zero === undefined) return null
    const at = elapsed(this.#zero, instant)
    return at < 0 ? null : Math.floor(at / width)
  }
}

const absenceOf = ({ lostAt, backAt, moved }: Outage): Absence =>
  moved ? [lostAt, backAt, true] : [lostAt, backAt]
