/** Where the median of a few values lies, without any assumption about how they are distributed. */

/** Two of the values that hold the median between them. */
export interface MedianInterval {
  readonly low: number
  readonly high: number
  /** How often such an interval holds the median, 0 to 1. */
  readonly confidence: number
}

/**
 * The narrowest pair of order statistics, as far from one end as from the other, that holds the median with the wanted
 * confidence; the smallest and the largest value where there are too few for it. The k-th smallest of n values lies
 * below the median unless fewer than k of them do, so a pair misses it with 2 P(Binomial(n, 1/2) < k).
 * @param wanted the confidence, 0 to 1
 * @returns null for fewer than two values
 */
export function medianInterval(values: readonly number[], wanted = 0.95): MedianInterval | null {
  const count = values.length
  if (count < 2) return null
  const sorted = values.toSorted((a, b) => a - b)
  // P(Binomial(n, 1/2) = i) for i from 0 on; `outside` adds them up on both sides.
  let term = 0.5 ** count
  let outside = 2 * term
  let k = 1
  for (; k < count / 2; k++) {
    term *= (count - k + 1) / k
    if (1 - (outside + 2 * term) < wanted) break
    outside += 2 * term
  }
  return { low: sorted[k - 1] ?? 0, high: sorted[count - k] ?? 0, confidence: 1 - outside }
}
