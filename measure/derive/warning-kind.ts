/** One entry of the closed list of warnings. */
import { micros, toMilliseconds } from '../../model/units.ts'
import type { Measurement, WarningCode } from '../../results/result.ts'
import type { RunFacts } from './run-facts.ts'

/** What a rule saw, with the advice that fits its cause. */
export interface Sighting {
  readonly message: string
  readonly advice: string
}

/**
 * Checks a measurement: a message, which gets the advice of its kind; a sighting, which has its own; null
 * for no warning.
 */
export type Rule = (measurement: Measurement, facts: RunFacts) => string | Sighting | null

/**
 * How much a warning could change a decision, the most first. `invalid`: the run proves nothing. `bias`: a number is
 * off in one direction, however often it is measured. `precision`: numbers scatter. `note`: good to know.
 */
export const warningRanks = ['invalid', 'bias', 'precision', 'note'] as const

/** One of {@link warningRanks}. */
export type WarningRank = (typeof warningRanks)[number]

/** One kind of warning. */
export interface WarningKind {
  readonly code: WarningCode
  /** A run with a warning of rank `invalid` is invalid. */
  readonly rank: WarningRank
  /** Unless the rule gives one that fits the cause better. */
  readonly advice: string
  /** Absent for what only results of earlier versions carry. */
  readonly rule?: Rule
}

/** A time in microseconds as the text of a message. */
export const ms = (value: number): string =>
  `${toMilliseconds(micros(value)).toFixed(value < 10_000 ? 2 : 0)} ms`

/** A share as the text of a message. */
export const percent = (share: number): string => `${(share * 100).toFixed(0)} %`
