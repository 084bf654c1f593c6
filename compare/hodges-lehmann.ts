/**
 * How far one sample lies from another: the median of all pairwise differences (Hodges and Lehmann, 1963), with
 * the interval that belongs to it, from the critical value of the rank-sum test (Hollander and Wolfe,
 * Nonparametric Statistical Methods, section 4.3). The interval assumes no distribution and needs no resampling,
 * and it leaves out 0 exactly where the test, without ties, rejects.
 */
import { criticalU } from './mann-whitney.ts'
import { medianOfSorted } from './order-statistics.ts'

/** Lower and upper end. */
export interface Interval {
  readonly low: number
  readonly high: number
}

const differences = (base: readonly number[], head: readonly number[]): Float64Array =>
  Float64Array.from(head.flatMap(after => base.map(before => after - before))).sort()

/** How much larger `head` is than `base`; `NaN` where one is empty. */
export const hodgesLehmann = (base: readonly number[], head: readonly number[]): number =>
  medianOfSorted(differences(base, head))

/**
 * The interval of the shift.
 * @param confidence the least coverage, e.g. 0.95
 * @returns null where the samples are too small for the confidence: below 4 a side at 95 %
 */
export function hodgesLehmannInterval(
  base: readonly number[],
  head: readonly number[],
  confidence: number,
): Interval | null {
  const ordered = differences(base, head)
  const outside = criticalU(base.length, head.length, (1 - confidence) / 2) + 1
  const low = ordered[outside - 1]
  const high = ordered[ordered.length - outside]
  return outside === 0 || low === undefined || high === undefined ? null : { low, high }
}
