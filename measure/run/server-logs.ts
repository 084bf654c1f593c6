/** What the server processes of a run wrote, and what of it goes into results: nowhere with the secrets of this machine. */

import type { Measurement } from '../../results/result.ts'
import type { RunPlan } from '../messages/run-plan.ts'
import { maskerOf } from '../messages/secrets.ts'
import type { Child } from './child.ts'
import type { RunHooks } from './hooks.ts'

/** Hands out what a server wrote and the stack of its error, if anything. @param process the server among those of its run */
export function handLog(plan: RunPlan, process: string, { log }: Child, { serverLog }: RunHooks): void {
  if (log !== '') serverLog?.({ plan, process, text: masked(log) })
}

/** A measurement without the secrets that a server may have put into its last words or its answers. */
export const withoutSecrets = (measurement: Measurement): Measurement => ({
  ...measurement,
  failures: measurement.failures.map(masked),
  warnings: measurement.warnings.map(warning => ({ ...warning, message: masked(warning.message) })),
})

/** Child processes have the environment of this one. */
const masked = (text: string): string => maskerOf(process.env)(text)
