/** One entry of the closed list of warnings. */
import type { Measurement, WarningCode } from '../../results/result.ts'
import type { RunFacts } from './run-facts.ts'

/** What can be said of a measurement; a string makes a warning, null nothing. */
export type Rule = (measurement: Measurement, facts: RunFacts) => string | null

/** One thing that can be said of a run. */
export interface WarningKind {
  readonly code: WarningCode
  readonly advice: string
  /** True when such a run is invalid. */
  readonly fatal?: true
  readonly rule: Rule
}
