/**
 * The report as one HTML file that opens from disk and loads nothing. In comes a reading of a result, out comes a page:
 * the answer and its picture, the chapters, findings, warnings, method. The rest of the folder is its markup, script and style; the pages of
 * comparisons and histories take their shell, tables and figures from here.
 */
import type { Reading } from '../../results/reading.ts'
import type { Finding, Section } from '../chapters/block.ts'
import { sectionsOf } from '../chapters/index.ts'
import { answerOf, summaryOf, techniquesPhrase } from '../chapters/summary.ts'
import { unbroken } from '../display.ts'
import { type Markup, markup } from '../markup.ts'
import { limitNotes, methodNotes, type Note } from '../method-notes.ts'
import { environmentFacts, type Fact, repeatCommand, setupPhrases, showTime } from '../subject.ts'
import { thresholdSentences } from '../thresholds.ts'
import { partialSentence } from '../unfinished.ts'
import { groupWarnings, type WarningGroup } from '../warnings.ts'
import { chartsOf, pictureMarkup, sectionMarkup } from './block-markup.ts'
import { flagged, prose } from './prose.ts'
import { type SeriesStyle, shapes, stylesOf } from './series-style.ts'
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
    markup`<li><strong>${each.who}</strong>: ${prose(each.message)}${each.runs !== null && ` (${each.runs})`}</li>`,
)}</ul>
<p class="advice">${prose(group.advice)}</p></li>
`

const warningsMarkup = (groups: readonly WarningGroup[]): Markup =>
  groups.length === 0
    ? markup`<p>None: every check of this run passed.</p>`
    : markup`<ol class="warnings">${groups.map(warningMarkup)}</ol>`

const notesMarkup = (notes: readonly Note[]): Markup =>
  markup`<ul class="notes">${notes.map(note => markup`<li><strong>${note.title}</strong> ${prose(note.text)}</li>\n`)}</ul>`

const factsMarkup = (facts: readonly Fact[]): Markup =>
  markup`<dl class="facts">${facts.map(fact => markup`<div><dt>${fact.name}</dt><dd>${fact.value}</dd></div>\n`)}</dl>`

/** What was measured, the answer, and the picture that shows it: what fits on the first screen. */
function opening(reading: Reading, sections: readonly Section[], styles: readonly SeriesStyle[]): Markup {
  const { result } = reading
  const { headline, sentences } = answerOf(reading, sections)
  const partial = partialSentence(result)
  const [first] = sections.filter(({ answer }) => answer !== undefined)
  return markup`<p class="subject">${setupPhrases(result).join(' · ')}${styles.length > 0 && ' · '}<time datetime="${result.startedAt}">${showTime(result.startedAt)}</time></p>
<h1>${unbroken(headline)}</h1>
${sentences.length > 0 && markup`<p class="answer">${unbroken(sentences.join(' '))}</p>`}
${partial && markup`<p class="banner">${partial}</p>`}
${thresholdSentences(result.thresholds).map(each => markup`<p class="banner">${unbroken(`Threshold failed: ${each}`)}</p>\n`)}
${first && pictureMarkup(first, styles)}`
}

/** What every saved picture says about how it was measured. */
const pictureFooter = ({ result }: Reading): string =>
  [
    ...setupPhrases(result),
    result.environment.cpu,
    `Node.js ${result.environment.node}`,
    `pushbench ${result.tool.version}`,
    showTime(result.startedAt),
  ].join(' · ')

/** The whole page. */
export function renderHtml(reading: Reading): string {
  const { result } = reading
  const sections = sectionsOf(reading)
  const styles = stylesOf(reading)
  const opens = sections.find(({ answer }) => answer !== undefined)
  return renderPage({
    title: `pushbench: ${techniquesPhrase(result)}`,
    version: result.tool.version,
    header: opening(reading, sections, styles),
    main: markup`${styles.length > 0 && switches(reading, styles)}
${sections.map(section => sectionMarkup(section, styles, section === opens))}
<section id="summary">
<h2>Findings</h2>
${findingsMarkup(summaryOf(reading, sections))}
</section>
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
<pre tabindex="0" aria-label="Command"><code>${flagged(repeatCommand(result))}</code></pre>
</section>`,
    data: { styles, shapes, charts: chartsOf(sections), setup: pictureFooter(reading) },
  })
}
