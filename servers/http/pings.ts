/**
 * Pings for many connections, spread evenly over the interval, as on a server to which clients connected one by one.
 * If all were pinged at once, thousands of pings and pongs would delay every event that is due at the same time. One
 * timer serves all connections; a timer for each would cost more memory than it is worth.
 */
import { type Micros, toMilliseconds } from '../../model/units.ts'
import { Phases } from './phases.ts'

/** Turns of the timer in an interval: of 50,000 connections 780 are pinged in one, which takes a few milliseconds. */
const mostTurns = 64
/** A shorter turn would wake an idle server for nothing. */
const shortestTurnMs = 20

export class Pings<C> {
  readonly #slots: readonly Set<C>[]
  readonly #turnMs: number
  readonly #ping: (connections: ReadonlySet<C>) => void
  readonly #now: () => number
  readonly #phases = new Phases()
  #timer: NodeJS.Timeout | undefined
  #turn = 0

  /**
   * @param every the interval for each connection; 0 for no pings
   * @param ping given the connections that are due
   * @param now reads a clock in milliseconds
   */
  constructor(every: Micros, ping: (connections: ReadonlySet<C>) => void, now = () => performance.now()) {
    const everyMs = toMilliseconds(every)
    const turns = Math.max(1, Math.min(mostTurns, Math.floor(everyMs / shortestTurnMs)))
    this.#slots = Array.from({ length: turns }, () => new Set<C>())
    this.#turnMs = everyMs / turns
    this.#ping = ping
    this.#now = now
    if (everyMs > 0) this.#arm(now() + this.#turnMs)
  }

  /**
   * Gives a connection its phase; the first to come is pinged a whole interval after the server began.
   * @returns takes it out again
   */
  add(connection: C): () => void {
    const slot = this.#slots[Math.ceil(this.#phases.next() * this.#slots.length) - 1]
    slot?.add(connection)
    return () => void slot?.delete(connection)
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  /** Turns follow from each other's due times: an interval timer would add the delay of each turn to all that follow. */
  #arm(due: number): void {
    this.#timer = setTimeout(
      () => {
        const slot = this.#slots[this.#turn]
        this.#turn = (this.#turn + 1) % this.#slots.length
        this.#arm(due + this.#turnMs)
        if (slot !== undefined && slot.size > 0) this.#ping(slot)
      },
      Math.max(0, due - this.#now()),
    )
  }
}
