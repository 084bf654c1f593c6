/**
 * How far one sample lies from another: the median of all pairwise contrasts (Hodges and Lehmann, 1963), with the
 * interval that belongs to it, from the critical value of the rank-sum test (Hollander and Wolfe, Nonparametric
 * Statistical Methods, section 4.3). The interval assumes no distribution and needs no resampling, and without ties
 * it leaves out "no change" exactly where the test rejects: the two cannot contradict each other.
 *
 * Simulated coverage of the 95 % interval of a ratio (normal 5 % / log-normal 30 % / two modes 30 % apart; 4,000 pairs
 * of samples each): n = 4: 96 / 97 / 97 %; 5: 97 / 96 / 97; 8: 95 / 95 / 95; 10: 96 / 95 / 96; 15: 96 / 96 / 96;
 * 30: 95 / 95 / 95.
 */
import { criticalU } from './mann-whitney.ts'

/** Lower and upper end; either can be infinite. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** How two values are contrasted, in an order that the rank-sum test keeps. */
export interface Scale {
  readonly contrast: (before: number, after: number) => number
  /** Between two contrasts. */
  readonly halfway: (low: number, high: number) => number
}

/** Two infinities, such as two times that never came, have no difference. */
export const differences: Scale = {
  contrast: (before, after) => (before === after ? 0 : after - before),
  halfway: (low, high) => (low + high) / 2,
}

/** Differences of logarithms, without a logarithm of 0: of two zeros the ratio is 1, of 0 to more it is infinite. */
export const ratios: Scale = {
  contrast: (before, after) => (before === after ? 1 : after / before),
  halfway: (low, high) => Math.sqrt(low * high),
}

const contrasts = (base: readonly number[], head: readonly number[], { contrast }: Scale): Float64Array =>
  Float64Array.from(head.flatMap(after => base.map(before => contrast(before, after)))).sort()

/** How much larger `head` is than `base`; `NaN` where one is empty, or halfway between 0 and an infinite ratio. */
export function hodgesLehmann(base: readonly number[], head: readonly number[], scale: Scale): number {
  const ordered = contrasts(base, head, scale)
  const [low, high] = [ordered[(ordered.length - 1) >> 1], ordered[ordered.length >> 1]]
  if (low === undefined || high === undefined) return Number.NaN
  return low === high ? low : scale.halfway(low, high)
}

/**
 * The interval of the same.
 * @param confidence the least coverage, e.g. 0.95
 * @returns null where the samples are too small for the confidence: below 4 a side at 95 %
 */
export function hodgesLehmannInterval(
  base: readonly number[],
  head: readonly number[],
  confidence: number,
  scale: Scale,
): Interval | null {
  const ordered = contrasts(base, head, scale)
  const outside = criticalU(base.length, head.length, (1 - confidence) / 2) + 1
  const low = ordered[outside - 1]
  const high = ordered[ordered.length - outside]
  return outside === 0 || low === undefined || high === undefined ? null : { low, high }
}
