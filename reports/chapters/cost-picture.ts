/** The picture of the trade-off: median latency against what an event or a client costs, a point for each technique. */
import { type MetricName, metric } from '../../results/metrics.ts'
import type { Scenario } from '../../results/reading.ts'
import { listed, show, showPlain } from '../display.ts'
import { coordinateOf, spreadNotes } from './across-figures.ts'
import type { Choice } from './block.ts'
import { fieldOf } from './comparison-answer.ts'
import { linearAxis } from './cost-figures.ts'
import { ranked } from './extremes.ts'
import type { Figure, PointsChart } from './figure.ts'
import { milliseconds } from './latency-figures.ts'
import { numberCell } from './table.ts'

/** A cost that latency can be set against. */
interface Cost {
  readonly id: string
  /** On the switch. */
  readonly label: string
  readonly metric: MetricName
  /** On the axis. */
  readonly axis: string
  /** In the title: `bytes to clients`. */
  readonly noun: string
}

const costs: readonly Cost[] = [
  {
    id: 'egress',
    label: 'egress per event',
    metric: 'egress.perDelivery',
    axis: 'bytes sent to clients per event',
    noun: 'egress',
  },
  {
    id: 'cpu',
    label: 'CPU per event',
    metric: 'server.cpuPerDelivery',
    axis: 'server CPU time per event, at this load',
    noun: 'server CPU',
  },
  {
    id: 'memory',
    label: 'memory per client',
    metric: 'server.rssPerClient',
    axis: 'server memory per client',
    noun: 'server memory',
  },
]

/** Where a difference of median latency is the bench's own: from the fastest technique up. */
function bandOf({ series }: Scenario, tieMicros: number): PointsChart['band'] {
  const [fastest, ...others] = ranked(series, 'latency.p50')
  return fastest === undefined || others.length === 0 || tieMicros <= 0
    ? null
    : {
        from: fastest.value,
        to: fastest.value + tieMicros,
        label: `equally fast: differences below ${showPlain(tieMicros, 'µs')} are the bench's own`,
      }
}

/** Whether the cheapest technique is among the fastest, and what it costs. */
function titleOf({ series }: Scenario, tieMicros: number, { metric: name, noun }: Cost): string {
  const { fast, slow } = fieldOf(series, tieMicros)
  const [cheapest] = ranked(series, name)
  const [fastest] = fast
  if (cheapest === undefined || fastest === undefined || fast.length + slow.length < 2)
    return `What an event takes in time and in ${noun}`
  const least = `the least ${noun} (${cheapest.text})`
  if (fast.every(each => each.series !== cheapest.series))
    return `${fast.length > 1 ? `${fast.length} techniques are` : `${fastest.label} is`} faster, but ${cheapest.label} takes ${least}`
  return fast.length > 1
    ? `${cheapest.label} is as fast as any and takes ${least}`
    : `${cheapest.label} is the fastest and takes ${least}`
}

function figureOf(scenario: Scenario, tieMicros: number, cost: Cost): Figure {
  const { unit } = metric(cost.metric)
  const passed = scenario.series.filter(each => each.state === 'passed')
  const points = passed.flatMap(series => {
    const [x, y] = [coordinateOf(series, cost.metric), coordinateOf(series, 'latency.p50')]
    return x === null || y === null
      ? []
      : [{ series: series.place, label: series.label, doubtful: false, x, y }]
  })
  const missing = scenario.series.filter(({ place }) => points.every(point => point.series !== place))
  const { size, unit: name } = linearAxis(
    unit,
    points.map(({ x }) => x.value),
  )
  return {
    id: `picture-${cost.id}`,
    subject: `Median latency and ${cost.label}`,
    title: titleOf(scenario, tieMicros, cost),
    unit: '',
    reading: 'Lower is faster, further left is cheaper.',
    notes: [
      ...spreadNotes(passed),
      ...(missing.length === 0 ? [] : [`Not drawn: ${listed(missing.map(({ label }) => label))}.`]),
    ],
    wide: true,
    chart:
      points.length === 0
        ? null
        : {
            kind: 'points',
            x: { scale: 'log', size, unit: name, title: cost.axis },
            y: { ...milliseconds, title: 'median latency' },
            band: bandOf(scenario, tieMicros),
            points: points.map(point => ({ ...point, y: { ...point.y, value: Math.max(1, point.y.value) } })),
          },
    numbers: {
      corner: 'technique',
      heads: [{ text: 'median latency' }, { text: cost.label }],
      rows: points.map(({ series, label, x, y }) => ({
        head: label,
        series,
        cells: [numberCell(y.value, 'µs'), { value: x.value, text: show(x.value, unit) }],
      })),
    },
  }
}

/** Latency against every cost that was measured; null where nothing can be drawn. */
export function costPicture(scenario: Scenario, tieMicros: number): Choice | null {
  const options = costs
    .map(cost => ({ label: cost.label, figure: figureOf(scenario, tieMicros, cost) }))
    .filter(({ figure }) => figure.chart !== null)
  return options.length === 0 ? null : { kind: 'choice', question: 'Cost', options }
}
