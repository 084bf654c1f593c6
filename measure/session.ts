/**
 * One simulated user: a client half, kept connected. Reconnecting, backoff and resuming from the last seen
 * event are this one mechanism around every technique, so that techniques differ in nothing but themselves.
 */
import { type Backoff, backoffDelay } from './backoff.ts'
import type { Overrun, PushEvent } from './event.ts'
import type { Random } from './random.ts'
import { type ClientSink, type Loss, LossError, type PushClient } from './technique.ts'
import { type Instant, type Micros, toMilliseconds } from './units.ts'

/** Receives what happens to a session. */
export interface SessionObserver {
  /** @param receivedAt when it came; now unless given */
  event(event: PushEvent, receivedAt?: Instant): void
  overrun(overrun: Overrun): void
  response(empty: boolean): void
  /** The client is connected; `again` when it had been before. */
  up(again: boolean): void
  /** A connection was lost, or an attempt failed. */
  down(loss: Loss): void
}

export class Session implements ClientSink {
  /** Sequence number of the newest event received, or known to be gone. */
  cursor = 0
  #client: PushClient
  #backoff: Backoff
  #random: Random
  #observer: SessionObserver
  #attempt = 0
  #connecting = false
  #connectedOnce = false
  #lossOnArrival: Loss | null = null
  #retryAfter: Micros | null = null
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(client: PushClient, backoff: Backoff, random: Random, observer: SessionObserver) {
    this.#client = client
    this.#backoff = backoff
    this.#random = random
    this.#observer = observer
  }

  /** Makes one attempt to connect; after a failure the session goes on trying by its backoff until closed. */
  async start(): Promise<void> {
    this.#connecting = true
    let loss: Loss | null = null
    try {
      await this.#client.connect(this)
    } catch (error) {
      if (!(error instanceof LossError)) throw error
      loss = error.loss
    }
    this.#connecting = false
    if (this.#closed) return
    if (loss === null) this.#arrive()
    loss ??= this.#lossOnArrival
    this.#lossOnArrival = null
    if (loss !== null) this.lost(loss)
  }

  /** Ends the session for good; resolves when its socket is closed. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#client.close()
  }

  /** How far off the instants of its client may be; null for one whose clock is the run's. */
  get clockError(): Micros | null {
    return this.#client.clockError ?? null
  }

  event(event: PushEvent, receivedAt?: Instant): void {
    if (event.seq > this.cursor) this.cursor = event.seq
    this.#observer.event(event, receivedAt)
  }

  overrun(overrun: Overrun): void {
    if (overrun.last > this.cursor) this.cursor = overrun.last
    this.#observer.overrun(overrun)
  }

  response(empty: boolean): void {
    this.#observer.response(empty)
  }

  retryAfter(delay: Micros): void {
    this.#retryAfter = delay
  }

  lost(loss: Loss): void {
    if (this.#closed) return
    // A connection can end in the very packet that made it; then it is up first and down after.
    if (this.#connecting) {
      this.#lossOnArrival = loss
      return
    }
    this.#observer.down(loss)
    const delay = this.#retryAfter ?? backoffDelay(this.#backoff, this.#attempt, this.#random)
    this.#attempt++
    this.#timer = setTimeout(() => void this.start(), toMilliseconds(delay))
  }

  #arrive(): void {
    this.#attempt = 0
    this.#observer.up(this.#connectedOnce)
    this.#connectedOnce = true
  }
}
