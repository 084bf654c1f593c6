/** The comparison as Markdown (GitHub flavour): a job summary that is read from the top. */
import type { Comparison } from '../../compare/compare.ts'
import type { Finding, Verdict } from '../../compare/finding.ts'
import { capitalised, many } from '../display.ts'
import { escapeMarkdown } from '../markup.ts'
import { alert } from '../text/markdown-alert.ts'
import { sideFacts } from './sides.ts'
import {
  cautions,
  decidingAdvice,
  failedThresholds,
  findingsOf,
  isWarning,
  levelSentence,
  outcomeOf,
  sidesOf,
  stops,
  tally,
  verdicts,
  whereOf,
  whyOf,
} from './verdicts.ts'

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const metricText = (finding: Finding): string =>
  isWarning(finding) ? `${finding.metric} (warns)` : finding.metric

function table(findings: readonly Finding[], where: (finding: Finding) => string): string[] {
  const rows = findings.map(finding =>
    tableRow([where(finding), metricText(finding), ...sidesOf(finding), whyOf(finding)].map(escapeMarkdown)),
  )
  return [
    tableRow(['series', 'metric', 'base', 'head', 'why']),
    tableRow(['---', '---', '---:', '---:', '---']),
    ...rows,
  ]
}

function section(comparison: Comparison, verdict: Verdict): string[] {
  const findings = findingsOf(comparison, verdict)
  if (findings.length === 0) return []
  const rows = table(findings, whereOf(comparison))
  if (verdict !== 'unchanged') {
    const deciding = verdict === 'inconclusive' ? advice(comparison) : []
    return [`### ${capitalised(verdict)}`, '', ...rows, '', ...deciding]
  }
  // GitHub reads Markdown within an HTML element only after an empty line.
  const summary = `<details><summary>${many(findings.length, 'metric')} unchanged</summary>`
  return [summary, '', ...rows, '', '</details>', '']
}

function advice(comparison: Comparison): string[] {
  const deciding = decidingAdvice(comparison)
  return deciding === null ? [] : [`What is inconclusive says nothing about the code: ${deciding}.`, '']
}

/** The comparison as Markdown, ending in a line feed. */
export function renderGateMarkdown(comparison: Comparison): string {
  const { notes } = comparison
  return `${[
    ...alert('CAUTION', stops(comparison)),
    ...alert('CAUTION', failedThresholds(comparison)),
    ...alert('WARNING', cautions(comparison)),
    `## pushbench: ${outcomeOf(comparison)}`,
    '',
    `**${escapeMarkdown(tally(comparison))}.**`,
    '',
    ...verdicts.flatMap(each => section(comparison, each)),
    ...notes.map(note => `- ${escapeMarkdown(note)}`),
    ...(notes.length === 0 ? [] : ['']),
    ...sideFacts(comparison).map(({ name, value }) => `- ${name}: ${escapeMarkdown(value)}`),
    '',
    escapeMarkdown(levelSentence(comparison)),
  ].join('\n')}\n`
}
