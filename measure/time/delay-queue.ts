/**
 * The delay queue of a relay: a heap of what waits, and one alarm for the earliest. Items depart within about 0.1 ms of
 * their instant (see `pacer.ts`), where Node's timers would be up to 1.6 ms off.
 */
import { type Clock, clockFrom, type Origin } from '../../model/clock.ts'
import { Heap } from '../../model/heap.ts'
import { elapsed, type Instant, instant } from '../../model/units.ts'
import { Pacer } from './pacer.ts'

/** Something that waits for its instant. */
export interface Delayed {
  /** Fixed while it waits. Once it has departed, it may be changed and added again. */
  readonly due: Instant
  depart(now: Instant): void
}

const never = instant(Number.POSITIVE_INFINITY)
/** A turn that begins sooner after the one before did not wait for bytes: they were there. Microseconds. */
const atOnce = 100

export class DelayQueue {
  /** Reads the instant now. */
  readonly clock: Clock
  readonly #pacer: Pacer
  readonly #heap = new Heap<Delayed>((a, b) => a.due < b.due)
  #armed = never
  #turn: Instant | undefined
  #arrivedFrom = instant(0)
  #lastTurn = { from: instant(0), to: instant(Number.NEGATIVE_INFINITY) }
  #flushing = false

  constructor(origin: Origin) {
    this.clock = clockFrom(origin)
    this.#pacer = new Pacer(origin, () => {
      this.turnStart()
      this.#armed = never
      this.#flush()
    })
  }

  /** Resolves when the alarm's thread is up; before that the first departures would be late by its start. */
  async ready(): Promise<void> {
    await this.#pacer.ready()
  }

  /**
   * When this turn of the event loop began to handle what had arrived. All bytes of a turn lay in their sockets
   * by then, so a segment's delay counts from there; handling them one after the other is what the relay adds.
   */
  turnStart(): Instant {
    this.#turn ??= this.#beginTurn()
    return this.#turn
  }

  /**
   * The earliest instant at which what is handled in this turn can have come: bytes that come while a turn is under
   * way wait for the next. When they came is not known, so what the relay adds is given as the most that it can be.
   */
  arrivedFrom(): Instant {
    this.turnStart()
    return this.#arrivedFrom
  }

  add(departure: Delayed): void {
    this.#heap.add(departure)
    if (!this.#flushing && departure.due < this.#armed) this.#arm(departure.due)
  }

  /** Stops all departures. */
  async close(): Promise<void> {
    this.#heap.clear()
    await this.#pacer.close()
  }

  #beginTurn(): Instant {
    const from = this.clock()
    this.#arrivedFrom = elapsed(this.#lastTurn.to, from) <= atOnce ? this.#lastTurn.from : from
    setImmediate(() => {
      this.#turn = undefined
      this.#flush()
      this.#lastTurn = { from, to: this.clock() }
    })
    return from
  }

  #flush(): void {
    this.#flushing = true
    // One reading of the clock: were it read again for each, a relay that is behind would never read its sockets.
    const now = this.clock()
    for (let next = this.#heap.least; next !== undefined && next.due <= now; next = this.#heap.least) {
      this.#heap.removeLeast()
      next.depart(now)
    }
    this.#flushing = false
    const due = this.#heap.least?.due
    if (due !== undefined && due !== this.#armed) this.#arm(due)
  }

  #arm(due: Instant): void {
    this.#armed = due
    this.#pacer.wakeAt(due)
  }
}
