/**
 * A backend that the server has to ask: what was published waits there until the server's next poll. It stands
 * for a database table or a queue without notifications, where a message bus would notify at once.
 */
import type { PushEvent } from '../../model/event.ts'
import { type Micros, toMilliseconds } from '../../model/units.ts'

export class PolledBackend {
  readonly #publish: (stream: number, event: PushEvent) => void
  readonly #onPoll: () => void
  readonly #timer: NodeJS.Timeout
  #waiting: { readonly stream: number; readonly event: PushEvent }[] = []

  /**
   * @param every time from one poll to the next
   * @param publish hands an event that was found to the server
   * @param onPoll called for each poll
   */
  constructor(every: Micros, publish: (stream: number, event: PushEvent) => void, onPoll: () => void) {
    this.#publish = publish
    this.#onPoll = onPoll
    this.#timer = setInterval(() => this.#poll(), toMilliseconds(every))
  }

  /** Stores an event for the next poll. */
  store(stream: number, event: PushEvent): void {
    this.#waiting.push({ stream, event })
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #poll(): void {
    this.#onPoll()
    const found = this.#waiting
    this.#waiting = []
    for (const { stream, event } of found) this.#publish(stream, event)
  }
}
