/**
 * The spread of a sample that a few stray runs do not blow up: the median of all pairwise distances (Shamos, 1976),
 * scaled to the standard deviation of a normal distribution. It is to the standard deviation what the
 * Hodges-Lehmann shift is to the mean: 86 % as efficient, and 29 % of the values may be anything.
 */
import { median } from './order-statistics.ts'

/** 1 / (sqrt(2) x the upper quartile of the standard normal distribution). */
const toStandardDeviation = 1.048_358

/** @returns null for fewer than two values */
export function shamos(values: readonly number[]): number | null {
  if (values.length < 2) return null
  const distances = values.flatMap((value, index) =>
    values.slice(index + 1).map(other => Math.abs(value - other)),
  )
  return median(distances) * toStandardDeviation
}
