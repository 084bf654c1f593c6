/** The report as one HTML file that opens from disk and loads nothing. */

import type { Result } from '../../results/result.ts'
import { unbroken } from '../display.ts'
import { type Finding, findings, headline, techniquesPhrase } from '../findings.ts'
import { type Markup, markup } from '../markup.ts'
import { limitNotes, methodNotes, type Note } from '../method-notes.ts'
import { type Scenario, scenarios } from '../series.ts'
import { environmentFacts, type Fact, repeatCommand, showTime, workloadPhrases } from '../subject.ts'
import { groupWarnings, type WarningGroup } from '../warnings.ts'
import { chapters } from './chapters.ts'
import type { Section } from './section.ts'
import { type Styles, stylesOf } from './series-style.ts'
import { seriesSwitches } from './series-switches.ts'
import { renderPage } from './shell.ts'

const findingsMarkup = (all: readonly Finding[]): Markup =>
  markup`<dl class="findings">${all.map(
    finding => markup`<div><dt>${finding.topic}</dt><dd>${unbroken(finding.text)}</dd></div>
`,
  )}</dl>`

/** The series with a word behind those that did not pass. */
const switches = (all: readonly Scenario[], styles: Styles): Markup =>
  seriesSwitches(
    styles,
    new Map(
      all
        .flatMap(({ series }) => series)
        .flatMap(each => (each.state === 'passed' ? [] : [[styles.indexOf(each), each.state] as const])),
    ),
  )

const sectionMarkup = (section: Section): Markup => markup`<section id="${section.id}">
<h2>${section.title}</h2>
${section.body}
</section>
`

const warningMarkup = (group: WarningGroup): Markup => markup`<li><h3><code>${group.code}</code></h3>
<ul>${group.sightings.map(
  each =>
    markup`<li>${each.labels.map((label, at) => markup`${at > 0 && ', '}<strong>${label}</strong>`)}: ${each.message}${each.runs !== null && ` (${each.runs})`}</li>`,
)}</ul>
<p class="advice">${group.advice}</p></li>
`

const warningsMarkup = (groups: readonly WarningGroup[]): Markup =>
  groups.length === 0
    ? markup`<p>None: no check of this run found anything to object to.</p>`
    : markup`<ol class="warnings">${groups.map(warningMarkup)}</ol>`

const notesMarkup = (notes: readonly Note[]): Markup =>
  markup`<ul class="notes">${notes.map(note => markup`<li><strong>${note.title}</strong> ${note.text}</li>\n`)}</ul>`

const factsMarkup = (facts: readonly Fact[]): Markup =>
  markup`<dl class="facts">${facts.map(fact => markup`<div><dt>${fact.name}</dt><dd>${fact.value}</dd></div>\n`)}</dl>`

/** What the page's script reads. */
const pageData = (sections: readonly Section[], styles: Styles): unknown => ({
  styles: styles.all,
  charts: Object.assign({}, ...sections.map(section => section.charts)),
})

/** The whole page. */
export function renderHtml(result: Result): string {
  const all = scenarios(result)
  const styles = stylesOf(all)
  const sections = chapters.flatMap(chapter => chapter(result, styles))
  return renderPage({
    title: `pushbench: ${techniquesPhrase(result)}`,
    version: result.tool.version,
    header: markup`<h1>${headline(result)}</h1>
<p class="subject">${workloadPhrases(result.measurements).join(' · ')}${all.length > 0 && ' · '}<time datetime="${result.startedAt}">${showTime(result.startedAt)}</time></p>
${result.aborted && markup`<p class="banner">Aborted: the measuring was ended early. What is here is partial.</p>`}`,
    main: markup`<section id="summary">
<h2>Summary</h2>
${findingsMarkup(findings(result))}
</section>
${styles.all.length > 0 && switches(all, styles)}
${sections.map(sectionMarkup)}
<section id="warnings"><h2>Warnings</h2>
${warningsMarkup(groupWarnings(result))}
</section>
<section id="method" class="prose"><h2>Method in short</h2>
${notesMarkup(methodNotes(result))}
</section>
<section id="limits" class="prose"><h2>What these numbers cannot tell</h2>
${notesMarkup(limitNotes(result))}
</section>
<section id="environment"><h2>Environment</h2>
${factsMarkup(environmentFacts(result))}
</section>
<section id="repeat"><h2>Repeat it</h2>
<pre tabindex="0" aria-label="Command"><code>${repeatCommand(result)}</code></pre>
</section>`,
    data: pageData(sections, styles),
  })
}
