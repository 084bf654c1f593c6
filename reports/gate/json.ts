/** The comparison as JSON: every number of every finding, for other programs. */
import type { Comparison } from '../../compare/compare.ts'
import { countsOf, type GateOptions, isFailed } from './verdicts.ts'

/** The version of the shape. It grows when a reader of the one before would misread the next. */
const schemaVersion = 1

/**
 * The comparison with its kind and version in front, ending in a line feed. What is not there is `null`, and so is
 * what is infinite, such as a time that never came: JSON has no word for it.
 */
export const renderGateJson = (comparison: Comparison, options: GateOptions = {}): string => {
  const { stopped, verdict, ...rest } = comparison
  const whole = {
    schemaVersion,
    kind: 'comparison',
    stopped,
    verdict,
    failed: isFailed(comparison, options),
    counts: countsOf(comparison),
    ...rest,
  }
  return `${JSON.stringify(whole, null, 1)}\n`
}
