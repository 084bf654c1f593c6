/** Measures one storm as the command line would, for tests. */
import assert from 'node:assert/strict'
import { measureOnce } from '../../measure/run/run.ts'
import type { Pair } from '../../model/subject.ts'
import type { RunOptions } from '../../plan/options.ts'
import { planRuns } from '../../plan/plan.ts'
import type { Measurement, Storm } from '../../results/result.ts'

/**
 * What the options ask for, which must be one run, and its storm.
 * @param pair measured in place of the technique that the options name
 */
export async function storm(
  options: RunOptions,
  pair?: Pair,
): Promise<{ measurement: Measurement; storm: Storm }> {
  const [plan, ...others] = planRuns({ warmup: '200ms', ...options })
  assert.ok(plan !== undefined && others.length === 0, 'the options ask for one run')
  const measurement = await measureOnce({ ...plan, ...(pair && { pair }) })
  assert.ok(measurement?.storm, measurement?.failures.join() ?? 'aborted')
  return { measurement, storm: measurement.storm }
}

/** Everything came, once. */
export function assertWhole({ events }: Measurement): void {
  const { lost, duplicated, outOfOrder, delivered, expected } = events
  assert.deepEqual(
    { lost, duplicated, outOfOrder, delivered },
    { lost: 0, duplicated: 0, outOfOrder: 0, delivered: expected },
  )
  assert.ok(expected > 0)
}
