/** The comparison table: one row per series, the same columns in every format. */
import { type MetricName, metric } from '../results/metrics.ts'
import { noData, show, showRange } from './display.ts'
import { across, type Scenario, type Series, type Spread } from './series.ts'

/** One number of one series: the stored value for programs, the text for people. */
export interface Cell {
  /** In the unit of the column's metric; null when no run measured it. */
  readonly value: number | null
  /** With its unit; with more than one run the range follows in brackets. */
  readonly text: string
  /** `text` without the range. */
  readonly short: string
  /** What the number holds for: `at 12.3 %`. Text formats write it behind the number. */
  readonly load?: string
}

/** One column: a metric under a heading that fits a narrow table. */
export interface Column {
  readonly heading: string
  readonly metric: MetricName
  /** What the column says, in one line. */
  readonly meaning: string
  /** 1 is dropped last where a table must be narrow. */
  readonly priority: number
  /** The share of its time that the server was busy, without which the number says little. */
  readonly load?: MetricName
}

/** One series as a row. */
export interface Row {
  readonly series: Series
  readonly cells: readonly Cell[]
}

/** A column of a metric. */
export const column = (heading: string, name: MetricName, priority: number): Column => ({
  heading,
  metric: name,
  meaning: metric(name).description,
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

/** The columns for some series: only where a link had a buffer is there anything to say of it. */
export const columnsOf = (series: readonly Series[]): readonly Column[] =>
  columns.filter(
    ({ metric }) =>
      metric !== 'events.heldBack' ||
      series.some(({ runs }) => runs.some(({ events }) => events.heldBack !== undefined)),
  )

function cell(spread: Spread | null, unit: ReturnType<typeof metric>['unit']): Cell {
  if (spread === null) return { value: null, text: noData, short: noData }
  const short = show(spread.median, unit)
  const low = show(spread.min, unit)
  const high = show(spread.max, unit)
  return {
    value: spread.median,
    short,
    text: low === high ? short : `${short} (${showRange(spread.min, spread.max, unit)})`,
  }
}

/** The range of a cell, in brackets; empty with one run, or where all read alike. */
export const rangeOf = (cell: Cell): string => cell.text.slice(cell.short.length).trim()

/** One metric of one series as a cell: the median across runs. */
export const cellOf = (series: Series, name: MetricName): Cell =>
  cell(across(series, metric(name).read), metric(name).unit)

/** The cell of a column, with the load that it holds for. */
function loadedCell(series: Series, { metric: name, load }: Column): Cell {
  const cell = cellOf(series, name)
  const busy = load === undefined ? null : cellOf(series, load)
  return cell.value === null || busy === null ? cell : { ...cell, load: `at ${busy.short}` }
}

/** A number, what it holds for, and the range where there is one, as text formats write them. */
export const wholeText = (cell: Cell): string =>
  [cell.short, cell.load ?? '', rangeOf(cell)].filter(part => part !== '').join(' ')

/** A row for each series, with a cell for each of the columns. */
export const rowsOf = (all: readonly Series[], shown: readonly Column[]): Row[] =>
  all.map(series => ({ series, cells: shown.map(each => loadedCell(series, each)) }))

/** The rows of one scenario, in the order of the result. */
export const comparison = ({ series }: Scenario): Row[] => rowsOf(series, columnsOf(series))

/** The sentence under the table that says what its numbers are across runs; null with one run each. */
export const rangeNote = (scenario: Pick<Scenario, 'series'>): string | null =>
  scenario.series.some(series => series.runs.length > 1)
    ? 'Every number is the median across the runs of a technique; brackets hold the smallest and the largest run.'
    : null
