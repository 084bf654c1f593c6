/** The median of values in any order. */

/** The median, the mean of the two middle values where their number is even; `NaN` of no values. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort()
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2
}

/** True where no value differs from another; of two infinities neither does. */
export const areSame = (values: readonly number[]): boolean => new Set(values).size <= 1
