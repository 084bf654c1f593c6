/** Tables of series: which numbers they show, and the numbers of a series as cells. */
import { across } from '../../results/across-runs.ts'
import { type MetricName, metric } from '../../results/metrics.ts'
import type { Series } from '../../results/reading.ts'
import { noData, show, showRange } from '../display.ts'
import { trouble } from '../warnings.ts'
import type { NumberCell, SeriesCell, SeriesTable } from './table.ts'

/** One column: a metric under a heading that fits a narrow table. */
export interface Column {
  readonly heading: string
  readonly metric: MetricName
  /** 1 is dropped last where a table must be narrow. Unless given, 1. */
  readonly priority?: number
  /** The share of its time that the server was busy, without which the number says little. */
  readonly load?: MetricName
  /** A second number, small under the first. */
  readonly below?: { readonly metric: MetricName; readonly words: string }
  /** The text where there is no number, if that is not "no data". */
  readonly absent?: string
}

/** A column of a metric. */
export const column = (heading: string, name: MetricName, priority: number): Column => ({
  heading,
  metric: name,
  priority,
})

/** The columns after the technique and its state. */
const columns: readonly Column[] = [
  column('connected', 'clients.connected', 7),
  column('delivered', 'events.delivered', 6),
  column('lost', 'events.lost', 2),
  column('held back', 'events.heldBack', 2),
  column('duplicated', 'events.duplicated', 8),
  column('p50', 'latency.p50', 1),
  column('p99', 'latency.p99', 1),
  column('max', 'latency.max', 3),
  column('empty', 'emptyRatio', 4),
  column('bytes/event', 'bytes.perDelivery', 3),
  { ...column('CPU/event', 'server.cpuPerDelivery', 5), load: 'server.utilization' },
  column('memory/client', 'server.rssPerClient', 6),
]

/** Numbers of some results only: of a link with a buffer, of enough clients. */
const occasional: ReadonlySet<MetricName> = new Set(['events.heldBack', 'server.rssPerClient'])

/** The columns of a comparison, without the occasional ones that no series has. */
export const columnsOf = (series: readonly Series[]): readonly Column[] =>
  columns.filter(
    ({ metric }) => !occasional.has(metric) || series.some(each => across(each, metric) !== null),
  )

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
  const { load, absent = noData } = column
  return {
    value,
    text: value === null ? absent : text,
    range,
    load: load === undefined || value === null ? null : `at ${cellOf(series, load).text}`,
    below: belowOf(series, column),
  }
}

/**
 * A row for each series with a cell for each column.
 * @param nameOf what a row is called; unless given, the label of its series
 */
export const seriesTable = (
  title: string,
  all: readonly Series[],
  shown: readonly Column[],
  { dense = false, nameOf = ({ label }: Series) => label } = {},
): SeriesTable => ({
  kind: 'series',
  title,
  dense,
  columns: shown.map(({ heading, metric: name, priority = 1, below }) => ({
    heading,
    meaning: metric(name).description,
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
