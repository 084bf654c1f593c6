/**
 * One simulated user: a client adapter, kept connected. Reconnecting, backoff, giving up on an attempt or on a
 * silent connection, and resuming from the last seen event are one mechanism around every technique, so that results
 * differ only by the technique.
 */
import type { Backoff } from '../../model/backoff.ts'
import type { Overrun, PushEvent } from '../../model/event.ts'
import { type Loss, LossError } from '../../model/loss.ts'
import type { Random } from '../../model/random.ts'
import type { ClientSink, PausableClient, PushClient } from '../../model/technique.ts'
import { type Instant, type Micros, toMilliseconds } from '../../model/units.ts'
import { defaultAttemptTimeout } from '../../model/workload.ts'
import { throttled } from './connect-throttle.ts'
import { ReconnectDelay } from './reconnect-delay.ts'

/** Receives what happens to sessions. `C` is what it keeps of the client of one. */
export interface SessionObserver<C> {
  /** An attempt to connect begins. */
  attempt(client: C): void
  /** The attempt that began last opens a connection: no connection of before served it. */
  opens(client: C): void
  /** A client that counts as connected opens another connection: also an attempt. */
  moves(client: C): void
  /** The connection to which it moved serves it. */
  moved(client: C): void
  /** @param receivedAt when it came; now unless given */
  event(client: C, event: PushEvent, receivedAt?: Instant): void
  overrun(client: C, overrun: Overrun): void
  response(client: C, empty: boolean): void
  /** The client is connected; `again` when it had been before. */
  up(client: C, again: boolean): void
  /** A connection was lost, or an attempt failed. */
  down(client: C, loss: Loss): void
}

/** How a session behaves. */
export interface SessionOptions {
  readonly backoff: Backoff
  readonly random: Random
  /** An attempt that has not connected after this time is given up; {@link defaultAttemptTimeout} unless given. */
  readonly attemptTimeout?: Micros
}

/** Checks in a row that must find a connection silent before it counts as lost. */
export const silentLooks = 4

export class Session<C = null> implements ClientSink {
  /** Sequence number of the newest event received, or known to be gone. */
  cursor = 0
  readonly #adapter: PushClient & Partial<PausableClient>
  readonly #attemptTimeout: Micros
  readonly #delay: ReconnectDelay
  readonly #observer: SessionObserver<C>
  readonly #client: C
  #connecting = false
  /** An attempt was reported whose connection has not been opened yet. */
  #reported = false
  #moving = false
  #connectedOnce = false
  #up = false
  #lossOnArrival: Loss | null = null
  /** Checks since something last came. */
  #silence = 0
  /** Ends an attempt that takes too long, or the wait for the next. */
  #timer: NodeJS.Timeout | undefined
  #closed = false
  /** What a client that stalls reports once it reads again, in order; null while it reads. */
  #stalled: (() => void)[] | null = null

  /** @param client what `observer` keeps of this session's client */
  constructor(
    adapter: PushClient & Partial<PausableClient>,
    { backoff, random, attemptTimeout = defaultAttemptTimeout }: SessionOptions,
    observer: SessionObserver<C>,
    client: C,
  ) {
    this.#adapter = adapter
    this.#attemptTimeout = attemptTimeout
    this.#delay = new ReconnectDelay(backoff, random)
    this.#observer = observer
    this.#client = client
  }

  /** Makes one attempt to connect; after a failure the session goes on trying by its backoff until closed. */
  async start(): Promise<void> {
    this.#reportAttempt()
    await this.#attemptOnce()
  }

  async #attemptOnce(): Promise<void> {
    if (this.#closed) return
    this.#connecting = true
    const loss = await this.#connect()
    this.#connecting = this.#reported = false
    if (this.#closed) return
    if (loss === null) this.#arrive()
    const lost = loss ?? this.#lossOnArrival
    this.#lossOnArrival = null
    if (lost !== null) this.lost(lost)
  }

  /** Ends the session for good; resolves when its socket is closed. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#adapter.close()
  }

  /**
   * Checks whether the connection is alive. To be called {@link silentLooks} times in the longest silence of the
   * technique. After {@link silentLooks} checks in a row without anything new, the client gives the connection up.
   */
  look(): void {
    if (!this.#up || this.#stalled !== null || ++this.#silence <= silentLooks) return
    void this.#giveUp('the connection was silent for longer than the technique allows')
  }

  /** Stops reading, and noticing events and losses, until {@link resume}. For adapters that declare `pauses`. */
  pause(): void {
    this.#stalled ??= []
    this.#adapter.pause?.()
  }

  /** Reads on: what was kept comes first, then what waits in the socket. */
  resume(): void {
    const kept = this.#stalled
    if (kept === null) return
    this.#stalled = null
    this.#silence = 0
    for (const report of kept) report()
    this.#adapter.resume?.()
  }

  /** Largest error of its client's instants; null for a client that uses the run's clock. */
  get clockError(): Micros | null {
    return this.#adapter.clockError ?? null
  }

  event(event: PushEvent, receivedAt?: Instant): void {
    this.#silence = 0
    if (event.seq > this.cursor) this.cursor = event.seq
    if (this.#stalled === null) this.#observer.event(this.#client, event, receivedAt)
    else this.#stalled.push(() => this.#observer.event(this.#client, event))
  }

  overrun(overrun: Overrun): void {
    if (overrun.last > this.cursor) this.cursor = overrun.last
    if (this.#stalled === null) this.#observer.overrun(this.#client, overrun)
    else this.#stalled.push(() => this.#observer.overrun(this.#client, overrun))
  }

  response(empty: boolean): void {
    this.#silence = 0
    this.#observer.response(this.#client, empty)
  }

  alive(): void {
    this.#silence = 0
  }

  retryAfter(delay: Micros, once = false): void {
    this.#delay.ask(delay, once)
  }

  opening(): void {
    if (this.#closed) return
    // The connection of an attempt counts from the instant at which its wait was over.
    if (this.#reported) {
      this.#reported = false
      this.#observer.opens(this.#client)
    } else if (!this.#up) this.#observer.attempt(this.#client)
    else {
      this.#moving = true
      this.#observer.moves(this.#client)
    }
  }

  opened(): void {
    if (!this.#moving) return
    this.#moving = false
    this.#observer.moved(this.#client)
  }

  lost(loss: Loss): void {
    if (this.#closed) return
    // A connection can end in the packet that established it; then it is up first and down after.
    if (this.#connecting) {
      this.#lossOnArrival = loss
      return
    }
    if (this.#stalled !== null) {
      this.#stalled.push(() => this.lost(loss))
      return
    }
    this.#up = this.#moving = false
    this.#observer.down(this.#client, loss)
    this.#timer = setTimeout(() => {
      // Clients whose waits end together set out together, though one process handles them in turn: an attempt is
      // reported when the wait is over, before any of them costs time.
      this.#reportAttempt()
      throttled(() => void this.#attemptOnce())
    }, toMilliseconds(this.#delay.next()))
  }

  #reportAttempt(): void {
    this.#reported = true
    this.#observer.attempt(this.#client)
  }

  /** Makes the attempt, for as long as it may take. @returns why it failed, or null */
  async #connect(): Promise<Loss | null> {
    const timeoutMs = toMilliseconds(this.#attemptTimeout)
    const { promise: late, resolve } = Promise.withResolvers<'late'>()
    this.#timer = setTimeout(() => resolve('late'), timeoutMs)
    try {
      const end = await Promise.race([this.#adapter.connect(this), late])
      if (end !== 'late') return null
      await this.#adapter.close()
      return { cause: 'timeout', detail: `no connection within ${timeoutMs / 1_000} s` }
    } catch (error) {
      if (!(error instanceof LossError)) throw error
      return error.loss
    } finally {
      clearTimeout(this.#timer)
    }
  }

  /** Ends an unusable connection, and reconnects as after any other loss. */
  async #giveUp(detail: string): Promise<void> {
    this.#up = false
    await this.#adapter.close()
    this.lost({ cause: 'timeout', detail })
  }

  #arrive(): void {
    this.#delay.reset()
    this.#silence = 0
    this.#up = true
    this.#observer.up(this.#client, this.#connectedOnce)
    this.#connectedOnce = true
  }
}
