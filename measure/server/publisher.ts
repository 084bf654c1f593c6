/**
 * Publishes a schedule. Each event is stamped with the instant at which it was due and the instant at which
 * it was handed over. A publisher that falls behind makes its events late; it never leaves any out.
 */
import type { Clock, Origin } from '../../model/clock.ts'
import type { PushEvent } from '../../model/event.ts'
import type { PayloadMaker } from '../../model/payload.ts'
import type { Due } from '../../model/schedule.ts'
import { after, elapsed, type Instant, instant, micros } from '../../model/units.ts'
import { Histogram } from '../../results/histogram.ts'
import { Pacer } from '../time/pacer.ts'

/** The options of a publisher. */
export interface PublisherContext {
  readonly origin: Origin
  readonly clock: Clock
  readonly payload: PayloadMaker
  /** Streams whose events are counted as published; all of them unless given. */
  readonly countedStreams?: ReadonlySet<number>
  publish(stream: number, event: PushEvent): void
}

export class Publisher {
  /** Actual minus intended publication of the events counted. */
  readonly lag = new Histogram()
  readonly #context: PublisherContext
  readonly #pacer: Pacer
  #due: Iterator<Due, void> | undefined
  #next: Due | undefined
  #startAt: Instant | undefined
  #countFrom: Instant | undefined
  #countTo: Instant | undefined
  #stopAt: Instant | undefined
  #publishedUntil = instant(Number.NEGATIVE_INFINITY)
  #rebuiltUntil: Instant | undefined
  #published = 0

  constructor(context: PublisherContext) {
    this.#context = context
    this.#pacer = new Pacer(context.origin, () => this.#publishDue())
  }

  /** How many events of the counted streams, due from `countFrom` to `countTo`, were published. */
  get published(): number {
    return this.#published
  }

  /** Resolves when the thread that paces it is up. */
  async ready(): Promise<void> {
    await this.#pacer.ready()
  }

  /**
   * Begins to publish.
   * @param startAt the instant that the schedule counts from; events due in the past are published at once
   * @param countFrom events due before are published but not counted: the warm-up
   * @param countTo events due then or later are published but not counted; all are unless given
   */
  start(due: Iterable<Due, void>, startAt: Instant, countFrom: Instant, countTo?: Instant): void {
    this.#countTo = countTo
    this.#due = due[Symbol.iterator]()
    this.#startAt = startAt
    this.#countFrom = countFrom
    this.#advance()
    this.#arm()
  }

  /**
   * Publishes at once all events that are due so far, as a log that survived its server would return them. These
   * events count as published, but not as late.
   */
  rebuild(): void {
    this.#rebuiltUntil = this.#context.clock()
    this.#publishDue()
  }

  /**
   * Publishes nothing that is due at `at` or later. Called again with a later instant, it goes on until then.
   * @param countTo events due then or later are published but not counted
   * @returns the instant from which on nothing is published: later than `at` where events due since were published already
   */
  stopAt(at: Instant, countTo = at): Instant {
    this.#countTo = countTo
    this.#stopAt = instant(Math.max(at, this.#publishedUntil))
    this.#arm()
    return this.#stopAt
  }

  /** Publishes no more. */
  stop(): void {
    this.#next = undefined
    this.#due = undefined
    this.#pacer.cancel()
  }

  async close(): Promise<void> {
    this.stop()
    await this.#pacer.close()
  }

  #publishDue(): void {
    // One reading of the clock: were it read again for each event, a publisher that is behind would never
    // let the event loop answer a request.
    const now = this.#context.clock()
    while (this.#next !== undefined && this.#startAt !== undefined) {
      const intendedAt = after(this.#startAt, this.#next.at)
      if (this.#stopAt !== undefined && intendedAt >= this.#stopAt) return
      if (intendedAt > now) break
      // Events are due at whole microseconds: the next one later is the first that this one is not due at.
      this.#publishedUntil = after(intendedAt, micros(1))
      this.#publish(this.#next, intendedAt)
      this.#advance()
    }
    this.#arm()
  }

  #publish(due: Due, intendedAt: Instant): void {
    const sentAt = this.#context.clock()
    const stamp = { seq: due.seq, intendedAt, sentAt }
    this.#context.publish(due.stream, { ...stamp, payload: this.#context.payload(stamp) })
    if (this.#countFrom === undefined || intendedAt < this.#countFrom) return
    if (this.#countTo !== undefined && intendedAt >= this.#countTo) return
    if (this.#rebuiltUntil === undefined || intendedAt >= this.#rebuiltUntil)
      this.lag.record(elapsed(intendedAt, sentAt))
    if (this.#context.countedStreams?.has(due.stream) ?? true) this.#published++
  }

  #advance(): void {
    const step = this.#due?.next()
    this.#next = step === undefined || step.done === true ? undefined : step.value
  }

  #arm(): void {
    if (this.#next === undefined || this.#startAt === undefined) return
    this.#pacer.wakeAt(after(this.#startAt, this.#next.at))
  }
}
