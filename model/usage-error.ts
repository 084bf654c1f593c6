/**
 * Wrong usage or configuration, found before anything starts. The message is one sentence that names the flag
 * or field, says what is wrong and how to correct it.
 */
import leven from 'leven'

export class UsageError extends Error {
  override readonly name: string = 'UsageError'
}

const lettersOf = (name: string): string => [...name].sort().join('')

/** Few enough typing errors for the length of the name, or its letters in another order. */
const isNear = (name: string, candidate: string): boolean =>
  leven(name, candidate) <= Math.max(1, Math.floor(0.4 * name.length)) ||
  lettersOf(name) === lettersOf(candidate)

/** The known name that a user probably meant; undefined where none is near. */
export const nearestName = (name: string, known: readonly string[]): string | undefined =>
  known
    .filter(candidate => isNear(name.toLowerCase(), candidate.toLowerCase()))
    .map(candidate => ({ candidate, distance: leven(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0]?.candidate

/**
 * The sentence for an unknown name, with the most similar known one where there is one.
 * @param what what is named, e.g. `technique`
 */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  return nearest === undefined
    ? `unknown ${what} "${name}": choose from ${known.join(', ')}`
    : `unknown ${what} "${name}": did you mean "${nearest}"?`
}
