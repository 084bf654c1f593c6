/**
 * A storm without sockets, on a virtual clock: clients that lost a server together, the backoff policies with which
 * they reconnect, and the server that accepts them at its own rate. A discrete-event model of what the storm scenarios
 * measure, for scales that no test machine has. Instants count from the fault. The folder imports `model` alone; it
 * holds no clock and no process.
 *
 * - An attempt reaches the server half a round trip after it began. Before the server's return it is refused, and the
 *   client knows after the whole round trip.
 * - The server takes connections in order, no faster than the accept rate allows. The request of each comes a round
 *   trip after its connection. It serves requests one at a time, each for `serviceTime`; the answer brings its
 *   client back.
 * - A client gives up an attempt after `attemptTimeout`. The server skips an attempt whose end it has seen and
 *   loses no time by it; one that ends while it is served, or whose end is still on its way, costs a full turn.
 */

import { type Backoff, delayBefore } from '../model/backoff.ts'
import type { FaultModel } from '../model/fault.ts'
import { type Random, randomFor } from '../model/random.ts'
import { after, type Instant, instant, type Micros, micros, seconds } from '../model/units.ts'
import {
  meetsFrom,
  type ReturnTimes,
  returnTimes,
  WindowCounts,
  type WindowFigures,
  windowFigures,
} from './storm-figures.ts'
import { Calendar } from './storm-simulation-calendar.ts'
import { type ServerModel, ServerQueue } from './storm-simulation-server.ts'

/** A storm to simulate. {@link baseline} has the values of everything that does not disturb. */
export interface StormModel extends ServerModel, Omit<FaultModel, 'serverBackAt'> {
  /** Clients that were connected; 1 to 2,097,152. */
  readonly clients: number
  readonly backoff: Backoff
  readonly seed: number
}

/** A network without delay before a server of unlimited pace that drops all of its clients and stays up. */
export const baseline = {
  droppedShare: 1,
  noticeWithin: micros(0),
  asked: null,
  serverBackAt: instant(0),
  acceptPerSecond: null,
  serviceTime: micros(0),
  attemptTimeout: null,
  roundTrip: micros(0),
  horizon: instant(seconds(3_600)),
  seed: 1,
} satisfies Partial<StormModel>

/** Counts per window of 100 ms from the fault until the last client is back, or to the horizon. */
export interface StormSeries {
  /** Attempts at the instant a client began them. */
  readonly arrivals: Uint32Array
  /** Those of the arrivals that met no server. */
  readonly refused: Uint32Array
  /** Connections at the instant the server took them. */
  readonly accepted: Uint32Array
  /** Clients at the instant they were back. */
  readonly back: Uint32Array
}

/** The outcome of a storm. */
export interface StormOutcome {
  /** Clients that were dropped. */
  readonly dropped: number
  readonly series: StormSeries
  /** Arrivals from the fault on. */
  readonly arrivals: WindowFigures
  /** Arrivals that met the returned server, in windows of which the first begins with the first that could. */
  readonly arrivalsAfterReturn: WindowFigures
  readonly backSinceFault: ReturnTimes
  readonly backSinceReturn: ReturnTimes
  readonly attempts: number
  readonly refusedAttempts: number
  readonly timedOutAttempts: number
  /** Attempts that did not bring their client back, per dropped client. */
  readonly wastedPerClient: number
  readonly neverBack: number
  /** The longest that any attempt lay at the server before it was taken or skipped. */
  readonly longestWait: Micros
}

/**
 * Simulates a storm. One million clients take seconds of one core, and about 40 bytes each. What takes time is
 * attempts: a million clients without a backoff that notice their loss each at its own moment make a
 * thousand million of them per second of outage.
 */
export function simulateStorm(model: StormModel): StormOutcome {
  return new Simulation(model).run()
}

/** The common state of clients that do the same. */
interface Herd {
  /** When they knew that they were not connected. */
  readonly at: Instant
  readonly attempt: number
  readonly previous: Micros | null
}

const start: Herd = { at: instant(0), attempt: 0, previous: null }

class Simulation {
  readonly #model: StormModel
  readonly #dropped: number
  readonly #random: Random
  readonly #calendar: Calendar
  readonly #server: ServerQueue
  /** Attempts of each client, the one that it waits for included. */
  readonly #attempts: Uint32Array
  /** The delay before each client's last attempt, in microseconds. */
  readonly #previous: Float64Array
  /** When clients were back, as they came. */
  readonly #backAt: Float64Array
  readonly #arrivals: WindowCounts
  readonly #refused: WindowCounts
  readonly #met: WindowCounts
  #timedOut = 0
  #back = 0

  constructor(model: StormModel) {
    this.#model = model
    this.#dropped = Math.round(model.clients * model.droppedShare)
    this.#random = randomFor(model.seed, 'storm')
    this.#calendar = new Calendar(this.#dropped, model.horizon)
    this.#server = new ServerQueue(model)
    this.#attempts = new Uint32Array(this.#dropped)
    this.#previous = new Float64Array(this.#dropped)
    this.#backAt = new Float64Array(this.#dropped)
    const { serverBackAt, roundTrip, horizon } = model
    const fault = instant(0)
    this.#arrivals = new WindowCounts(fault, horizon)
    this.#refused = new WindowCounts(fault, horizon)
    this.#met = new WindowCounts(instant(Math.max(fault, meetsFrom(serverBackAt, roundTrip))), horizon)
  }

  run(): StormOutcome {
    const { noticeWithin } = this.#model
    const herd = noticeWithin === 0 ? this.#runTogether() : start
    for (let client = 0; client < this.#dropped; client++) {
      this.#attempts[client] = herd.attempt
      this.#previous[client] = herd.previous ?? 0
      const noticed = noticeWithin === 0 ? herd.at : instant(this.#random() * noticeWithin)
      this.#wait(client, noticed)
    }
    this.#calendar.run((client, begun) => this.#try(client, begun))
    return this.#outcome()
  }

  /**
   * Clients that lost the server at one instant do the same until they draw a random number or find the server
   * back. Until then one stands for all: without this, a policy that does not wait would never end.
   */
  #runTogether(): Herd {
    const { backoff, asked, roundTrip, horizon } = this.#model
    let drawn = false
    const random = (): number => {
      drawn = true
      return 0
    }
    for (let herd = start; ; ) {
      const delay = delayBefore(backoff, { ...herd, asked }, random)
      const begun = after(herd.at, delay)
      if (drawn || this.#server.listensFor(begun) || begun >= horizon) return herd
      this.#arrivals.add(begun, this.#dropped)
      this.#refused.add(begun, this.#dropped)
      herd = { at: after(begun, roundTrip), attempt: herd.attempt + 1, previous: delay }
    }
  }

  /** Schedules the next attempt of a client that noticed at `at` that it is not connected. */
  #wait(client: number, at: Instant): void {
    const attempt = this.#attempts[client] ?? 0
    const previous = attempt === 0 ? null : micros(this.#previous[client] ?? 0)
    const { backoff, asked } = this.#model
    const delay = delayBefore(backoff, { attempt, previous, asked }, this.#random)
    this.#attempts[client] = attempt + 1
    this.#previous[client] = delay
    this.#calendar.add(client, after(at, delay))
  }

  #try(client: number, begun: Instant): void {
    const { roundTrip, attemptTimeout, horizon } = this.#model
    this.#arrivals.add(begun)
    if (!this.#server.listensFor(begun)) {
      this.#refused.add(begun)
      this.#wait(client, after(begun, roundTrip))
      return
    }
    this.#met.add(begun)
    const answered = this.#server.take(begun)
    if (answered !== null) {
      if (answered < horizon) this.#backAt[this.#back++] = answered
    } else if (attemptTimeout !== null) {
      this.#timedOut++
      this.#wait(client, after(begun, attemptTimeout))
    }
  }

  #outcome(): StormOutcome {
    const { serverBackAt } = this.#model
    // The server answers in the order of its queue, so these are in ascending order.
    const backAt = this.#backAt.subarray(0, this.#back)
    const series = this.#series(backAt)
    const attempts = this.#arrivals.total
    return {
      dropped: this.#dropped,
      series,
      arrivals: windowFigures(series.arrivals),
      arrivalsAfterReturn: windowFigures(this.#met.until(this.#lastAt(backAt))),
      backSinceFault: returnTimes(backAt, this.#dropped, instant(0)),
      backSinceReturn: returnTimes(backAt, this.#dropped, serverBackAt),
      attempts,
      refusedAttempts: this.#refused.total,
      timedOutAttempts: this.#timedOut,
      wastedPerClient: this.#dropped === 0 ? 0 : (attempts - this.#back) / this.#dropped,
      neverBack: this.#dropped - this.#back,
      longestWait: this.#server.longestWait,
    }
  }

  /** When the last client was back; the horizon where one never was. */
  #lastAt(backAt: Float64Array): Instant {
    return backAt.length < this.#dropped ? this.#model.horizon : instant(backAt.at(-1) ?? 0)
  }

  #series(backAt: Float64Array): StormSeries {
    const back = new WindowCounts(instant(0), this.#model.horizon)
    for (const at of backAt) back.add(instant(at))
    const last = this.#lastAt(backAt)
    return {
      arrivals: this.#arrivals.until(last),
      refused: this.#refused.until(last),
      accepted: this.#server.accepted.until(last),
      back: back.until(last),
    }
  }
}
