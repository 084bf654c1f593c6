/** A history as charts: a figure for each metric of a scenario, a line for each series, a mark at each change. */

import type { Trend, TrendLine, TrendPoint } from '../../compare/trend.ts'
import type { MetricName } from '../../results/metrics.ts'
import { metric } from '../../results/metrics.ts'
import type { Scenario } from '../../results/reading.ts'
import { linearAxis } from '../chapters/cost-figures.ts'
import type { Figure, LinesChart } from '../chapters/figure.ts'
import { numberCell } from '../chapters/table.ts'
import { capitalised, many, show } from '../display.ts'
import { pointName } from './trend-words.ts'

/** More names than this do not fit below a chart; the tooltip has them all. */
const mostTicks = 8

/** Instants at which something besides the code changed, with its name: `node`, `cpu and 2 more`. */
const uprightsOf = (points: readonly TrendPoint[]): NonNullable<LinesChart['uprights']> =>
  points.flatMap(({ differences: [first, ...more] }, at) => {
    if (first === undefined) return []
    const name = first.name.slice(first.name.lastIndexOf('.') + 1)
    return [{ at: at - 0.5, label: more.length === 0 ? name : `${name} and ${more.length} more` }]
  })

function chartOf(trend: Trend, lines: readonly TrendLine[]): LinesChart | null {
  const [first] = lines
  if (first === undefined) return null
  const { unit } = metric(first.metric)
  const names = trend.points.map(pointName)
  const uprights = uprightsOf(trend.points)
  return {
    kind: 'lines',
    x: {
      title: 'commit, oldest first',
      min: -0.5,
      max: trend.points.length - 0.5,
      ticks: names
        .map((label, at) => ({ at, label }))
        .filter(({ at }) => at % Math.ceil(names.length / mostTicks) === 0),
    },
    value: linearAxis(
      unit,
      lines.flatMap(({ values }) => values),
    ),
    shade: null,
    ...(uprights.length > 0 && { uprights }),
    lines: lines.map(({ series, values, changes }) => ({
      series: series.place,
      doubtful: false,
      points: values.map((value, at) => ({
        x: at,
        // JSON has no infinity: what never came is a gap with its word.
        y: value !== null && Number.isFinite(value) ? value : null,
        at: names[at] ?? '',
        text: show(value, unit),
        marked: changes.some(change => change.at === at),
      })),
    })),
  }
}

/** The figure of one metric in one scenario. */
function figureOf(trend: Trend, name: MetricName, lines: readonly TrendLine[]): Figure {
  const { unit, description } = metric(name)
  const changes = lines.reduce((sum, line) => sum + line.changes.length, 0)
  return {
    id: name.replaceAll('.', '-'),
    subject: name,
    title: changes === 0 ? `${name}: no change of level` : `${name}: ${many(changes, 'change')} of level`,
    unit: unit === 'count' ? 'count' : unit === 'ratio' ? 'share' : unit,
    reading: `${capitalised(description)}: the median of the runs of each commit; points mark where a new level begins.`,
    notes: [],
    chart: chartOf(trend, lines),
    numbers: {
      corner: 'commit',
      heads: lines.map(({ series }) => ({ text: series.label, series: series.place })),
      rows: trend.points.map((point, at) => ({
        head: pointName(point),
        cells: lines.map(({ values }) => numberCell(values[at] ?? null, unit)),
      })),
    },
    wide: false,
  }
}

/** The figures of one scenario, in the order of the metrics. */
export const trendFigures = (trend: Trend, scenario: Scenario): Figure[] => {
  const own = trend.lines.filter(({ series }) => scenario.series.includes(series))
  return [...Map.groupBy(own, line => line.metric)].map(([name, lines]) => figureOf(trend, name, lines))
}
