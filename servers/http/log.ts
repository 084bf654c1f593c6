/**
 * The event log of one stream: the last events, bounded, from which a client that reconnects gets
 * everything after its cursor. It does in memory what a durable message bus does for a server.
 */
import { encodeEvent, type Overrun, type PushEvent } from '../../model/event.ts'

/** One event with the text that every technique carries. */
export interface Entry {
  readonly event: PushEvent
  readonly text: string
}

/** What a log can give a client. */
export interface Backlog {
  /** Events that the client asked for and the log no longer holds; null when there are none. */
  readonly overrun: Overrun | null
  /** The events after the client's cursor that the log holds, in order. */
  readonly entries: readonly Entry[]
}

/** An event with its text, which is made once however many logs keep it. */
export const entryOf = (event: PushEvent): Entry => ({ event, text: encodeEvent(event) })

const nothing: Backlog = { overrun: null, entries: [] }

export class EventLog {
  readonly #capacity: number
  #entries: Entry[] = []

  /** @param capacity how many events are kept, at least 1 */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Sequence number of the newest event; 0 while there was none. */
  get last(): number {
    return this.#entries.at(-1)?.event.seq ?? 0
  }

  append(event: PushEvent, entry: Entry = entryOf(event)): Entry {
    this.#entries.push(entry)
    // Cutting the array by half keeps the cost of appending constant; `first` hides what is beyond the bound.
    if (this.#entries.length >= 2 * this.#capacity) this.#entries = this.#entries.slice(-this.#capacity)
    return entry
  }

  /** Everything after `cursor`, the sequence number that the client saw last (0: nothing yet). */
  after(cursor: number): Backlog {
    const last = this.last
    if (cursor >= last) return nothing
    const kept = Math.min(this.#entries.length, this.#capacity)
    const wanted = last - cursor
    const entries = this.#entries.slice(-Math.min(kept, wanted))
    const first = entries[0]?.event.seq ?? last
    return { entries, overrun: first > cursor + 1 ? { first: cursor + 1, last: first - 1 } : null }
  }
}
