/**
 * The conformance suite, the contract of every technique: the same cases for all, run in this process against a
 * server adapter and client adapters over real sockets. Verify first, measure second: a pair that fails here is
 * wrong, not slow.
 *
 * The input is a pair and what it declares; the output is a result for each case. No file of the folder names a
 * technique, and it imports only `measure`. The command line and tests import this file; tests import its tools too.
 */
import { inspect } from 'node:util'
import type { HeaderSet } from '../model/request.ts'
import type { Case } from './case.ts'
import { cases } from './cases/cases.ts'
import type { SettingValues } from './declarations.ts'
import { Harness, type HarnessOptions } from './harness.ts'
import { Mismatch } from './mismatch.ts'
import type { VerifiedPair } from './pair.ts'

export type { Case } from './case.ts'
export { cases } from './cases/cases.ts'
export type { VerifiedPair } from './pair.ts'

/** How to verify. */
export interface VerifyOptions {
  /** Values for settings that either adapter declares; by default what the adapters ask for by `verifySettings`. */
  readonly settings?: SettingValues
  /** Request headers of the clients, `browser` by default. */
  readonly headers?: HeaderSet
  /** Longest wait, in milliseconds, for anything that is expected to happen; 5,000 by default. */
  readonly deadlineMs?: number
  /** The cases to run; every one by default. */
  readonly cases?: readonly Case[]
  /** True to run no case after the first that fails. */
  readonly bail?: boolean
  /** Called with each result as soon as it exists. */
  readonly onResult?: (result: CaseResult) => void
}

/** The outcome of a case. */
export interface CaseResult {
  readonly case: string
  /** The requirement, in a sentence. */
  readonly about: string
  /**
   * `deviates`: it failed, as the technique declares with a reason. `exempt`: it was not run, because the technique
   * declares nothing that it is about.
   */
  readonly state: 'passed' | 'failed' | 'deviates' | 'exempt'
  /** What was expected and what came, or a reason; empty when passed. */
  readonly detail: string
  /** What to look at first; empty unless failed. */
  readonly advice: string
  readonly millis: number
}

type Verdict = Pick<CaseResult, 'state' | 'detail' | 'advice'>

/** Events kept per stream where a case says nothing: more than any of them publishes. */
const ampleLog = 2_000

const staleDeviation = 'remove the entry from `deviations` of the server adapter, or correct its name'

/** Runs the cases one after the other. Resolves with a result for each, however it ended. */
export async function verify(pair: VerifiedPair, options: VerifyOptions = {}): Promise<CaseResult[]> {
  const results: CaseResult[] = []
  const note = (result: CaseResult): void => {
    results.push(result)
    options.onResult?.(result)
  }
  for (const each of options.cases ?? cases) {
    note(await verifyCase(pair, each, options))
    if (options.bail && results.at(-1)?.state === 'failed') return results
  }
  for (const name of Object.keys(pair.server.deviations ?? {})) {
    if (!cases.some(each => each.name === name))
      note({
        case: name,
        about: 'a deviation is recorded for a case of the suite',
        ...failed('deviation recorded for a case that does not exist', staleDeviation),
        millis: 0,
      })
  }
  return results
}

/** Runs one case in a harness of its own. */
export async function verifyCase(
  pair: VerifiedPair,
  each: Case,
  { settings = {}, headers = 'browser', deadlineMs = 5_000 }: VerifyOptions = {},
): Promise<CaseResult> {
  const startedAt = performance.now()
  const exemption = each.exempt?.(pair) ?? null
  const deviation = pair.server.deviations?.[each.name]
  const verdict =
    exemption === null
      ? judge(
          await runCase(each, {
            pair,
            settings: { ...settings, ...each.settings?.(pair) },
            headers,
            deadlineMs,
            logEvents: each.logEvents ?? ampleLog,
          }),
          deviation,
        )
      : exempted(exemption, deviation)
  return { case: each.name, about: each.about, ...verdict, millis: performance.now() - startedAt }
}

/** What a case found, in words. */
interface Problem {
  readonly detail: string
  readonly advice: string
}

/** The problem that a case found; null when it found none. */
async function runCase(each: Case, options: HarnessOptions): Promise<Problem | null> {
  const problems: string[] = []
  let advice: string | undefined
  const note = (error: unknown): void => {
    if (error instanceof Mismatch) advice ??= error.advice
    problems.push(error instanceof Mismatch ? error.message : `expected no exception, got ${inspect(error)}`)
  }
  const harness = await Harness.open(options).catch(note)
  if (harness instanceof Harness) {
    await each.run(harness).catch(note)
    await harness.close().catch(note)
  }
  return problems.length === 0 ? null : { detail: problems.join('; then '), advice: advice ?? each.advice }
}

const failed = (detail: string, advice: string): Verdict => ({ state: 'failed', detail, advice })

function judge(problem: Problem | null, deviation: string | undefined): Verdict {
  if (deviation === undefined)
    return problem === null
      ? { state: 'passed', detail: '', advice: '' }
      : failed(problem.detail, problem.advice)
  return problem === null
    ? failed(`recorded deviation no longer holds: ${deviation}`, staleDeviation)
    : { state: 'deviates', detail: `${deviation} (${problem.detail})`, advice: '' }
}

function exempted(reason: string, deviation: string | undefined): Verdict {
  return deviation === undefined
    ? { state: 'exempt', detail: reason, advice: '' }
    : failed(`deviation recorded for a case that does not apply: ${reason}`, staleDeviation)
}
