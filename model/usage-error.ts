/**
 * Wrong usage or configuration, found before anything starts. The message is one sentence that names the flag
 * or field, says what is wrong and how to correct it.
 */
import leven from 'leven'

export class UsageError extends Error {}

/**
 * The sentence for an unknown name, with the most similar known one where there is one.
 * @param what what is named, e.g. `technique`
 */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const nearest = known
    .map(candidate => ({ candidate, distance: leven(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0]
  const near = nearest !== undefined && nearest.distance <= Math.max(2, name.length / 2)
  return near
    ? `unknown ${what} "${name}": did you mean "${nearest.candidate}"?`
    : `unknown ${what} "${name}": choose from ${known.join(', ')}`
}
