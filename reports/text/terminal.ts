/** The table that the CLI prints when a run ends, and what went wrong. */
import { styleText } from 'node:util'
import type { Result } from '../../results/result.ts'
import { type Column, columnsOf, rowsOf } from '../comparison.ts'
import { noData } from '../display.ts'
import { linkFindings } from '../link-words.ts'
import { printable } from '../markup.ts'
import { baseline, faulted, type Scenario, type Series, type State } from '../series.ts'
import { stormColumns } from '../storm/storm-columns.ts'
import { groupWarnings, sightingText, trouble } from '../warnings.ts'

/** How the terminal is. */
export interface TerminalOptions {
  readonly color: boolean
  /** Columns of characters; the table leaves out its least important columns to fit. */
  readonly width: number
}

type Style = Parameters<typeof styleText>[0]
type Paint = (style: Style, text: string) => string

const stateStyle: Readonly<Record<State, Style>> = { passed: 'green', failed: 'red', aborted: 'yellow' }
const gap = '  '

/** A table as cells of text, the first row its headings. */
type Grid = readonly (readonly string[])[]

const widths = (grid: Grid): number[] =>
  (grid[0] ?? []).map((_, at) => Math.max(...grid.map(row => row[at]?.length ?? 0)))

const totalWidth = (grid: Grid): number =>
  widths(grid).reduce((sum, width) => sum + width + gap.length, -gap.length)

/** The grid of some series with the given columns. */
const gridOf = (all: readonly Series[], shown: readonly Column[]): string[][] => [
  ['technique', 'state', ...shown.map(each => each.heading)],
  ...rowsOf(all, shown).map(({ series, cells }) => [
    printable(series.label),
    series.state,
    ...cells.map(({ short, load }) => (load === undefined ? short : `${short} ${load}`).replace(noData, '-')),
  ]),
]

/** The grid with as many columns as fit; the least important ones go first. */
function fitted(
  all: readonly Series[],
  offered: readonly Column[],
  width: number,
): { grid: string[][]; dropped: readonly Column[] } {
  let shown = offered
  let grid = gridOf(all, shown)
  while (totalWidth(grid) > width && shown.some(each => each.priority > 1)) {
    const least = Math.max(...shown.map(each => each.priority))
    const last = shown.findLast(each => each.priority === least)
    shown = shown.filter(each => each !== last)
    grid = gridOf(all, shown)
  }
  return { grid, dropped: offered.filter(each => !shown.includes(each)) }
}

function tableLines(
  all: readonly Series[],
  offered: readonly Column[],
  width: number,
  paint: Paint,
): string[] {
  const { grid, dropped } = fitted(all, offered, width)
  const sizes = widths(grid)
  const lines = grid.map((row, index) => {
    const state = all[index - 1]?.state
    const cells = row.map((text, at) => {
      // The first two columns are words, the others numbers.
      const padded = at < 2 ? text.padEnd(sizes[at] ?? 0) : text.padStart(sizes[at] ?? 0)
      if (state === undefined) return paint('dim', padded)
      return at === 1 ? paint(stateStyle[state], padded) : padded
    })
    return cells.join(gap).trimEnd()
  })
  if (dropped.length > 0) {
    const names = dropped.map(each => each.heading).join(', ')
    lines.push(
      ...wrapped(`not shown in ${width} columns: ${names}`, width, '', '').map(line => paint('dim', line)),
    )
  }
  return lines
}

/** `text` in lines of at most `width` characters: the first after `first`, the others after `indent`. */
function wrapped(text: string, width: number, first: string, indent: string): string[] {
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

function warningLines(result: Result, width: number, paint: Paint): string[] {
  return groupWarnings(result).flatMap(group => [
    paint('yellow', `warning ${group.code}`),
    ...group.sightings.flatMap(each => wrapped(printable(sightingText(each)), width, '  ', '    ')),
    ...wrapped(`-> ${printable(group.advice)}`, width, '  ', '     '),
  ])
}

function troubleLines(scenario: Scenario, width: number, paint: Paint): string[] {
  return scenario.series.flatMap(series => {
    const why = trouble(series)
    if (why === null) return []
    const [first = '', ...more] = wrapped(
      `${series.state} ${printable(`${series.label}: ${why}`)}`,
      width,
      '',
      '  ',
    )
    return [paint(stateStyle[series.state], first), ...more]
  })
}

/** The result as text for a terminal, ending in a line feed. */
export function renderTerminal(result: Result, options: TerminalOptions): string {
  const paint: Paint = options.color
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text
  const width = Math.max(40, options.width)
  const tables = [
    ...baseline(result).map(scenario => ({
      scenario,
      offered: columnsOf(scenario.series),
      heading: scenario.name,
    })),
    ...faulted(result).map(scenario => ({
      scenario,
      offered: stormColumns(scenario.series),
      heading: `storms, scenario ${scenario.name}`,
    })),
  ]
  const blocks = tables.flatMap(({ scenario, offered, heading }) => [
    [
      ...(tables.length > 1 ? [paint('bold', printable(heading))] : []),
      ...tableLines(scenario.series, offered, width, paint),
    ],
    linkFindings(scenario).flatMap(({ topic, text }) => wrapped(printable(text), width, `${topic}: `, '  ')),
    troubleLines(scenario, width, paint),
  ])
  const head = [
    ...(result.aborted
      ? [paint('yellow', 'aborted: the measuring was ended early; the numbers are partial')]
      : []),
    ...(tables.length === 0 ? ['no measurement was made'] : []),
  ]
  return `${[head, ...blocks, warningLines(result, width, paint)]
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`
}
