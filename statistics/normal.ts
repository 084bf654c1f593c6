/** The standard normal distribution: its upper tail and the quantile of a tail, to about 13 digits. */

/** P(Z >= z). */
export const upperTail = (z: number): number =>
  z < 0 ? 1 - upperTail(-z) : 0.5 * complementaryError(z / Math.SQRT2)

/** The z that a standard normal variable exceeds with probability `tail`, 0 < tail < 1. */
export function upperQuantile(tail: number): number {
  let [low, high] = [-40, 40]
  while (high - low > 1e-12) {
    const middle = (low + high) / 2
    if (upperTail(middle) > tail) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * erfc(x) for x >= 0: the series of erf (Abramowitz and Stegun 7.1.6) where it loses no digits that matter,
 * the continued fraction of the tail (7.1.14) beyond.
 */
function complementaryError(x: number): number {
  const density = Math.exp(-x * x) / Math.sqrt(Math.PI)
  if (x < 2.5) {
    let term = x
    let sum = x
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1)
      sum += term
    }
    return 1 - 2 * density * sum
  }
  let fraction = x
  for (let n = 100; n >= 1; n--) fraction = x + n / 2 / fraction
  return density / fraction
}
