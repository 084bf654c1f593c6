/** How a case states what it expected and what it got instead. */
import { isDeepStrictEqual } from 'node:util'

/** An expectation was not met. The message says what was expected and what came. */
export class Mismatch extends Error {
  /** What to look at first, where what came shows more than the case knows by itself. */
  readonly advice: string | undefined

  constructor(message: string, advice?: string) {
    super(message)
    this.advice = advice
  }
}

/** Settles as `promise` does; a mismatch of it comes with `advice`, unless it has its own. */
export async function advising<T>(advice: string | undefined, promise: Promise<T>): Promise<T> {
  try {
    return await promise
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error
    throw new Mismatch(error.message, error.advice ?? advice)
  }
}

/** Compares exactly. @throws {Mismatch} */
export function expectEqual(what: string, got: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(got, expected))
    throw new Mismatch(`${what}: expected ${show(expected)}, got ${show(got)}`)
}

/** @throws {Mismatch} unless `holds` */
export function expectThat(holds: boolean, expected: string, got: string): asserts holds {
  if (!holds) throw new Mismatch(`expected ${expected}, got ${got}`)
}

/** Settles as `promise` does, or fails when the deadline passes first. */
export async function within<T>(promise: Promise<T>, deadlineMs: number, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new Mismatch(`expected ${what} within ${deadlineMs} ms, got nothing in that time`)),
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
