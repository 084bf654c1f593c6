/** The comparison as one HTML file in the style of the report: the verdict, then each kind of finding with its runs. */
import type { Comparison } from '../../compare/compare.ts'
import type { Finding, Verdict } from '../../compare/finding.ts'
import { capitalised, many, unbroken } from '../display.ts'
import { type Markup, markup } from '../markup.ts'
import { renderPage } from '../page/shell.ts'
import { plotOf } from './plot.ts'
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

function itemOf(finding: Finding, where: string): Markup {
  const [base, head] = sidesOf(finding)
  const badge = isWarning(finding) ? badges.inconclusive : badges[finding.verdict]
  return markup`<li><p class="what"><span class="badge ${badge}">${finding.metric}</span> <span class="where">${where}${isWarning(finding) && ', only warns'}</span> <span class="values">${unbroken(`${base} → ${head}`)}</span></p>
${plotOf(finding)}<p class="why">${unbroken(whyOf(finding))}</p></li>
`
}

/** How to read the pictures, once: they look alike in all sections. */
const legend = markup`<p class="lead">Each dot is a run, the stroke through the dots their median. The bar is the 95 % interval of the change around its estimate; the shaded band is what is too small to matter.</p>
`

function sectionOf(comparison: Comparison, verdict: Verdict, isFirst: boolean): Markup | null {
  const findings = findingsOf(comparison, verdict)
  if (findings.length === 0) return null
  const where = whereOf(comparison)
  const warning = findings.filter(isWarning).length
  const count = `${many(findings.length - warning, 'metric')} ${verdict}${warning > 0 ? `, ${warning} more only ${warning === 1 ? 'warns' : 'warn'}` : ''}`
  const list = markup`<ul class="outcomes">
${findings.map(finding => itemOf(finding, where(finding)))}</ul>
`
  return markup`<section id="${verdict}"><h2>${headings[verdict]}</h2>
${isFirst && findings.some(finding => plotOf(finding) !== null) && legend}${verdict === 'unchanged' ? markup`<details><summary>${count}</summary>\n${list}</details>` : markup`<p>${count}.</p>\n${list}`}
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
  const { head } = comparison
  const first = verdicts.find(each => findingsOf(comparison, each).length > 0)
  return renderPage({
    title: `pushbench: ${[...stops(comparison), outcomeOf(comparison)].join('; ')}`,
    version: head.toolVersion,
    header: markup`${stops(comparison).map(each => markup`<p class="banner">${unbroken(capitalised(each))}</p>\n`)}<h1>${unbroken(capitalised(tally(comparison)))}</h1>
<p class="subject">${outcomeOf(comparison)} · ${unbroken(levelSentence(comparison))}</p>
${failedThresholds(comparison).map(each => markup`<p class="banner">${unbroken(capitalised(each))}</p>\n`)}${cautions(comparison).map(caution => markup`<p class="banner">${unbroken(caution)}</p>\n`)}`,
    main: markup`${verdicts.map(each => sectionOf(comparison, each, each === first))}${notesSection(comparison)}<section id="sides"><h2>What was compared</h2>
<dl class="facts">${sideFacts(comparison).map(({ name, value }) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
</section>`,
  })
}
