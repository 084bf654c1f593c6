/** Backoff policies as users write them: `full-jitter`, or `full-jitter:base=1s:cap=30s:factor=2`. */
import {
  type Backoff,
  type BackoffName,
  type BackoffParameters,
  backoffOf,
  backoffPolicies,
} from './backoff.ts'
import { formatDuration, type Parsed } from './quantity.ts'
import type { Settings } from './settings.ts'
import { formatNamed, parseNamed } from './settings-text.ts'

const declared = Object.fromEntries(
  Object.entries(backoffPolicies).map(([name, { settings }]) => [name, settings]),
) as Record<BackoffName, Settings>

/**
 * Reads a policy by its name, with parameters after it.
 * @param text e.g. `exponential` or `fixed:base=500ms`
 */
export function parseBackoff(text: string): Parsed<Backoff> {
  const parsed = parseNamed('backoff', text, declared)
  if ('problem' in parsed) return parsed
  const { name, values } = parsed.value
  return capAboveBase(backoffOf(name, values as Partial<BackoffParameters>))
}

/** The shortest text that {@link parseBackoff} reads back to the same policy: defaults are left out. */
export const formatBackoff = ({ name, ...parameters }: Backoff): string =>
  formatNamed(name, declared[name], parameters)

/** The policy, unless its cap is below its base; a default can be so as well as what was written. */
function capAboveBase(backoff: Backoff): Parsed<Backoff> {
  const { name, base, cap } = backoff
  const [baseText, capText] = [formatDuration(base), formatDuration(cap)]
  return cap >= base
    ? { value: backoff }
    : {
        problem: `cap of backoff ${name}: ${capText} is below its base ${baseText}: give cap=${baseText} or more`,
      }
}
