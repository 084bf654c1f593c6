/**
 * Plans one run of a side and sends its figures to the parent. A process of its own, in the side's folder: planning
 * loads the user's server module, and whatever that does ends with it.
 */

import { plannedTime } from '../../measure/run/planned-time.ts'
import { UsageError } from '../../model/usage-error.ts'
import type { RunOptions } from '../../plan/options.ts'
import { planRuns } from '../../plan/plan.ts'
import { gather } from '../sources.ts'

/** What the process is asked, as JSON in its first argument. */
export interface ForecastQuestion {
  /** The flags that the side is given. */
  readonly flags: RunOptions
  /** The path of `--config`; null where there is none. */
  readonly config: string | null
}

/** What a repetition of the side waits for and starts. */
export interface SidePlan {
  /** Techniques, scenarios and faults: each is a run with processes of its own. */
  readonly runs: number
  /** Servers that are driven to their ceiling, with processes of their own. */
  readonly ceilings: number
  /** True where a run ends as soon as its storm is over, before its planned end. */
  readonly hasStorms: boolean
  /** What all runs wait for by the clock. */
  readonly plannedMs: number
}

/** What is wrong with the flags, the configuration or the modules of a side, in one sentence. */
export interface SideProblem {
  readonly problem: string
}

// Whoever asked may be gone before the answer.
process.once('disconnect', () => process.exit())
const question = JSON.parse(process.argv[2] ?? '{}') as ForecastQuestion
process.send?.(await answerTo(question), () => process.exit(0))

async function answerTo({ flags, config }: ForecastQuestion): Promise<SidePlan | SideProblem> {
  try {
    const { options } = await gather(flags, [], config ?? undefined)
    const plans = planRuns({ ...options, runs: 1 })
    return {
      runs: plans.length,
      ceilings: plans.filter(({ ceiling, pair }) => ceiling > 0 && pair.client.ceiling !== undefined).length,
      hasStorms: plans.some(({ fault }) => fault !== undefined),
      plannedMs: plans.reduce((sum, plan) => sum + plannedTime(plan), 0) / 1_000,
    }
  } catch (error) {
    if (error instanceof UsageError) return { problem: error.message }
    throw error
  }
}
