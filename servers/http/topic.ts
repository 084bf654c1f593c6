/**
 * What a server keeps of one stream, and which clients get an event: the only place that implements the three
 * delivery semantics. The path of an event is described in `host.ts`.
 */
import type { Delivery } from '../../model/delivery.ts'
import type { Overrun, PushEvent } from '../../model/event.ts'
import { elapsed, type Instant, seconds } from '../../model/units.ts'
import { type Backlog, type Entry, EventLog, entryOf } from './log.ts'

/**
 * How long a session's queue gathers events that no client asks for before it is given up: longer than any client
 * stays away between two polls or two attempts to reconnect. A page that reconnects later begins a new queue.
 */
export const sessionIdle = seconds(600)

/** Events kept for clients that do not get them as they are published. */
interface Store {
  append(entry: Entry): void
  /** True when there is something for a client that saw `cursor` last. */
  has(cursor: number): boolean
  /** At most `most` events for that client, the oldest first. */
  take(cursor: number, most: number): Backlog
  /** Removes an event that a connection took as it was published. Present where one client alone gets an event. */
  remove?(event: PushEvent): void
}

/** A bounded log that forgets only what is too old. */
class LogStore implements Store {
  readonly #log: EventLog

  constructor(logEvents: number) {
    this.#log = new EventLog(logEvents)
  }

  append(entry: Entry): void {
    this.#log.append(entry.event, entry)
  }

  has(cursor: number): boolean {
    return cursor < this.#log.last
  }

  take(cursor: number, most: number): Backlog {
    const backlog = this.#log.after(cursor)
    return backlog.entries.length <= most
      ? backlog
      : { overrun: backlog.overrun, entries: backlog.entries.slice(0, most) }
  }
}

/** A conflating store: the newest event is the state and replaces all before it. */
class LastValueStore implements Store {
  #newest: Entry | undefined

  append(entry: Entry): void {
    this.#newest = entry
  }

  has(cursor: number): boolean {
    return this.#newest !== undefined && this.#newest.event.seq > cursor
  }

  take(cursor: number): Backlog {
    const entries = this.#newest !== undefined && this.has(cursor) ? [this.#newest] : []
    return { overrun: null, entries }
  }
}

/** The queue of one session, bounded as a log is. Any client of the session drains it: a cursor means nothing to it. */
class QueueStore implements Store {
  readonly #capacity: number
  #entries: Entry[] = []
  #dropped: Overrun | null = null

  constructor(logEvents: number) {
    this.#capacity = logEvents
  }

  append(entry: Entry): void {
    this.#entries.push(entry)
    if (this.#entries.length <= this.#capacity) return
    const seq = this.#entries.shift()?.event.seq ?? 0
    this.#dropped = { first: this.#dropped?.first ?? seq, last: seq }
  }

  has(): boolean {
    return this.#entries.length > 0
  }

  take(_: number, most: number): Backlog {
    const overrun = this.#dropped
    this.#dropped = null
    const entries = this.#entries.slice(0, most)
    this.#entries = this.#entries.slice(most)
    return { overrun, entries }
  }

  remove({ seq }: PushEvent): void {
    if (this.#entries.at(-1)?.event.seq === seq) this.#entries.pop()
  }
}

const stores: Readonly<Record<Delivery, (logEvents: number) => Store>> = {
  log: logEvents => new LogStore(logEvents),
  'session-queue': logEvents => new QueueStore(logEvents),
  'last-value': () => new LastValueStore(),
}

/** One stream of events, or a session's queue of it, with the clients that wait. `S` is what a technique keeps per client. */
export class Topic<S> {
  /** In the order in which they came; a connection that took an event for its session goes to the end. */
  readonly subscribers = new Set<S>()
  /** When the first event came that no client waited for since the last request; null while there is none. */
  unaskedSince: Instant | null = null
  readonly #store: Store

  constructor(delivery: Delivery, logEvents: number) {
    this.#store = stores[delivery](logEvents)
  }

  append(entry: Entry): void {
    this.#store.append(entry)
  }

  /** True when a request of a client that saw `cursor` last is answered at once. */
  pending(cursor: number): boolean {
    return this.#store.has(cursor)
  }

  /** Takes the events for a client that saw `cursor` last; a queue then no longer holds them. */
  take(cursor: number, most: number): Backlog {
    return this.#store.take(cursor, most)
  }

  /**
   * Sends an event to open connections: to all, or to the first of a session that takes it.
   * @param send writes the event; returns false when the connection cannot take it now
   * @returns how many took it
   */
  deliver(event: PushEvent, send: (subscriber: S) => boolean): number {
    let receivers = 0
    for (const subscriber of this.subscribers) {
      if (!send(subscriber)) continue
      receivers++
      if (this.#store.remove === undefined) continue
      this.#store.remove(event)
      // The connections of a session take turns.
      if (this.subscribers.delete(subscriber)) this.subscribers.add(subscriber)
      break
    }
    return receivers
  }

  /**
   * Has held requests answered: all, or the first of a session that responds. The event stays until the answer takes it.
   * @param respond answers, or will soon; returns false when the event is nothing new to the client
   */
  wake(respond: (subscriber: S) => boolean): void {
    for (const subscriber of this.subscribers) {
      if (respond(subscriber) && this.#store.remove !== undefined) break
    }
  }
}

/** The topics of a server: one a stream, or one a session of a stream. */
export class Topics<S> {
  readonly #delivery: Delivery
  readonly #logEvents: number
  readonly #streams = new Map<number, Map<string, Topic<S>>>()

  constructor(delivery: Delivery, logEvents: number) {
    this.#delivery = delivery
    this.#logEvents = logEvents
  }

  /** The topic of a client. A session's queue begins with the first request of one of its pages. */
  of(stream: number, session: string): Topic<S> {
    const sessions = this.#stream(stream)
    const key = this.#delivery === 'session-queue' ? session : ''
    let topic = sessions.get(key)
    if (topic === undefined) {
      topic = new Topic(this.#delivery, this.#logEvents)
      sessions.set(key, topic)
    }
    topic.unaskedSince = null
    return topic
  }

  /** Appends an event to each topic of its stream, and calls back for each. */
  publish(stream: number, event: PushEvent, published: (topic: Topic<S>, entry: Entry) => void): void {
    if (this.#delivery !== 'session-queue') this.of(stream, '')
    const entry = entryOf(event)
    const sessions = this.#stream(stream)
    for (const [session, topic] of sessions) {
      if (this.#abandoned(topic, event.sentAt)) {
        sessions.delete(session)
        continue
      }
      topic.append(entry)
      published(topic, entry)
    }
  }

  get subscribers(): number {
    let sum = 0
    for (const sessions of this.#streams.values()) {
      for (const topic of sessions.values()) sum += topic.subscribers.size
    }
    return sum
  }

  /** True of a queue that has gathered events for {@link sessionIdle}, none of which was asked for. */
  #abandoned(topic: Topic<S>, now: Instant): boolean {
    if (this.#delivery !== 'session-queue') return false
    topic.unaskedSince = topic.subscribers.size > 0 ? null : (topic.unaskedSince ?? now)
    return topic.unaskedSince !== null && elapsed(topic.unaskedSince, now) > sessionIdle
  }

  #stream(stream: number): Map<string, Topic<S>> {
    let sessions = this.#streams.get(stream)
    if (sessions === undefined) {
      sessions = new Map()
      this.#streams.set(stream, sessions)
    }
    return sessions
  }
}
