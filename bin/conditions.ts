/** Reads thresholds, and checks that what they name exists before anything runs. */
import { scenarios, techniques, UsageError } from '../index.ts'
import { unknownName } from '../model/usage-error.ts'
import { readThreshold, type Threshold } from '../results/thresholds.ts'

/** What a filter can name, by its key. */
const known = {
  technique: techniques,
  scenario: Object.keys(scenarios),
} as const satisfies Record<string, readonly string[]>

/**
 * Reads conditions.
 * @param label how an error names where they stand
 * @throws {UsageError} with one sentence
 */
export const readThresholds = (texts: readonly string[], label: string): Threshold[] =>
  texts.map(text => {
    const threshold = readThreshold(text)
    if ('problem' in threshold) throw new UsageError(`${label}: ${threshold.problem}`)
    for (const key of ['technique', 'scenario'] as const) {
      const name = threshold.value[key]
      if (name !== undefined && !(known[key] as readonly string[]).includes(name))
        throw new UsageError(`${label}: ${unknownName(key, name, known[key])}`)
    }
    return threshold.value
  })
