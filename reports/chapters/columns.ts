/** Tables of series: which numbers they show, and the numbers of a series as cells. */
import { across } from '../../results/across-runs.ts'
import { type MetricName, metric } from '../../results/metrics.ts'
import type { Series } from '../../results/reading.ts'
import type { Measurement } from '../../results/result.ts'
import { capitalised, listed, noData, notApplicable, show, showRange, showSpan } from '../display.ts'
import { isStream } from '../family.ts'
import { trouble } from '../warnings.ts'
import type { NumberCell, SeriesCell, SeriesTable } from './table.ts'

/** One column: a metric under a heading that fits a narrow table. */
export interface Column {
  readonly heading: string
  readonly metric: MetricName
  /** 1 is dropped last where a table must be narrow. Unless given, 1. */
  readonly priority?: number
  /** The share of time that the event loop of the server was busy, without which the number says little. */
  readonly load?: MetricName
  /** A second number, small under the first. */
  readonly below?: { readonly metric: MetricName; readonly words: string }
  /** The text where a series has no number, if that is not "no data". */
  readonly absent?: (series: Series) => string
}

/** A column of a metric. */
export const column = (heading: string, name: MetricName, priority: number): Column => ({
  heading,
  metric: name,
  priority,
})

/** What should never happen, as columns: each shows only where it did, with the sentence for where it did not. */
const mishaps: readonly (Column & {
  readonly happened: (run: Measurement) => boolean
  readonly otherwise: string
})[] = [
  {
    ...column('connected', 'clients.connected', 7),
    happened: ({ clients }) => clients.connected < clients.asked,
    otherwise: 'all clients were connected',
  },
  {
    ...column('lost', 'events.lost', 2),
    happened: ({ events }) => events.lost > 0,
    otherwise: 'no event was lost',
  },
  {
    ...column('held back', 'events.heldBack', 2),
    happened: ({ events }) => (events.heldBack ?? 0) > 0,
    otherwise: '',
  },
  {
    ...column('duplicated', 'events.duplicated', 2),
    happened: ({ events }) => events.duplicated > 0,
    otherwise: 'none was duplicated',
  },
]

/** The columns after the technique and its state, where every event came once. */
const usual: readonly Column[] = [
  column('p50', 'latency.p50', 1),
  column('p99', 'latency.p99', 1),
  column('max', 'latency.max', 6),
  { ...column('empty', 'emptyRatio', 4), absent: emptyWords },
  column('egress/event', 'egress.perDelivery', 2),
  column('ingress/event', 'ingress.perDelivery', 3),
  { ...column('CPU/event, busy', 'server.cpuPerDelivery', 5), load: 'server.utilization' },
  column('memory/client', 'server.rssPerClient', 7),
]

/** Why a technique has no share of empty responses. */
export function emptyWords({ technique }: Series): string {
  return isStream(technique) ? notApplicable : noData
}

const isAny = (all: readonly Series[], test: (run: Measurement) => boolean): boolean =>
  all.some(({ runs }) => runs.some(test))

/** The columns of a comparison: what went wrong, where anything did, then the numbers that any series has. */
export function columnsOf(all: readonly Series[]): readonly Column[] {
  const wrong = mishaps.filter(({ happened }) => isAny(all, happened))
  return [
    ...(wrong.length > 0 ? [column('delivered', 'events.delivered', 6)] : []),
    ...wrong,
    ...usual.filter(({ metric: name }) => all.some(series => across(series, name) !== null)),
  ]
}

/** More names than this are counted. */
const mostNamed = 3

/** A sentence about those that passed: it begins with their names, or their number, where others did not pass. */
function saidOf(passed: readonly Series[], all: readonly Series[], sentence: string): string {
  if (passed.length === all.length) return capitalised(sentence)
  const names = listed(passed.map(({ label }) => label))
  return `${passed.length <= mostNamed ? names : `The ${passed.length} that passed`}: ${sentence}`
}

/**
 * What the columns that are left out would have said of each technique that passed, in a sentence; null where none is.
 * The numbers of one that did not pass prove nothing: a server that died lost no event after its end.
 * @param but what is missing though none was lost
 */
export function correctnessSentence(all: readonly Series[], but: string): string | null {
  const passed = all.filter(({ state }) => state === 'passed')
  const measured = passed.filter(({ runs }) => runs.some(({ events }) => events.expected > 0))
  const right = mishaps.filter(({ happened, otherwise }) => otherwise !== '' && !isAny(passed, happened))
  if (measured.length === 0 || right.length === 0) return null
  const spanOf = (name: 'delivered' | 'lost'): string =>
    showSpan(
      measured.flatMap(({ runs }) => runs.map(({ events }) => events[name])),
      'count',
    )
  if (spanOf('delivered') === '0') {
    const isConnected = right.some(({ metric: name }) => name === 'clients.connected')
    const clients = isConnected ? 'all clients were connected; ' : ''
    return saidOf(passed, all, `${clients}0 events were delivered, ${spanOf('lost')} were lost${but}.`)
  }
  const deliveries = `${spanOf('delivered')} deliveries${measured.length > 1 ? ' each' : ''}`
  // "None" needs an event that was named before.
  const isNamed = right.some(({ metric: name }) => name === 'events.lost')
  const words = listed(
    right.map(({ otherwise }) => (isNamed ? otherwise : otherwise.replace('none', 'no event'))),
  )
  return saidOf(passed, all, `${words}, in ${deliveries}${but}.`)
}

/** One metric of one series: the median across runs, with the range where runs differ. */
export function cellOf(series: Series, name: MetricName): NumberCell & Pick<SeriesCell, 'range'> {
  const spread = across(series, name)
  if (spread === null) return { value: null, text: noData, range: '' }
  const { unit } = metric(name)
  const { median, min, max } = spread
  const range = show(min, unit) === show(max, unit) ? '' : `(${showRange(min, max, unit)})`
  return { value: median, text: show(median, unit), range }
}

/** The second number of a cell; null where there is none, or it would say "never" once more. */
function belowOf(series: Series, { below }: Column): NumberCell | null {
  if (below === undefined) return null
  const { value, text } = cellOf(series, below.metric)
  return value === null || !Number.isFinite(value) ? null : { value, text }
}

function seriesCell(series: Series, column: Column): SeriesCell {
  const { value, text, range } = cellOf(series, column.metric)
  const { load, absent } = column
  return {
    value,
    text: value === null && absent !== undefined ? absent(series) : text,
    range,
    load: load === undefined || value === null ? null : `at ${cellOf(series, load).text}`,
    below: belowOf(series, column),
  }
}

/**
 * A row for each series with a cell for each column.
 * @param states whether the state of each series has a column: not where all passed and a sentence says so
 * @param nameOf what a row is called; unless given, the label of its series
 */
export const seriesTable = (
  title: string,
  all: readonly Series[],
  shown: readonly Column[],
  { dense = false, states = true, nameOf = ({ label }: Series) => label } = {},
): SeriesTable => ({
  kind: 'series',
  title,
  dense,
  states,
  columns: shown.map(({ heading, metric: name, priority = 1, below, load }) => ({
    heading,
    meaning: [name, ...(load === undefined ? [] : [load])].map(each => metric(each).description).join('; '),
    priority,
    below: below === undefined ? null : { words: below.words, meaning: metric(below.metric).description },
  })),
  rows: all.map(series => ({
    series,
    name: nameOf(series),
    why: trouble(series),
    cells: shown.map(each => seriesCell(series, each)),
  })),
})
