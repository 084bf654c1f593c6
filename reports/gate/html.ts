/** The comparison as one HTML file in the style of the report: the verdict, then a table for each kind of finding. */
import type { Comparison } from '../../compare/compare.ts'
import type { Finding, Verdict } from '../../compare/finding.ts'
import { many, unbroken } from '../display.ts'
import { type Markup, markup } from '../markup.ts'
import { renderPage } from '../page/shell.ts'
import { scrolling } from '../page/table-markup.ts'
import { sideFacts } from './sides.ts'
import {
  cautions,
  findingsOf,
  isWarning,
  levelSentence,
  sidesOf,
  tally,
  verdicts,
  whereOf,
  whyOf,
} from './verdicts.ts'

const headings: Readonly<Record<Verdict, string>> = {
  regressed: 'What got worse',
  inconclusive: 'What is undecided',
  improved: 'What got better',
  unchanged: 'What stayed the same',
}

/** The badge of a passed, failed or aborted run says the same with the colours that the report has. */
const badges: Readonly<Record<Verdict, string>> = {
  regressed: 'failed',
  inconclusive: 'aborted',
  improved: 'passed',
  unchanged: '',
}

function rowOf(finding: Finding, where: string): Markup {
  const [base, head] = sidesOf(finding)
  const badge = isWarning(finding) ? badges.inconclusive : badges[finding.verdict]
  return markup`<tr><th scope="row">${where}</th><td class="state"><span class="badge ${badge}">${finding.metric}</span></td><td>${base}</td><td>${head}</td></tr>
<tr class="why"><td colspan="4">${unbroken(whyOf(finding))}</td></tr>
`
}

function sectionOf(comparison: Comparison, verdict: Verdict): Markup | null {
  const findings = findingsOf(comparison, verdict)
  if (findings.length === 0) return null
  const where = whereOf(comparison)
  const table = scrolling(
    headings[verdict],
    markup`<table class="comparison"><thead><tr><th scope="col">series</th><th scope="col">metric</th><th scope="col">base</th><th scope="col">head</th></tr></thead>
<tbody>${findings.map(finding => rowOf(finding, where(finding)))}</tbody></table>`,
  )
  return markup`<section id="${verdict}"><h2>${headings[verdict]}</h2>
<p>${many(findings.length, 'metric')} ${verdict}.</p>
${table}
</section>
`
}

const notesSection = ({ notes }: Comparison): Markup | null =>
  notes.length === 0
    ? null
    : markup`<section id="notes"><h2>Notes</h2><ul class="notes">${notes.map(note => markup`<li>${note}</li>\n`)}</ul></section>
`

/** The whole page. */
export function renderGateHtml(comparison: Comparison): string {
  const { verdict, head } = comparison
  return renderPage({
    title: `pushbench: ${verdict}`,
    version: head.toolVersion,
    header: markup`<h1>${tally(comparison)}</h1>
<p class="subject">${verdict} · ${levelSentence(comparison)}</p>
${cautions(comparison).map(caution => markup`<p class="banner">${caution}</p>\n`)}`,
    main: markup`${verdicts.map(each => sectionOf(comparison, each))}${notesSection(comparison)}<section id="sides"><h2>What was compared</h2>
<dl class="facts">${sideFacts(comparison).map(({ name, value }) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
</section>`,
  })
}
