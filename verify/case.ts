/** The shape of a conformance case. */
import type { SettingValues } from './declarations.ts'
import type { Harness } from './harness.ts'
import type { VerifiedPair } from './pair.ts'

/** One thing that every technique must do, or every technique that declares what the case is about. */
export interface Case {
  /** Short and unique: what deviations and reports call the case. */
  readonly name: string
  /** The requirement, in a sentence. */
  readonly about: string
  /** What to look at first when the case fails. */
  readonly advice: string
  /** True for a case that checks the server only: the choice of client does not matter. */
  readonly serverOnly?: true
  /** Events that the server keeps per stream; enough for the whole case when absent. */
  readonly logEvents?: number
  /** Values that the case needs for settings that the pair declares; they replace those of the caller. */
  settings?(pair: VerifiedPair): SettingValues
  /** Why a pair need not pass, based on what it declares and never on its name; null for a pair that must. */
  exempt?(pair: VerifiedPair): string | null
  /** Throws when the requirement is not met. */
  run(harness: Harness): Promise<void>
}
