/** What the CLI prints when a run ends: the answer, the tables, and what went wrong. */
import { styleText } from 'node:util'
import type { Reading } from '../../results/reading.ts'
import { type Answer, type Block, blocksFor, type Section } from '../chapters/block.ts'
import type { Figure } from '../chapters/figure.ts'
import { sectionsOf } from '../chapters/index.ts'
import { answerOf } from '../chapters/summary.ts'
import type { SeriesTable } from '../chapters/table.ts'
import { listed } from '../display.ts'
import { printable } from '../markup.ts'
import { thresholdHeading, thresholdSentences } from '../thresholds.ts'
import { tieBandSentence } from '../tie-band.ts'
import { partialSentence } from '../unfinished.ts'
import { groupWarnings, sightingText, trouble, type WarningGroup } from '../warnings.ts'
import { numberTableLines, type Paint, seriesTableLines, stateStyle, wrapped } from './text-table.ts'

/** How the terminal is. */
export interface TerminalOptions {
  readonly color: boolean
  /** Columns of characters; the table leaves out its least important columns to fit. */
  readonly width: number
}

/** So many lines of warnings on a terminal, unless the first of them alone takes more. */
const warningBudget = 15
/** So many sightings of one kind of warning on a terminal. */
const sightingBudget = 2

/** One kind of warning: what was seen, and the advice. @param told what was said before: it is not said again */
function groupLines(
  { code, advice, sightings }: WarningGroup,
  told: string,
  width: number,
  paint: Paint,
): string[] {
  const shown = sightings.slice(0, sightingBudget)
  const others = sightings.slice(sightingBudget).flatMap(({ labels }) => labels)
  return [
    paint('yellow', `warning ${code}`),
    ...shown.flatMap(each =>
      wrapped(printable(told.includes(each.message) ? each.who : sightingText(each)), width, '  ', '    '),
    ),
    ...(others.length === 0
      ? []
      : wrapped(printable(`${listed(others)}, with other numbers`), width, '  ', '    ')),
    ...wrapped(`-> ${printable(advice)}`, width, '  ', '     '),
  ]
}

/** The gravest warnings, as far as they fit, and how many more there are. */
function warningLines(reading: Reading, told: string, width: number, paint: Paint): string[] {
  const groups = groupWarnings(reading).map(group => groupLines(group, told, width, paint))
  const ends = groups.map((_, at) => groups.slice(0, at + 1).flat().length)
  const fitting = Math.max(1, ends.filter(end => end <= warningBudget).length)
  const more = groups.length - fitting
  return [
    ...groups.slice(0, fitting).flat(),
    ...(more > 0 ? [paint('dim', `${more} more in the report`)] : []),
  ]
}

/** The tie band of each scenario that compares. */
const tieLines = ({ baseline }: Reading, width: number): string[] =>
  baseline.flatMap(scenario => {
    const sentence = tieBandSentence(scenario)
    const name = baseline.length > 1 ? `${scenario.name}: ` : ''
    return sentence === null ? [] : wrapped(printable(sentence), width, name, '  ')
  })

/** Why series are not fit for comparison. @param told what was said before: it is not said again */
const troubleLines = ({ rows }: SeriesTable, told: string, width: number, paint: Paint): string[] =>
  rows.flatMap(({ series: { label, state }, why }) => {
    if (why === null || told.includes(why)) return []
    const [first = '', ...more] = wrapped(`${state} ${printable(`${label}: ${why}`)}`, width, '', '  ')
    return [paint(stateStyle[state], first), ...more]
  })

const figureLines = ({ title, numbers }: Figure, paint: Paint): string[] => [
  printable(title),
  ...numberTableLines(numbers, paint),
]

/** The answer of the result. */
function answerLines({ headline, sentences }: Answer, width: number, paint: Paint): string[] {
  const [first = '', ...more] = wrapped(printable(headline), width, '', '')
  return [
    ...[first, ...more].map(line => paint('bold', line)),
    ...sentences.flatMap(each => wrapped(printable(each), width, '', '')),
  ]
}

/** A block as groups of lines. */
function blockLines(block: Block, told: string, width: number, paint: Paint): string[][] {
  switch (block.kind) {
    case 'heading':
      return [[paint('bold', printable(block.text))]]
    case 'paragraph':
      return [
        wrapped(
          printable(block.text),
          width,
          block.topic === undefined ? '' : `${printable(block.topic)}: `,
          '  ',
        ),
      ]
    case 'list':
      return [
        block.items.flatMap(({ topic, text }) => wrapped(printable(`${topic}: ${text}`), width, '- ', '  ')),
      ]
    case 'numbers':
      return [numberTableLines(block, paint)]
    case 'series':
      return [seriesTableLines(block, width, paint), troubleLines(block, told, width, paint)]
    case 'figures':
      return block.figures.map(figure => figureLines(figure, paint))
    case 'choice':
      return block.options.map(({ figure }) => figureLines(figure, paint))
  }
}

/** A section as groups of lines, its title above the first of them. */
function sectionLines(
  section: Section,
  titled: boolean,
  told: string,
  width: number,
  paint: Paint,
): string[][] {
  const [first = [], ...more] = blocksFor(section, 'terminal').flatMap(each =>
    blockLines(each, told, width, paint),
  )
  return titled ? [[paint('bold', printable(section.title)), ...first], ...more] : [first, ...more]
}

/** The result as text for a terminal, ending in a line feed. */
export function renderTerminal(reading: Reading, { color, width: columns }: TerminalOptions): string {
  const paint: Paint = color
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text
  const width = Math.max(40, columns)
  const all = sectionsOf(reading)
  const sections = all.filter(section => blocksFor(section, 'terminal').length > 0)
  const answer = all.length === 0 ? null : answerOf(reading, all)
  const said = answer === null ? '' : [answer.headline, ...answer.sentences].join('\n')
  const partial = partialSentence(reading.result)
  const head = [
    ...(partial === null ? [] : wrapped(partial, width, '', '').map(line => paint('yellow', line))),
    ...(sections.length === 0
      ? ['No measurement was made: run again, and wait until it measures (a shorter --warmup helps).']
      : []),
    ...thresholdSentences(reading.result.thresholds).flatMap(each => {
      const [first = '', ...more] = wrapped(printable(`${thresholdHeading}: ${each}`), width, '', '  ')
      return [paint('red', first), ...more]
    }),
  ]
  const groups = sections.flatMap(each => sectionLines(each, sections.length > 1, said, width, paint))
  const reasons = reading.scenarios.flatMap(({ series }) => series.flatMap(each => trouble(each) ?? []))
  const told = [said, ...reasons].join('\n')
  const answered = answer === null ? [] : answerLines(answer, width, paint)
  const warnings = warningLines(reading, told, width, paint)
  return `${[head, answered, ...groups, tieLines(reading, width), warnings]
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`
}
