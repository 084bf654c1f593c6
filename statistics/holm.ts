/**
 * Many hypotheses, one error rate: Holm's step-down correction (1979). The chance that any true null hypothesis
 * of the family is rejected stays below the level, however the tests depend on each other.
 */

/** The adjusted p-values, in the order given: a hypothesis is rejected where its own is at most the level. */
export function holm(pValues: readonly number[]): number[] {
  const ascending = pValues.map((_, index) => index).sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1))
  const adjusted = new Array<number>(pValues.length).fill(1)
  let least = 0
  for (const [rank, index] of ascending.entries()) {
    least = Math.max(least, Math.min(1, (pValues.length - rank) * (pValues[index] ?? 1)))
    adjusted[index] = least
  }
  return adjusted
}
