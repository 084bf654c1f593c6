/** Series that may be compared, ranked by a number: what headlines and titles name. */
import { typical } from '../../results/across-runs.ts'
import { type MetricName, metric } from '../../results/metrics.ts'
import type { Series } from '../../results/reading.ts'
import { allOf, show } from '../display.ts'

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

/** The ends of a ranking, for a title. */
export interface Ends {
  readonly low: Ranked
  /** Null where there is one series, or where all read alike and `low` stands for all of them. */
  readonly high: Ranked | null
}

/** The smallest and the largest; null where no series that passed has the number. */
export function ends(all: readonly Series[], name: MetricName): Ends | null {
  const sorted = ranked(all, name)
  const [low, high] = [sorted[0], sorted.at(-1)]
  if (low === undefined || high === undefined) return null
  if (sorted.length === 1) return { low, high: null }
  return low.text === high.text ? { low: { ...low, label: allOf(sorted.length) }, high: null } : { low, high }
}

/** `132 B of egress with websocket, 30.2 KiB with server-push`. @param of what follows the first number */
export const endsWords = ({ low, high }: Ends, of = ''): string =>
  `${low.text}${of} with ${low.label}${high === null ? '' : `, ${high.text} with ${high.label}`}`
