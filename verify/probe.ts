/**
 * A client of the conformance suite: a session that keeps everything it is told, and waits for what a case
 * expects of it. Waiting is for something to happen, up to a deadline; nothing sleeps.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Overrun, PushEvent } from '../measure/event.ts'
import type { Session, SessionObserver } from '../measure/session.ts'
import type { Loss } from '../measure/technique.ts'

/** What a case expected did not come about. The message says what was expected and what came. */
export class Mismatch extends Error {}

/** Compares exactly. @throws {Mismatch} */
export function expectEqual(what: string, got: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(got, expected))
    throw new Mismatch(`${what}: expected ${show(expected)}, got ${show(got)}`)
}

/** Settles as `promise` does, or fails when the deadline passes first. */
export async function within<T>(promise: Promise<T>, deadlineMs: number, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new Mismatch(`expected ${what} within ${deadlineMs} ms, got no end of it`)),
    deadlineMs,
  )
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** A value in a message; long ones are cut. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length <= 120 ? text : `${text.slice(0, 100)}... (${text.length} characters)`
}

/** What a probe works with. */
export interface ProbeContext {
  readonly name: string
  readonly deadlineMs: number
  /** Makes the session around the client half. */
  session(observer: SessionObserver): Session
}

export class Probe implements SessionObserver {
  readonly events: PushEvent[] = []
  readonly overruns: Overrun[] = []
  readonly losses: Loss[] = []
  /** How often the client became connected. */
  ups = 0
  readonly session: Session
  readonly #context: ProbeContext
  readonly #waiting = new Set<() => void>()

  constructor(context: ProbeContext) {
    this.#context = context
    this.session = context.session(this)
  }

  /** When attempts begin is no matter of correctness. */
  attempt(): void {}
  moves(): void {}
  moved(): void {}

  event(event: PushEvent): void {
    this.events.push(event)
    this.#changed()
  }

  overrun(overrun: Overrun): void {
    this.overruns.push(overrun)
    this.#changed()
  }

  /** How answers are counted is the recorder's matter. */
  response(): void {}

  up(): void {
    this.ups++
    this.#changed()
  }

  down(loss: Loss): void {
    this.losses.push(loss)
    this.#changed()
  }

  /** Waits until `holds` does. @throws {Mismatch} at the deadline */
  async until(what: string, holds: () => boolean): Promise<void> {
    if (!(await this.#wait(holds))) this.#fail(what, this.#state)
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

  #fail(expected: string, got: string): never {
    throw new Mismatch(`client ${this.#context.name}: expected ${expected}, got ${got}`)
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
