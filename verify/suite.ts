/**
 * The conformance suite: the same cases for every technique, run in this process against a server half and
 * client halves of it. Verify first, measure second: a pair that fails here is wrong, not slow.
 */
import { inspect } from 'node:util'
import type { SettingValue } from '../measure/result.ts'
import type { HeaderSet } from '../measure/technique.ts'
import { type Case, cases } from './cases.ts'
import { Mismatch } from './probe.ts'
import { Stage, type StageOptions } from './stage.ts'

export { type Case, cases } from './cases.ts'

/** The two halves to verify. A `Pair` is one. */
export type VerifiedPair = StageOptions['pair']

/** How to verify. */
export interface VerifyOptions {
  /** Values for settings that either half declares; by default what the halves ask for by `verifySettings`. */
  readonly settings?: Readonly<Record<string, SettingValue>>
  /** Request headers of the clients, `browser` by default. */
  readonly headers?: HeaderSet
  /** Longest wait, in milliseconds, for anything that is expected to happen; 5,000 by default. */
  readonly deadlineMs?: number
  /** The cases to run; every one by default. */
  readonly cases?: readonly Case[]
  /** Told of each result as soon as it is there. */
  readonly onResult?: (result: CaseResult) => void
}

/** What came of a case. `deviates`: it failed, as the technique says it must, for the reason in `detail`. */
export interface CaseResult {
  readonly case: string
  readonly state: 'passed' | 'failed' | 'deviates'
  /** What was expected and what came, or the reason of a deviation; empty when passed. */
  readonly detail: string
  readonly millis: number
}

/** Events kept per stream where a case says nothing: more than any of them publishes. */
const ampleLog = 2_000

/** Runs the cases one after the other. Resolves with a result for each, however it ended. */
export async function verify(pair: VerifiedPair, options: VerifyOptions = {}): Promise<CaseResult[]> {
  const results: CaseResult[] = []
  const note = (result: CaseResult): void => {
    results.push(result)
    options.onResult?.(result)
  }
  for (const each of options.cases ?? cases) note(await verifyCase(pair, each, options))
  for (const name of Object.keys(pair.server.deviations ?? {})) {
    if (!cases.some(each => each.name === name))
      note({
        case: name,
        state: 'failed',
        detail: 'deviation recorded for a case that there is not',
        millis: 0,
      })
  }
  return results
}

/** Runs one case on a stage of its own. */
export async function verifyCase(
  pair: VerifiedPair,
  each: Case,
  { settings = {}, headers = 'browser', deadlineMs = 5_000 }: VerifyOptions = {},
): Promise<CaseResult> {
  const startedAt = performance.now()
  const stageOptions = { pair, settings, headers, deadlineMs, logEvents: each.logEvents ?? ampleLog }
  const problem = await play(each, stageOptions)
  return {
    case: each.name,
    ...judge(problem, pair.server.deviations?.[each.name]),
    millis: performance.now() - startedAt,
  }
}

/** The problem that a case found, in words; null when it found none. */
async function play(each: Case, options: StageOptions): Promise<string | null> {
  const problems: string[] = []
  const note = (error: unknown): void => {
    problems.push(error instanceof Mismatch ? error.message : `expected no exception, got ${inspect(error)}`)
  }
  const stage = await Stage.open(options).catch(note)
  if (stage instanceof Stage) {
    await each.run(stage).catch(note)
    await stage.close().catch(note)
  }
  return problems.length === 0 ? null : problems.join('; then ')
}

function judge(problem: string | null, deviation: string | undefined): Pick<CaseResult, 'state' | 'detail'> {
  if (deviation === undefined)
    return problem === null ? { state: 'passed', detail: '' } : { state: 'failed', detail: problem }
  return problem === null
    ? { state: 'failed', detail: `recorded deviation no longer holds: ${deviation}` }
    : { state: 'deviates', detail: `${deviation} (${problem})` }
}
