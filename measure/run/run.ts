/**
 * Measures a plan once: a pilot where its fault needs one, the run itself, the ceiling of its server, and then the
 * measurement, which is derived from all of it. Plans come in from `plan/`, measurements go out to `results/`.
 */
import { micros } from '../../model/units.ts'
import type { Measurement } from '../../results/result.ts'
import { deriveMeasurement } from '../derive/measurement.ts'
import type { RunFacts } from '../derive/run-facts.ts'
import type { RunPlan } from '../messages/run-plan.ts'
import { withLead } from '../messages/warm-up.ts'
import { measureCeiling } from './ceiling.ts'
import type { RunHooks } from './hooks.ts'
import { withoutSecrets } from './server-logs.ts'
import { SingleRun } from './single-run.ts'

/**
 * Measures once. Does not reject when the technique fails: that is a measurement with failures.
 * @returns null when the run was aborted before its measured window opened
 */
export async function measureOnce(asked: RunPlan, hooks: RunHooks = {}): Promise<Measurement | null> {
  const fitted = await fitToFault(asked, hooks)
  const plan = fitted && withLead(fitted)
  const facts = plan && (await runOnce(plan, hooks))
  return facts && withoutSecrets(deriveMeasurement({ ...facts, ceiling: await measureCeiling(facts, hooks) }))
}

async function runOnce(plan: RunPlan, hooks: RunHooks): Promise<RunFacts | null> {
  const run = new SingleRun(plan, hooks)
  try {
    return await run.measure()
  } finally {
    await run.close()
  }
}

/** The plan with the load and the settings that its fault needs, some of them from a pilot; null when aborted. */
async function fitToFault(plan: RunPlan, hooks: RunHooks): Promise<RunPlan | null> {
  if (plan.fault === undefined) return plan
  const { pair, workload, fault: planned, ...rest } = plan
  const { fault, values, at } = planned
  const settings = { ...fault.settingsFor?.(pair, values), ...plan.settings }
  const baseline = { ...rest, pair, settings }
  const pilot =
    fault.pilot === undefined
      ? null
      : await runOnce({ ...baseline, workload: fault.pilot(workload, values, at) }, hooks)
  if (fault.pilot !== undefined && pilot === null) return null
  const rearm = pilot && deriveMeasurement(pilot).rearmMicros
  const learnt = pilot && { rearmP50: rearm && micros(rearm.p50) }
  return {
    ...baseline,
    fault: planned,
    ...(learnt && { pilot: learnt }),
    workload: fault.load?.(workload, values, at, learnt) ?? workload,
  }
}
