/**
 * The report as one HTML file that opens from disk and loads nothing. In comes a reading of a result, out comes a page:
 * the summary, the chapters, warnings, method. The rest of the folder is its markup, script and style; the pages of
 * comparisons and histories take their shell, tables and figures from here.
 */
import type { Reading } from '../../results/reading.ts'
import type { Finding } from '../chapters/block.ts'
import { sectionsOf } from '../chapters/index.ts'
import { headline, summaryOf, techniquesPhrase } from '../chapters/summary.ts'
import { unbroken } from '../display.ts'
import { type Markup, markup } from '../markup.ts'
import { limitNotes, methodNotes, type Note } from '../method-notes.ts'
import { environmentFacts, type Fact, repeatCommand, showTime, workloadPhrases } from '../subject.ts'
import { groupWarnings, type WarningGroup } from '../warnings.ts'
import { chartsOf, sectionMarkup } from './block-markup.ts'
import { type SeriesStyle, stylesOf } from './series-style.ts'
import { seriesSwitches } from './series-switches.ts'
import { renderPage } from './shell.ts'

const findingsMarkup = (all: readonly Finding[]): Markup =>
  markup`<dl class="findings">${all.map(
    finding => markup`<div><dt>${finding.topic}</dt><dd>${unbroken(finding.text)}</dd></div>
`,
  )}</dl>`

/** The series with a word behind those that did not pass. */
const switches = ({ scenarios }: Reading, styles: readonly SeriesStyle[]): Markup =>
  seriesSwitches(
    styles,
    new Map(
      scenarios
        .flatMap(({ series }) => series)
        .flatMap(({ state, place }) => (state === 'passed' ? [] : [[place, state] as const])),
    ),
  )

const warningMarkup = (group: WarningGroup): Markup => markup`<li><h3><code>${group.code}</code></h3>
<ul>${group.sightings.map(
  each =>
    markup`<li><strong>${each.who}</strong>: ${each.message}${each.runs !== null && ` (${each.runs})`}</li>`,
)}</ul>
<p class="advice">${group.advice}</p></li>
`

const warningsMarkup = (groups: readonly WarningGroup[]): Markup =>
  groups.length === 0
    ? markup`<p>None: every check of this run passed.</p>`
    : markup`<ol class="warnings">${groups.map(warningMarkup)}</ol>`

const notesMarkup = (notes: readonly Note[]): Markup =>
  markup`<ul class="notes">${notes.map(note => markup`<li><strong>${note.title}</strong> ${note.text}</li>\n`)}</ul>`

const factsMarkup = (facts: readonly Fact[]): Markup =>
  markup`<dl class="facts">${facts.map(fact => markup`<div><dt>${fact.name}</dt><dd>${fact.value}</dd></div>\n`)}</dl>`

/** The whole page. */
export function renderHtml(reading: Reading): string {
  const { result } = reading
  const sections = sectionsOf(reading)
  const styles = stylesOf(reading)
  return renderPage({
    title: `pushbench: ${techniquesPhrase(result)}`,
    version: result.tool.version,
    header: markup`<h1>${headline(reading)}</h1>
<p class="subject">${workloadPhrases(result.measurements).join(' · ')}${styles.length > 0 && ' · '}<time datetime="${result.startedAt}">${showTime(result.startedAt)}</time></p>
${result.aborted && markup`<p class="banner">Aborted: the run was stopped early, the numbers are partial.</p>`}`,
    main: markup`<section id="summary">
<h2>Summary</h2>
${findingsMarkup(summaryOf(reading, sections))}
</section>
${styles.length > 0 && switches(reading, styles)}
${sections.map(section => sectionMarkup(section, styles))}
<section id="warnings"><h2>Warnings</h2>
${warningsMarkup(groupWarnings(reading))}
</section>
<section id="method" class="prose"><h2>Method in short</h2>
${notesMarkup(methodNotes(result))}
</section>
<section id="limits" class="prose"><h2>What these numbers cannot show</h2>
${notesMarkup(limitNotes(result))}
</section>
<section id="environment"><h2>Environment</h2>
${factsMarkup(environmentFacts(result))}
</section>
<section id="repeat"><h2>Repeat it</h2>
<pre tabindex="0" aria-label="Command"><code>${repeatCommand(result)}</code></pre>
</section>`,
    data: { styles, charts: chartsOf(sections) },
  })
}
