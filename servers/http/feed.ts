/**
 * One open connection of a streaming technique, fed from its topic. A reader that does not keep up gets no more than
 * its socket accepts. The events that it misses meanwhile stay in the log, stored once for all readers, and are written
 * when the socket has drained. So a slow reader costs no memory. A reader that reads nothing for `stall` is dropped;
 * one that reads a little from time to time is kept, however long the socket needs to drain.
 */
import type { Micros } from '../../model/units.ts'
import { toMilliseconds } from '../../model/units.ts'
import type { Host } from './host.ts'
import type { Topic } from './topic.ts'
import type { Text } from './transport.ts'

/** The most texts that are put together into one write when a reader catches up. */
const largestBatch = 64

/** What a technique does with a connection. */
export interface Outlet {
  /** Writes texts of the log; returns false when the socket holds more than it should. */
  write(texts: readonly Text[]): boolean
  /** Calls back once the socket has drained. */
  onDrain(drained: () => void): void
  /**
   * Drops the reader once nothing has passed on its connection for `limitMs`; 0 ends the watch. That is what
   * `setTimeout` of a socket does: bytes that the system takes of a write under way count as passing, which no
   * other part of Node's interface shows. A connection without any is dropped after one to two times the limit.
   */
  watch(limitMs: number): void
  /** How many texts may go into one write, where that is fewer than usual. */
  readonly batch?: number
}

export class Feed<S> {
  readonly #host: Host<S>
  readonly #topic: Topic<S>
  readonly #outlet: Outlet
  readonly #stallMs: number
  #cursor: number
  #behind = false
  #closed = false

  /** @param cursor sequence number that the client saw last */
  constructor(host: Host<S>, topic: Topic<S>, cursor: number, stall: Micros, outlet: Outlet) {
    this.#host = host
    this.#topic = topic
    this.#cursor = cursor
    this.#stallMs = toMilliseconds(stall)
    this.#outlet = outlet
  }

  /** True when the socket took all that was written to it. */
  get keepsUp(): boolean {
    return !this.#behind && !this.#closed
  }

  /**
   * Sends an event that is published now, unless the reader is behind or has it. A client that comes from another
   * server may have it already: servers of one source do not publish an event in the same instant.
   * @param write puts it on the socket; returns false when the socket then holds more than it should
   * @returns true when it was sent
   */
  send(seq: number, write: () => boolean): boolean {
    if (!this.keepsUp || seq <= this.#cursor) return false
    this.#write(seq, write)
    return true
  }

  /** Writes what lies in the log after the cursor, as far as the socket takes it. */
  catchUp(): void {
    this.#behind = false
    const most = Math.min(largestBatch, this.#outlet.batch ?? largestBatch)
    while (!this.#behind && !this.#closed) {
      const texts = this.#host.collect(this.#topic, this.#cursor, { most })
      const last = texts.at(-1)
      if (last === undefined) return
      this.#write(last.seq, () => this.#outlet.write(texts))
    }
  }

  /** Ends the feeding; the technique closes the connection. */
  close(): void {
    this.#closed = true
  }

  #write(seq: number, write: () => boolean): void {
    this.#cursor = seq
    if (!write() && !this.#closed) this.#fallBehind()
  }

  #fallBehind(): void {
    this.#behind = true
    this.#outlet.watch(this.#stallMs)
    this.#outlet.onDrain(() => {
      if (this.#closed) return
      this.#outlet.watch(0)
      this.catchUp()
    })
  }
}
