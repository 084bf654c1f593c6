/**
 * A client of the conformance suite: a session that keeps everything that it receives, and waits for what a case
 * expects. It waits for an event, up to a deadline; it never sleeps for a fixed time.
 */
import { isDeepStrictEqual } from 'node:util'
import { type Session, type SessionObserver, silentLooks } from '../measure/fleet/session.ts'
import type { Overrun, PushEvent } from '../model/event.ts'
import type { Loss, LossCause } from '../model/loss.ts'
import { type Micros, toMilliseconds } from '../model/units.ts'
import { Mismatch, show } from './mismatch.ts'

/** What a test client is made with. */
export interface TestClientContext {
  readonly name: string
  readonly deadlineMs: number
  /** Makes the session around the client adapter. */
  session(observer: SessionObserver<null>): Session
}

/** What to look at first when a client never becomes connected, by why its last attempt failed. */
const connecting: Readonly<Partial<Record<LossCause, string>>> = {
  status: 'the server refuses the request: method and body of both adapters must be the same',
  protocol: 'the client refuses the answer: content type and wire format of both adapters must be the same',
}

export class TestClient implements SessionObserver<null> {
  readonly events: PushEvent[] = []
  readonly overruns: Overrun[] = []
  readonly losses: Loss[] = []
  /** How often the client became connected. */
  ups = 0
  readonly session: Session
  readonly #context: TestClientContext
  readonly #waiting = new Set<() => void>()
  #looks: NodeJS.Timeout | undefined

  constructor(context: TestClientContext) {
    this.#context = context
    this.session = context.session(this)
  }

  /** The start of an attempt is not relevant to correctness. */
  attempt(): void {}
  opens(): void {}
  moves(): void {}
  moved(): void {}

  event(_: null, event: PushEvent): void {
    this.events.push(event)
    this.#changed()
  }

  overrun(_: null, overrun: Overrun): void {
    this.overruns.push(overrun)
    this.#changed()
  }

  /** How answers are counted is the recorder's matter. */
  response(): void {}

  up(): void {
    this.ups++
    this.#changed()
  }

  down(_: null, loss: Loss): void {
    this.losses.push(loss)
    this.#changed()
  }

  /** Gives a connection up that is silent for longer than `silence`, as in a run. */
  watchSilence(silence: Micros): void {
    this.stopWatching()
    this.#looks = setInterval(() => this.session.look(), toMilliseconds(silence) / silentLooks)
  }

  /** Bears any silence from now on. */
  stopWatching(): void {
    clearInterval(this.#looks)
  }

  /** Closes the session. */
  close(): Promise<void> {
    this.stopWatching()
    return this.session.close()
  }

  /** Forgets what came so far: for cases whose events are too large to keep. */
  forget(): void {
    this.events.length = 0
  }

  /** Waits until `holds` does. @throws {Mismatch} at the deadline */
  async until(what: string, holds: () => boolean): Promise<void> {
    if (!(await this.#wait(holds))) this.#fail(what, this.#state)
  }

  /** Waits until the client is connected for the first time. @throws {Mismatch} at the deadline */
  async connects(): Promise<void> {
    if (await this.#wait(() => this.ups > 0)) return
    const cause = this.losses.at(-1)?.cause
    this.#fail('to be connected', this.#state, cause && connecting[cause])
  }

  /** Waits until exactly `expected` have come in this order; fails at the first that differs. @throws {Mismatch} */
  async receives(expected: readonly PushEvent[]): Promise<void> {
    let equal = 0
    await this.#wait(() => {
      while (equal < this.events.length && isDeepStrictEqual(this.events[equal], expected[equal])) equal++
      return equal < this.events.length || equal >= expected.length
    })
    const [want, came] = [expected[equal], this.events[equal]]
    if (want === undefined && came === undefined) return
    const place = `event ${equal + 1} of ${expected.length}`
    this.#fail(
      want === undefined ? `no more than ${expected.length} events` : `${place} to be ${show(want)}`,
      came === undefined ? this.#state : show(came),
    )
  }

  async #wait(holds: () => boolean): Promise<boolean> {
    if (holds()) return true
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const check = (): void => {
      if (holds()) resolve(true)
    }
    this.#waiting.add(check)
    const timer = setTimeout(() => resolve(false), this.#context.deadlineMs)
    try {
      return await promise
    } finally {
      this.#waiting.delete(check)
      clearTimeout(timer)
    }
  }

  #fail(expected: string, got: string, advice?: string): never {
    throw new Mismatch(`client ${this.#context.name}: expected ${expected}, got ${got}`, advice)
  }

  get #state(): string {
    const last = this.losses.at(-1)
    const loss = last === undefined ? '' : `, the last by ${last.cause} (${last.detail})`
    const { events, overruns, losses, ups } = this
    return `${events.length} events, ${overruns.length} notices, ${ups} connects, ${losses.length} losses${loss}`
  }

  #changed(): void {
    for (const check of this.#waiting) check()
  }
}
