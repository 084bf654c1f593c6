/** How long one client waits before it reconnects: its backoff policy, what it tried before, and what the server asked. */
import { type Backoff, delayBefore } from '../../model/backoff.ts'
import type { Random } from '../../model/random.ts'
import type { Micros } from '../../model/units.ts'

export class ReconnectDelay {
  readonly #backoff: Backoff
  readonly #random: Random
  /** Attempts since the client was last connected. */
  #attempt = 0
  #previous: Micros | null = null
  /** What the server asked for; null for nothing. */
  #asked: Micros | null = null
  #askedOnce = false

  constructor(backoff: Backoff, random: Random) {
    this.#backoff = backoff
    this.#random = random
  }

  /** The server asks for this wait: before the next attempt only (`once`), or until it asks for something else. */
  ask(delay: Micros, once: boolean): void {
    this.#asked = delay
    this.#askedOnce = once
  }

  /** The wait before the next attempt. */
  next(): Micros {
    const reconnect = { attempt: this.#attempt, previous: this.#previous, asked: this.#asked }
    if (this.#askedOnce) this.#asked = null
    this.#attempt++
    this.#previous = delayBefore(this.#backoff, reconnect, this.#random)
    return this.#previous
  }

  /** The client is connected: the next wait is again its first. What the server asked for stays. */
  reset(): void {
    this.#attempt = 0
    this.#previous = null
  }
}
