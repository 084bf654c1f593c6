/** One entry of the closed list of warnings. */
import { micros, toMilliseconds } from '../../model/units.ts'
import type { Measurement, WarningCode } from '../../results/result.ts'
import type { RunFacts } from './run-facts.ts'

/** Checks a measurement: the message of the warning, or null for no warning. */
export type Rule = (measurement: Measurement, facts: RunFacts) => string | null

/** One kind of warning. */
export interface WarningKind {
  readonly code: WarningCode
  readonly advice: string
  /** True when such a run is invalid. */
  readonly fatal?: true
  readonly rule: Rule
}

/** A time in microseconds as the text of a message. */
export const ms = (value: number): string =>
  `${toMilliseconds(micros(value)).toFixed(value < 10_000 ? 2 : 0)} ms`

/** A share as the text of a message. */
export const percent = (share: number): string => `${(share * 100).toFixed(0)} %`
