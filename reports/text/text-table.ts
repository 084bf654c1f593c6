/** Tables and paragraphs in lines of characters, for a terminal. */
import type { styleText } from 'node:util'
import type { State } from '../../results/reading.ts'
import type { NumberTable, SeriesColumn, SeriesTable } from '../chapters/table.ts'
import { noData, notApplicable } from '../display.ts'
import { printable } from '../markup.ts'

type Style = Parameters<typeof styleText>[0]

/** Gives a text a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string

/** The style of a state. */
export const stateStyle: Readonly<Record<State, Style>> = {
  passed: 'green',
  failed: 'red',
  aborted: 'yellow',
}
const gap = '  '

/** A table as cells of text, the first row its headings. */
type Grid = readonly (readonly string[])[]

const widths = (grid: Grid): number[] =>
  (grid[0] ?? []).map((_, at) => Math.max(...grid.map(row => row[at]?.length ?? 0)))

const totalWidth = (grid: Grid): number =>
  widths(grid).reduce((sum, width) => sum + width + gap.length, -gap.length)

/** The rows with their columns aligned: the first `words` columns to the left, numbers to the right. */
const aligned = (grid: Grid, words: number): string[][] => {
  const sizes = widths(grid)
  return grid.map(row =>
    row.map((text, at) => (at < words ? text.padEnd(sizes[at] ?? 0) : text.padStart(sizes[at] ?? 0))),
  )
}

/** `text` in lines of at most `width` characters: the first after `first`, the others after `indent`. */
export function wrapped(text: string, width: number, first: string, indent: string): string[] {
  const lines: string[] = []
  const [word = '', ...words] = text.split(' ')
  let line = first + word
  for (const next of words) {
    if (line.length + 1 + next.length > width) {
      lines.push(line)
      line = indent + next
    } else {
      line = `${line} ${next}`
    }
  }
  return [...lines, line]
}

/** A table of series with the columns at these places. */
const seriesGrid = ({ columns, rows }: SeriesTable, shown: readonly number[]): string[][] => [
  ['technique', 'state', ...shown.map(at => columns[at]?.heading ?? '')],
  ...rows.map(({ series: { label, state }, cells }) => [
    printable(label),
    state,
    ...shown.map(at => {
      const { text = noData, load = null } = cells[at] ?? {}
      if (text === noData || text === notApplicable) return '-'
      return load === null ? text : `${text} ${load}`
    }),
  ]),
]

/** As many columns as fit; the least important ones go first. */
function fitting(table: SeriesTable, width: number): number[] {
  const priority = (at: number): number => table.columns[at]?.priority ?? 1
  let shown = [...table.columns.keys()]
  while (totalWidth(seriesGrid(table, shown)) > width && shown.some(at => priority(at) > 1)) {
    const least = Math.max(...shown.map(priority))
    const last = shown.findLast(at => priority(at) === least)
    shown = shown.filter(at => at !== last)
  }
  return shown
}

const droppedLines = (dropped: readonly SeriesColumn[], width: number): string[] =>
  dropped.length === 0
    ? []
    : wrapped(
        `not shown in ${width} columns: ${dropped.map(({ heading }) => heading).join(', ')}`,
        width,
        '',
        '',
      )

/** A table of series as lines, with the names of the columns that did not fit. */
export function seriesTableLines(table: SeriesTable, width: number, paint: Paint): string[] {
  const shown = fitting(table, width)
  const [head = [], ...rows] = aligned(seriesGrid(table, shown), 2)
  const line = (cells: readonly string[]): string => cells.join(gap).trimEnd()
  const dropped = table.columns.filter((_, at) => !shown.includes(at))
  return [
    line(head.map(cell => paint('dim', cell))),
    ...rows.map((cells, row) => {
      const state = table.rows[row]?.series.state ?? 'passed'
      return line(cells.map((cell, at) => (at === 1 ? paint(stateStyle[state], cell) : cell)))
    }),
    ...droppedLines(dropped, width).map(each => paint('dim', each)),
  ]
}

/** A table of numbers as lines; wide ones run over. */
export const numberTableLines = ({ corner, heads, rows }: NumberTable, paint: Paint): string[] =>
  aligned(
    [
      [corner, ...heads.map(({ text }) => text)],
      ...rows.map(({ head, cells }) => [head, ...cells.map(({ text }) => text)]),
    ].map(row => row.map(printable)),
    1,
  ).map((cells, row) => {
    const line = cells.join(gap).trimEnd()
    return row === 0 ? paint('dim', line) : line
  })
