/** The comparison as text for a terminal: cautions, the verdict, then what is not unchanged with its reason. */
import { styleText } from 'node:util'
import type { Comparison } from '../../compare/compare.ts'
import type { Finding, Verdict } from '../../compare/finding.ts'
import { printable } from '../markup.ts'
import { sideFacts } from './sides.ts'
import {
  cautions,
  failedThresholds,
  findingsOf,
  isWarning,
  levelSentence,
  outcomeOf,
  sidesOf,
  stops,
  tally,
  verdicts,
  verdictText,
  whereOf,
  whyOf,
} from './verdicts.ts'

type Style = Parameters<typeof styleText>[0]

const styles = {
  regressed: 'red',
  inconclusive: 'yellow',
  improved: 'green',
  unchanged: 'dim',
} as const satisfies Record<Verdict, Style>

const styleOf = (finding: Finding): Style => (isWarning(finding) ? 'yellow' : styles[finding.verdict])

/** The comparison as text, ending in a line feed. Reasons are one line each: a terminal wraps them. */
export function renderGateTerminal(comparison: Comparison, { color }: { readonly color: boolean }): string {
  const paint = (style: Style, text: string): string =>
    color ? styleText(style, text, { validateStream: false }) : text
  const where = whereOf(comparison)
  const outcome = outcomeOf(comparison)
  const entry = (finding: Finding): string[] => {
    const [base, head] = sidesOf(finding)
    const what = printable(`${where(finding)}: ${finding.metric}`)
    return [
      `${paint(styleOf(finding), verdictText(finding))}  ${what}  ${base} -> ${head}`,
      `  ${printable(whyOf(finding))}`,
    ]
  }
  const shown = verdicts.filter(verdict => verdict !== 'unchanged')
  const blocks = [
    stops(comparison).map(text => `${paint('yellow', 'warning')}: ${printable(text)}`),
    failedThresholds(comparison).map(text => paint('red', printable(text))),
    cautions(comparison).map(text => `${paint('yellow', 'warning')}: ${printable(text)}`),
    [`${paint([outcome === 'failed' ? 'red' : styles[outcome], 'bold'], outcome)}: ${tally(comparison)}`],
    shown.flatMap(verdict => findingsOf(comparison, verdict).flatMap(entry)),
    comparison.notes.map(text => `note: ${printable(text)}`),
    [
      ...sideFacts(comparison).map(({ name, value }) => `${name}: ${printable(value)}`),
      levelSentence(comparison),
    ],
  ]
  return `${blocks
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`
}
