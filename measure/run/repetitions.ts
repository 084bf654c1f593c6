/**
 * Many runs, one result: every plan in turn, each in fresh processes, with what was measured handed out as it
 * comes, so that nothing is lost when the series is cut short.
 */

import { formatBackoff } from '../../model/backoff-text.ts'
import { type Measurement, type PlannedRun, type Result, schemaVersion } from '../../results/result.ts'
import type { RunPlan } from '../messages/run-plan.ts'
import { readEnvironment, readTool } from './environment.ts'
import type { Progress, ServerLog } from './hooks.ts'
import { measureOnce } from './run.ts'

/** How the caller watches a series and cuts it short. */
export interface SeriesHooks {
  /** A run begins; counted from 1 of `total`. */
  begin?(plan: RunPlan, index: number, total: number): void
  progress?(progress: Progress): void
  /** A run ended; `result` is everything measured so far. */
  end?(measurement: Measurement, result: Result): void
  /** Called with the server's process ids of each run. */
  booted?(pids: readonly number[]): void
  /** Called at the end of a run for each of its server processes that wrote something. */
  serverLog?(log: ServerLog): void
  readonly signal?: AbortSignal
}

/** What is written into the result besides the measurements. */
export interface SeriesHead {
  readonly argv: readonly string[]
  readonly seed: number
}

/** A plan as a result names it. */
const plannedRun = ({ pair, scenario, run, fault, workload }: RunPlan): PlannedRun => ({
  technique: pair.technique,
  ...(pair.foreign && { subject: pair.foreign.name }),
  scenario,
  run,
  fault: fault?.text ?? null,
  backoff: formatBackoff(workload.backoff),
})

/** Measures the plans one after the other. */
export async function measureSeries(
  plans: readonly RunPlan[],
  head: SeriesHead,
  hooks: SeriesHooks = {},
): Promise<Result> {
  const { signal } = hooks
  const startedAt = new Date().toISOString()
  const environment = readEnvironment()
  const measurements: Measurement[] = []
  const result = (): Result => ({
    schemaVersion,
    tool: readTool(),
    startedAt,
    finishedAt: new Date().toISOString(),
    aborted: signal?.aborted === true,
    environment,
    command: { argv: [...head.argv], seed: head.seed },
    measurements: [...measurements],
    ...(measurements.length < plans.length && {
      notMeasured: plans.slice(measurements.length).map(plannedRun),
    }),
  })
  for (const [index, plan] of plans.entries()) {
    if (signal?.aborted) break
    hooks.begin?.(plan, index + 1, plans.length)
    const measurement = await measureOnce(plan, hooks)
    if (measurement === null) break
    measurements.push(measurement)
    hooks.end?.(measurement, result())
  }
  return result()
}
