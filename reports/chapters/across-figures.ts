/** What every figure takes from the runs of a series: the middle, each run, and how sure the middle is. */
import { typical } from '../../results/across-runs.ts'
import { type MetricName, metric } from '../../results/metrics.ts'
import type { Series } from '../../results/reading.ts'
import { medianInterval } from '../../statistics/median-interval.ts'
import { show } from '../display.ts'
import type { Coordinate, RowsChart } from './figure.ts'

/** The finite values of a metric in the runs of a series, in the order of the runs. */
const valuesOf = ({ runs }: Series, name: MetricName): number[] => {
  const { read } = metric(name)
  return runs.flatMap(run => read(run) ?? []).filter(Number.isFinite)
}

/** A metric of a series as a coordinate; null where no run has it, or its time never came. */
export function coordinateOf(series: Series, name: MetricName): Coordinate | null {
  const { unit, read } = metric(name)
  const value = typical(series, name)
  if (value === null || !Number.isFinite(value)) return null
  const interval = medianInterval(valuesOf(series, name))
  return {
    value,
    text: show(value, unit),
    runs: series.runs.length === 1 ? [] : series.runs.map(read),
    interval: interval && [interval.low, interval.high],
  }
}

/** The runs of each row as dots, with the interval of their median; nothing where each series ran once. */
export function spreadOf(all: readonly Series[], name: MetricName): Pick<RowsChart, 'dots' | 'intervals'> {
  if (all.every(({ runs }) => runs.length === 1)) return {}
  const values = all.map(series => (series.runs.length === 1 ? [] : valuesOf(series, name)))
  const intervals = values.map(each => medianInterval(each))
  return { dots: values, intervals: intervals.map(each => each && [each.low, each.high]) }
}

/** What dots and whiskers are, for the charts that have them. */
export function spreadNotes(all: readonly Series[]): string[] {
  const most = Math.max(1, ...all.map(({ runs }) => runs.length))
  const interval = medianInterval(Array.from({ length: most }, (_, at) => at))
  return interval === null
    ? []
    : [
        `Small dots are the ${most} runs, the large mark is their median. With ${show(interval.confidence, 'ratio')} confidence the line holds the true median.`,
      ]
}
