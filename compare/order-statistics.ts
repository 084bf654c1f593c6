/** Medians and quantiles of values that are sorted already, and of values that are not. */

/** Any list of numbers that can be indexed. */
export type Sorted = ArrayLike<number>

/** The mean of the two middle values, or the middle one. Of no values it is `NaN`. */
export const medianOfSorted = (sorted: Sorted): number =>
  ((sorted[(sorted.length - 1) >> 1] ?? Number.NaN) + (sorted[sorted.length >> 1] ?? Number.NaN)) / 2

/** The quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan, 1996). */
export function quantileOfSorted(sorted: Sorted, share: number): number {
  const position = (sorted.length - 1) * share
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  // Two infinities have no difference.
  return below === above ? below : below + (above - below) * (position - Math.floor(position))
}

/** The values in ascending order. */
export const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort()

/** The median; `NaN` of no values. */
export const median = (values: readonly number[]): number => medianOfSorted(sorted(values))
