/** Markdown (GitHub flavour): the summary and the table, for a pull request or a wiki. */
import type { Result } from '../../results/result.ts'
import { type Column, columnsOf, rangeNote, rowsOf, wholeText } from '../comparison.ts'
import { findings, techniquesPhrase } from '../findings.ts'
import { escapeMarkdown, printable } from '../markup.ts'
import { baseline, faulted, type Scenario } from '../series.ts'
import { stormColumns } from '../storm/storm-columns.ts'
import { environmentFacts, repeatCommand } from '../subject.ts'
import { groupWarnings, sightingText, trouble } from '../warnings.ts'

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function table(scenario: Scenario, columns: readonly Column[]): string[] {
  const rows = rowsOf(scenario.series, columns).map(({ series, cells }) => {
    const why = trouble(series)
    const state = why === null ? series.state : `**${series.state}**: ${escapeMarkdown(why)}`
    return tableRow([escapeMarkdown(series.label), state, ...cells.map(wholeText)])
  })
  const note = rangeNote(scenario)
  return [
    tableRow(['technique', 'state', ...columns.map(each => each.heading)]),
    tableRow(['---', '---', ...columns.map(() => '---:')]),
    ...rows,
    ...(note === null ? [] : ['', note]),
  ]
}

/** A fenced block whose fence is longer than any run of backticks inside. */
function fenced(text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(match => match[0].length))
  const fence = '`'.repeat(longest + 1)
  return [`${fence}sh`, printable(text), fence]
}

/** The result as Markdown, ending in a line feed. */
export function renderMarkdown(result: Result): string {
  const warnings = groupWarnings(result).flatMap(group => [
    `- **${group.code}**: ${escapeMarkdown(group.advice)}`,
    ...group.sightings.map(each => `  - ${escapeMarkdown(sightingText(each))}`),
  ])
  const facts = environmentFacts(result).map(
    fact => `${escapeMarkdown(fact.name)} ${escapeMarkdown(fact.value)}`,
  )
  return `${[
    `## pushbench: ${escapeMarkdown(techniquesPhrase(result))}`,
    '',
    ...findings(result).map(each => `- **${escapeMarkdown(each.topic)}.** ${escapeMarkdown(each.text)}`),
    ...baseline(result).flatMap(scenario => [
      '',
      `### Scenario ${escapeMarkdown(scenario.name)}`,
      '',
      ...table(scenario, columnsOf(scenario.series)),
    ]),
    ...faulted(result).flatMap(scenario => [
      '',
      `### Storms, scenario ${escapeMarkdown(scenario.name)}`,
      '',
      ...table(scenario, stormColumns(scenario.series)),
    ]),
    ...(warnings.length === 0 ? [] : ['', '### Warnings', '', ...warnings]),
    '',
    '### Repeat it',
    '',
    ...fenced(repeatCommand(result)),
    '',
    `Measured with ${facts.join('; ')}.`,
  ].join('\n')}\n`
}
