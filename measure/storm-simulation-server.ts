/** The server of a simulated storm: a queue that is worked off at a pace. */
import { meetsFrom, WindowCounts } from './storm-figures.ts'
import { after, elapsed, type Instant, instant, type Micros, micros, seconds } from './units.ts'

/** How a simulated server takes connections; instants count from the fault. */
export interface ServerModel {
  /** When the server accepts again. */
  readonly serverBackAt: Instant
  /** Connections that the server accepts per second; null for no limit. */
  readonly acceptPerSecond: number | null
  /** How long one connection keeps the server busy. */
  readonly serviceTime: Micros
  /** How long a client waits for the answer to one attempt; null for ever. At least `roundTrip`. */
  readonly attemptTimeout: Micros | null
  readonly roundTrip: Micros
  /** The end of the simulated time. Who is not back by then never is. */
  readonly horizon: Instant
}

/**
 * Attempts reach the queue in the order in which they began and give up in that same order, so one number, when
 * the server is free again, says what becomes of an attempt as soon as it arrives.
 */
export class ServerQueue {
  /** Connections at the instant the server took them. */
  readonly accepted: WindowCounts
  readonly #model: ServerModel
  /** From the start of one connection to the start of the next. */
  readonly #turn: Micros
  readonly #halfTrip: Micros
  readonly #meetsFrom: number
  #freeAt: Instant
  #longestWait = micros(0)

  constructor(model: ServerModel) {
    const { acceptPerSecond, serviceTime, roundTrip, serverBackAt, horizon } = model
    this.#model = model
    this.#turn = micros(Math.max(serviceTime, acceptPerSecond === null ? 0 : seconds(1) / acceptPerSecond))
    this.#halfTrip = micros(roundTrip / 2)
    this.#meetsFrom = meetsFrom(serverBackAt, roundTrip)
    this.#freeAt = serverBackAt
    this.accepted = new WindowCounts(instant(0), horizon)
  }

  /** The longest that an attempt has lain here before it was taken or its end was seen. */
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
    const { attemptTimeout, serviceTime } = this.#model
    const arrived = after(begun, this.#halfTrip)
    const start = arrived > this.#freeAt ? arrived : this.#freeAt
    const givesUp = attemptTimeout === null ? never : after(begun, attemptTimeout)
    const endSeen = after(givesUp, this.#halfTrip)
    const wait = elapsed(arrived, start < endSeen ? start : endSeen)
    if (wait > this.#longestWait) this.#longestWait = wait
    if (start >= endSeen) return null
    this.accepted.add(start)
    this.#freeAt = after(start, this.#turn)
    const answered = after(after(start, serviceTime), this.#halfTrip)
    return answered > givesUp ? null : answered
  }
}

const never = instant(Number.POSITIVE_INFINITY)
