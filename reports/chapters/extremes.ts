/** Series that may be compared, ranked by a number: what headlines and titles name. */
import { typical } from '../../results/across-runs.ts'
import { type MetricName, metric } from '../../results/metrics.ts'
import type { Series } from '../../results/reading.ts'
import { show } from '../display.ts'

/** One series and its number. */
export interface Ranked {
  readonly series: Series
  readonly label: string
  /** In the stored unit of the metric. */
  readonly value: number
  readonly text: string
}

/** The series that passed, with a metric, smallest first; those without the number are left out. */
export function ranked(all: readonly Series[], name: MetricName): Ranked[] {
  const { unit } = metric(name)
  return all
    .filter(each => each.state === 'passed')
    .flatMap(series => {
      const value = typical(series, name)
      return value === null ? [] : { series, label: series.label, value, text: show(value, unit) }
    })
    .toSorted((a, b) => a.value - b.value)
}

/** The smallest and the largest; null where fewer than two can be compared, or all read alike. */
export function ends(all: readonly Series[], name: MetricName): { low: Ranked; high: Ranked } | null {
  const sorted = ranked(all, name)
  const [low, high] = [sorted[0], sorted.at(-1)]
  return low === undefined || high === undefined || low.text === high.text ? null : { low, high }
}
