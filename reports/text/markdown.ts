/**
 * Markdown (GitHub flavour): the answer, the chapters and the findings, for a pull request or a wiki. The folder writes results as
 * plain text: Markdown, CSV, a terminal's tables.
 */
import type { Reading } from '../../results/reading.ts'
import { type Block, blocksFor, type Finding, type Section } from '../chapters/block.ts'
import type { Figure } from '../chapters/figure.ts'
import { sectionsOf } from '../chapters/index.ts'
import { answerOf, summaryOf, techniquesPhrase } from '../chapters/summary.ts'
import type { NumberTable, SeriesCell, SeriesTable } from '../chapters/table.ts'
import { escapeMarkdown, printable } from '../markup.ts'
import { environmentFacts, repeatCommand, setupPhrases } from '../subject.ts'
import { thresholdHeading, thresholdSentences } from '../thresholds.ts'
import { partialSentence } from '../unfinished.ts'
import { groupWarnings, sightingText } from '../warnings.ts'
import { alert } from './markdown-alert.ts'

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const itemLine = ({ topic, text }: Finding): string =>
  `- **${escapeMarkdown(topic)}** ${escapeMarkdown(text)}`

function numberLines({ corner, heads, rows }: NumberTable): string[] {
  return [
    tableRow([corner, ...heads.map(({ text }) => text)].map(escapeMarkdown)),
    tableRow(['---', ...heads.map(() => '---:')]),
    ...rows.map(({ head, cells }) => tableRow([head, ...cells.map(({ text }) => text)].map(escapeMarkdown))),
  ]
}

/** A number, what it holds for, and the range where there is one. */
const cellText = ({ text, load, range }: SeriesCell): string =>
  [text, load ?? '', range].filter(part => part !== '').join(' ')

function seriesLines({ columns, rows, states }: SeriesTable): string[] {
  return [
    tableRow(['technique', ...(states ? ['state'] : []), ...columns.map(each => each.heading)]),
    tableRow(['---', ...(states ? ['---'] : []), ...columns.map(() => '---:')]),
    ...rows.map(({ series: { label, state }, why, cells }) =>
      tableRow([
        escapeMarkdown(label),
        ...(states ? [why === null ? state : `**${state}**: ${escapeMarkdown(why)}`] : []),
        ...cells.map(cellText),
      ]),
    ),
  ]
}

const figureLines = ({ title, subject, unit, reading, notes, numbers }: Figure): string[] => [
  `#### ${escapeMarkdown(title)}`,
  '',
  [`${subject}${unit === '' ? '' : `, ${unit}`}.`, reading, ...notes].map(escapeMarkdown).join(' '),
  '',
  ...numberLines(numbers),
  '',
]

/** A block with an empty line after it. */
function blockLines(block: Block): string[] {
  switch (block.kind) {
    case 'heading':
      return [`#### ${escapeMarkdown(block.text)}`, '']
    case 'paragraph':
      return [
        `${block.topic === undefined ? '' : `**${escapeMarkdown(block.topic)}** `}${escapeMarkdown(block.text)}`,
        '',
      ]
    case 'list':
      return [...block.items.map(itemLine), '']
    case 'numbers':
      return [...numberLines(block), '']
    case 'series':
      return [...seriesLines(block), '']
    case 'figures':
      return block.figures.flatMap(figureLines)
    case 'choice':
      return block.options.flatMap(({ figure }) => figureLines(figure))
  }
}

const sectionLines = (section: Section): string[] => [
  `### ${escapeMarkdown(section.title)}`,
  '',
  ...blocksFor(section, 'markdown').flatMap(blockLines),
]

/** A fenced block whose fence is longer than any run of backticks inside. */
function fenced(text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(match => match[0].length))
  const fence = '`'.repeat(longest + 1)
  return [`${fence}sh`, printable(text), fence]
}

/** The result as Markdown, ending in a line feed. */
export function renderMarkdown(reading: Reading): string {
  const { result } = reading
  const sections = sectionsOf(reading)
  const { headline, sentences } = answerOf(reading, sections)
  const warnings = groupWarnings(reading).flatMap(group => [
    `- **${group.code}**: ${escapeMarkdown(group.advice)}`,
    ...group.sightings.map(each => `  - ${escapeMarkdown(sightingText(each))}`),
  ])
  const partial = partialSentence(result)
  const facts = environmentFacts(result).map(
    fact => `${escapeMarkdown(fact.name)} ${escapeMarkdown(fact.value)}`,
  )
  return `${[
    `## pushbench: ${escapeMarkdown(headline)}`,
    '',
    ...alert(
      'CAUTION',
      thresholdSentences(result.thresholds).map(each => `${thresholdHeading}: ${each}`),
    ),
    escapeMarkdown(sentences.join(' ')),
    '',
    ...(partial === null ? [] : [`**${escapeMarkdown(partial)}**`, '']),
    `Measured: ${escapeMarkdown(setupPhrases(result).join(', ') || techniquesPhrase(result))}.`,
    '',
    ...sections.flatMap(sectionLines),
    '### Findings',
    '',
    ...summaryOf(reading, sections).map(({ topic, text }) => itemLine({ topic: `${topic}.`, text })),
    '',
    ...(warnings.length === 0 ? [] : ['### Warnings', '', ...warnings, '']),
    '### Repeat it',
    '',
    ...fenced(repeatCommand(result)),
    '',
    `Measured with ${facts.join('; ')}.`,
  ].join('\n')}\n`
}
