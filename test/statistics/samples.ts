/** What statistical tests share: the distance of Kolmogorov and Smirnov, and sums over samples. */

/** The largest distance between the empirical distribution of `samples` and `cdf`. */
export function ksDistance(samples: readonly number[], cdf: (value: number) => number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted.reduce((most, value, index) => {
    const theory = cdf(value)
    return Math.max(most, theory - index / sorted.length, (index + 1) / sorted.length - theory)
  }, 0)
}

/** The distance that samples of the distribution itself exceed once in a hundred times (n above about 35). */
export const ksCritical = (count: number): number => 1.628 / Math.sqrt(count)

export const uniformCdf = (value: number): number => Math.min(1, Math.max(0, value))
export const exponentialCdf =
  (mean: number) =>
  (value: number): number =>
    1 - Math.exp(-Math.max(0, value) / mean)

export const meanOf = (samples: readonly number[]): number =>
  samples.reduce((sum, value) => sum + value, 0) / samples.length

/** The sample variance. */
export function varianceOf(samples: readonly number[]): number {
  const mean = meanOf(samples)
  return samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (samples.length - 1)
}

/** Pearson's correlation of two samples of equal length. */
export function correlationOf(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)]
  const cross = a.reduce((sum, value, index) => sum + (value - meanA) * ((b[index] ?? meanB) - meanB), 0)
  return cross / (a.length - 1) / Math.sqrt(varianceOf(a) * varianceOf(b))
}
