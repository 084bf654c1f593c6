/** Student's t distribution: the quantile that a mean of few values needs in place of the normal one. */

/**
 * P(|t| < x) for a whole number of degrees of freedom: the finite sums of Abramowitz and Stegun 26.7.3 and 26.7.4.
 */
function central(x: number, freedom: number): number {
  const angle = Math.atan(x / Math.sqrt(freedom))
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
  const isOdd = freedom % 2 === 1
  let term = isOdd ? cosine : 1
  let sum = freedom === 1 ? 0 : term
  for (let k = isOdd ? 3 : 2; k <= freedom - 2; k += 2) {
    term *= (cosine ** 2 * (k - 1)) / k
    sum += term
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum
}

/**
 * The value that |t| stays below with the wanted probability.
 * @param wanted 0 to 1, both excluded
 * @param freedom degrees of freedom, a whole number from 1
 */
export function studentQuantile(wanted: number, freedom: number): number {
  let [low, high] = [0, 1]
  while (central(high, freedom) < wanted) high *= 2
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2
    if (central(middle, freedom) < wanted) low = middle
    else high = middle
  }
  return (low + high) / 2
}
