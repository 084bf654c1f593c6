/**
 * The one mechanism for tests that need real time. A property is measured on real sockets, so a machine that is busy
 * with something else can break it. When an attempt fails, the machine's own noise during that attempt decides:
 * three failures on a quiet machine are a failure, and where no three attempts were quiet the test is skipped with
 * the figure that made it so. Every property comes with a planted fault that must break it, for the reason that is
 * given. Files that use it end in `.live.ts`; `npm run test:live` runs them, one after the other.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { type TestContext, test } from 'node:test'

/** CPU time, in ticks of the kernel (10 ms): of the whole machine, and of this process with its ended children. */
export interface CpuTicks {
  /** Of all processes, and what a hypervisor gave to others. */
  readonly machine: number
  readonly own: number
}

/** Above this share of the machine's CPU time, taken by others, an attempt proves nothing. */
export const noisyShare = 0.05
/** So many failed attempts on a quiet machine are a failure of the property. */
export const failuresNeeded = 3
/** So many attempts are made at most, noisy ones included. */
export const mostAttempts = 6

const ticksPerSecond = 100

/** Reads both from /proc; see proc_stat(5) and proc_pid_stat(5). */
export function readCpuTicks(): CpuTicks {
  const [, user, nice, system, , , irq, softirq, steal] = (
    readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? ''
  )
    .split(/\s+/)
    .map(Number)
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ').map(Number) ?? []
  const sum = (...ticks: (number | undefined)[]): number =>
    ticks.reduce<number>((total, each) => total + (each ?? 0), 0)
  return {
    machine: sum(user, nice, system, irq, softirq, steal),
    // utime, stime, and those of children that have ended and were waited for.
    own: sum(fields[11], fields[12], fields[13], fields[14]),
  }
}

/** The share of the machine's CPU time between two readings that other processes took, 0 to 1. */
export function noiseBetween(before: CpuTicks, after: CpuTicks, seconds: number, cores: number): number {
  const others = after.machine - before.machine - (after.own - before.own)
  return Math.max(0, others) / (seconds * ticksPerSecond * cores)
}

/** How one attempt ended, and how noisy the machine was meanwhile. */
export interface Attempt {
  /** What the property threw; null when it held. */
  readonly failure: unknown
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
    const [before, startedAt] = [readCpuTicks(), performance.now()]
    const failure: unknown = await property().then(
      () => null,
      (error: unknown) => error,
    )
    const elapsed = (performance.now() - startedAt) / 1_000
    attempts.push({
      failure,
      noise: noiseBetween(before, readCpuTicks(), elapsed, availableParallelism()),
    })
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
