/** The picture of the trade-off: median latency against what an event or a client costs, a point for each technique. */
import { type MetricName, metric } from '../../results/metrics.ts'
import type { Scenario } from '../../results/reading.ts'
import { tieOf } from '../../results/tie-band.ts'
import { listed, show } from '../display.ts'
import { coordinateOf, spreadNotes } from './across-figures.ts'
import type { Choice } from './block.ts'
import { type Field, fieldOf } from './comparison-answer.ts'
import { linearAxis } from './cost-figures.ts'
import { alike, asOne, type Ranked, ranked } from './extremes.ts'
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

/** From the fastest technique to the slowest that is as fast, or as far as measurement error and chance reach. */
function bandOf({ series }: Scenario): PointsChart['band'] {
  const { fast, slow } = fieldOf(series)
  const [fastest, last] = [fast[0], fast.at(-1)]
  if (fastest === undefined || last === undefined || fast.length + slow.length < 2) return null
  const to = Math.max(last.value, fastest.value + (tieOf([fastest.series]).bandMicros ?? 0))
  return to > fastest.value ? { from: fastest.value, to, label: 'equally fast' } : null
}

/** How many of the cheapest are among the fastest: `, and has one of the 10 lowest medians`. */
function speedWords(leaders: readonly Ranked[], { fast }: Field): string {
  const both = leaders.filter(({ series }) => fast.some(each => each.series === series)).length
  if (fast.length === 1)
    return leaders.length === 1 ? ' and is the fastest' : `; ${fast[0]?.label} is the fastest`
  const medians = `one of the ${fast.length} lowest medians`
  if (leaders.length === 1) return ` and has ${medians}`
  return `; ${both === leaders.length ? 'each' : both} of them ${both === 1 || both === leaders.length ? 'has' : 'have'} ${medians}`
}

/** Whether the cheapest technique is among the fastest, and what it costs. */
function titleOf({ series }: Scenario, { metric: name, noun }: Cost): string {
  const field = fieldOf(series)
  const { fast, slow } = field
  const leaders = alike(ranked(series, name))
  const [fastest] = fast
  if (leaders.length === 0 || fastest === undefined || fast.length + slow.length < 2)
    return `What an event takes in time and in ${noun}`
  const { label, text } = asOne(leaders)
  const least =
    leaders.length === 1
      ? `${label} takes the least ${noun} (${text})`
      : `${label} take the least ${noun}, about the same (${text})`
  return leaders.every(leader => fast.every(each => each.series !== leader.series))
    ? `${fast.length > 1 ? `${fast.length} techniques are` : `${fastest.label} is`} faster, but ${least}`
    : `${least}${speedWords(leaders, field)}`
}

function figureOf(scenario: Scenario, cost: Cost): Figure {
  const band = bandOf(scenario)
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
    title: titleOf(scenario, cost),
    unit: '',
    reading: `Lower is faster, further left is cheaper.${
      band === null ? '' : ' Shaded: as fast as the fastest, within measurement error and chance.'
    }`,
    notes: [
      ...spreadNotes(passed),
      ...(missing.length === 0 ? [] : [`Not drawn: ${listed(missing.map(({ label }) => label))}.`]),
    ],
    wide: true,
    // A point by itself shows no trade-off.
    chart:
      points.length < 2
        ? null
        : {
            kind: 'points',
            x: { scale: 'log', size, unit: name, title: cost.axis },
            y: { ...milliseconds, title: 'median latency' },
            band,
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

/** Latency against every cost that was measured; null where there are no two techniques to compare. */
export function costPicture(scenario: Scenario): Choice | null {
  const options = costs
    .map(cost => ({ label: cost.label, figure: figureOf(scenario, cost) }))
    .filter(({ figure }) => figure.chart !== null)
  return options.length === 0 ? null : { kind: 'choice', question: 'Cost', options }
}
