/** The server of a simulated storm: it accepts connections at a rate, and serves their requests one at a time. */

import { after, elapsed, type Instant, instant, type Micros, micros, seconds } from '../model/units.ts'
import { meetsFrom, WindowCounts } from './storm-figures.ts'

/** How a simulated server takes connections; instants count from the fault. */
export interface ServerModel {
  /** When the server accepts again. */
  readonly serverBackAt: Instant
  /** Connections that the server accepts per second; null for no limit. */
  readonly acceptPerSecond: number | null
  /** How long one connection and its request keep the server busy. */
  readonly serviceTime: Micros
  /** How long a client waits for the answer to one attempt; null for ever. At least {@link connectTrips} round trips. */
  readonly attemptTimeout: Micros | null
  readonly roundTrip: Micros
  /** The end of the simulated time. Who is not back by then never is. */
  readonly horizon: Instant
}

/**
 * Round trips from the start of an attempt until its client is back: one for the connection (TCP), one for the
 * request and its answer, be it a poll, the head of a stream or the upgrade to a WebSocket.
 */
export const connectTrips = 2

/**
 * Attempts reach the queue in the order in which they began and give up in that same order, so two numbers, when
 * the next connection may be taken and when the server is free again, say what becomes of an attempt as soon as it
 * arrives.
 */
export class ServerQueue {
  /** Connections at the instant the server took them. */
  readonly accepted: WindowCounts
  readonly #model: ServerModel
  /** From one connection that is taken to the next. */
  readonly #gap: Micros
  readonly #halfTrip: Micros
  readonly #meetsFrom: number
  #takesAt: Instant
  #freeAt: Instant
  #longestWait = micros(0)

  constructor(model: ServerModel) {
    const { acceptPerSecond, roundTrip, serverBackAt, horizon } = model
    this.#model = model
    this.#gap = micros(acceptPerSecond === null ? 0 : seconds(1) / acceptPerSecond)
    this.#halfTrip = micros(roundTrip / 2)
    this.#meetsFrom = meetsFrom(serverBackAt, roundTrip)
    this.#takesAt = serverBackAt
    this.#freeAt = serverBackAt
    this.accepted = new WindowCounts(instant(0), horizon)
  }

  /** The longest that an attempt has lain here before it was served or its end was seen. */
  get longestWait(): Micros {
    return this.#longestWait
  }

  /** Whether an attempt that began at `begun` finds the server listening again. */
  listensFor(begun: Instant): boolean {
    return begun >= this.#meetsFrom
  }

  /**
   * Queues an attempt. No attempt may have begun later than the next one that is given.
   * @returns when the client has its answer; null if it gives up before
   */
  take(begun: Instant): Instant | null {
    const { attemptTimeout, serviceTime, roundTrip } = this.#model
    const arrived = after(begun, this.#halfTrip)
    const givesUp = attemptTimeout === null ? never : after(begun, attemptTimeout)
    const endSeen = after(givesUp, this.#halfTrip)
    const taken = later(arrived, this.#takesAt)
    if (!this.#waits(arrived, taken, endSeen, micros(0))) return null
    this.accepted.add(taken)
    this.#takesAt = after(taken, this.#gap)
    // The client sends its request once its connection is established, which is before the server accepts it.
    const asked = later(after(arrived, roundTrip), taken)
    const start = later(asked, this.#freeAt)
    if (!this.#waits(asked, start, endSeen, elapsed(arrived, taken))) return null
    this.#freeAt = after(start, serviceTime)
    const answered = after(this.#freeAt, this.#halfTrip)
    return answered > givesUp ? null : answered
  }

  /** Records a wait after an earlier one of the same attempt. @returns whether it ends before the client's end is seen */
  #waits(from: Instant, to: Instant, endSeen: Instant, before: Micros): boolean {
    const end = to < endSeen ? to : endSeen
    this.#longestWait = micros(Math.max(this.#longestWait, before + elapsed(from, end)))
    return to < endSeen
  }
}

const later = (a: Instant, b: Instant): Instant => (a > b ? a : b)
const never = instant(Number.POSITIVE_INFINITY)
