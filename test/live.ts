/**
 * The one mechanism for tests that need real time. A property is measured on real sockets, so a machine that is busy
 * with something else can break it. When an attempt fails, the machine's own noise during that attempt decides:
 * three failures on a quiet machine are a failure, and where no three attempts were quiet the test is skipped with
 * the figure that made it so. Every property comes with a planted fault that must break it, for the reason that is
 * given. Files that use it end in `.live.ts`; `npm run test:live` runs them, one after the other.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { otherShare, readCpuTicks } from '../measure/run/machine-cpu.ts'

/** Above this share of the machine's CPU time, taken by others, an attempt proves nothing. */
export const noisyShare = 0.05
/** So many failed attempts on a quiet machine are a failure of the property. */
export const failuresNeeded = 3
/** So many attempts are made at most, noisy ones included. */
export const mostAttempts = 6

/** How one attempt ended, and how noisy the machine was meanwhile. */
export interface Attempt {
  /** What the property threw; null when it held. */
  readonly failure: unknown
  /** The share of the machine's CPU time that other processes took, 0 to 1. */
  readonly noise: number
}

/** What follows from the attempts so far. */
export type Verdict = 'passed' | 'failed' | 'skipped' | 'again'

/** Decides after each attempt. One attempt that holds is enough: noise makes a measurement worse, never better. */
export function judge(attempts: readonly Attempt[]): Verdict {
  if (attempts.at(-1)?.failure === null) return 'passed'
  if (attempts.filter(({ noise }) => noise <= noisyShare).length >= failuresNeeded) return 'failed'
  return attempts.length >= mostAttempts ? 'skipped' : 'again'
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`

/** Measures a property until the verdict is clear. */
async function decide(context: TestContext, property: () => Promise<void>): Promise<void> {
  const attempts: Attempt[] = []
  for (;;) {
    const before = readCpuTicks([process.pid])
    const failure: unknown = await property().then(
      () => null,
      (error: unknown) => error,
    )
    const after = readCpuTicks([process.pid])
    // Where the machine does not say, it counts as quiet: no failure is excused.
    attempts.push({ failure, noise: (before && after && otherShare(before, after)) ?? 0 })
    const verdict = judge(attempts)
    if (verdict === 'passed') return
    if (verdict === 'failed') throw failure
    if (verdict === 'again') continue
    context.skip(
      `the machine was busy: other processes took ${attempts.map(({ noise }) => percent(noise)).join(', ')} of it`,
    )
    return
  }
}

/** A property of real runs, and the fault that must break it. */
export interface LiveTest<Fault> {
  /**
   * Measures and asserts. Throws when what it asserts does not hold.
   * @param fault absent in the real test
   */
  readonly property: (fault?: Fault) => Promise<void>
  readonly planted: {
    /** What is planted, e.g. a delay of 5 ms. */
    readonly fault: Fault
    /** The fault in words: "a server that is 5 ms late". */
    readonly is: string
    /** What the failed assertion then says. Any other failure proves nothing about the property. */
    readonly shows: RegExp
  }
}

/** Between the name of a property and that of its planted fault. */
export const unless = ': does not hold with '

/** Registers the test of a property and the test that its planted fault breaks it. */
export function live<Fault>(name: string, { property, planted }: LiveTest<Fault>): void {
  test(name, context => decide(context, () => property()))
  test(`${name}${unless}${planted.is}`, () =>
    assert.rejects(property(planted.fault), { name: 'AssertionError', message: planted.shows }))
}
