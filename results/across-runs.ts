/** One number from the repetitions of a series: their median, their range, the run in the middle. */
import { median } from '../statistics/order-statistics.ts'
import { type MetricName, metric } from './metrics.ts'
import type { Series } from './reading.ts'
import type { Measurement } from './result.ts'

/** A value across runs. With one run, all three are the same. Times that never came are infinite. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** A metric of every run, summed up; null where no run has it. A time that never came is the longest of all. */
export function across(series: Series, name: MetricName): Spread | null {
  const { read } = metric(name)
  const values = series.runs.flatMap(run => read(run) ?? []).filter(value => !Number.isNaN(value))
  return values.length === 0
    ? null
    : { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

/** The median of a metric across runs, in its stored unit; null where no run has it. */
export const typical = (series: Series, name: MetricName): number | null =>
  across(series, name)?.median ?? null

/**
 * The run in the middle by p99 latency, or by another metric: the one whose timeline is drawn for its series. Runs
 * without the number come last, as the slowest.
 */
export function middleRun(series: Pick<Series, 'runs'>, name: MetricName = 'latency.p99'): Measurement {
  const { read } = metric(name)
  const rank = (run: Measurement): number => read(run) ?? Number.POSITIVE_INFINITY
  // Two infinities have no difference, and the order of the result decides.
  const ranked = series.runs.toSorted((a, b) => rank(a) - rank(b) || 0)
  return ranked[(ranked.length - 1) >> 1] ?? series.runs[0]
}
