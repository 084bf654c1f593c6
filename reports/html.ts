/** The report as one HTML file that opens from disk and loads nothing. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Result } from '../measure/result.ts'
import { chapters, type Section } from './chapters.ts'
import { unbroken } from './display.ts'
import { type Finding, findings, headline, techniquesPhrase } from './findings.ts'
import { type Markup, markup, scriptJson, trusted } from './markup.ts'
import { limitNotes, methodNotes, type Note } from './method-notes.ts'
import { scenarios } from './series.ts'
import { type Styles, stylesOf, swatch } from './series-style.ts'
import { environmentFacts, type Fact, repeatCommand, showTime, workloadPhrases } from './subject.ts'
import { groupWarnings, type WarningGroup } from './warnings.ts'

const asset = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

/** In the order of the cascade. */
const styleSheets = ['colours.css', 'page.css', 'figures.css', 'print.css']

/** In the order in which they build on each other. */
const scriptFiles = ['charts.js', 'chart-lines.js', 'chart-rows.js', 'page.js']

/** chart.js for a plain script element. Its exports map does not list the file; it lies beside the main entry. */
const chartLibrary = (): string =>
  readFileSync(new URL('chart.umd.min.js', import.meta.resolve('chart.js')), 'utf8').replace(
    /^\/\/# sourceMappingURL=.*$/m,
    '',
  )

/** A script that is our own. The browser runs it only because the policy names its hash. */
interface Script {
  readonly element: Markup
  readonly hash: string
}

function script(source: string): Script {
  // The one sequence that could end the element early; in JavaScript both spellings mean the same.
  const text = source.replaceAll('</script', '<\\/script')
  return {
    element: markup`<script>${trusted(text)}</script>`,
    hash: `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  }
}

const findingsMarkup = (all: readonly Finding[]): Markup =>
  markup`<dl class="findings">${all.map(
    finding => markup`<div><dt>${finding.topic}</dt><dd>${unbroken(finding.text)}</dd></div>
`,
  )}</dl>`

/** The techniques as switches; the script shows them once it runs, because without it they would do nothing. */
const switches = (result: Result, styles: Styles): Markup => {
  const all = scenarios(result).flatMap(scenario => scenario.series)
  const states = new Map(
    all.flatMap(each => (each.state === 'passed' ? [] : [[styles.indexOf(each), each.state]])),
  )
  return markup`<form class="switches" hidden aria-label="Techniques shown in charts and tables"><div class="chips">${styles.all.map(
    (style, index) =>
      markup`<label><input type="checkbox" name="series" value="${index}" checked> ${swatch(style)} <span>${style.label}</span>${states.has(index) && markup` <em>${states.get(index)}</em>`}</label>
`,
  )}</div><div class="all"><button type="button" value="all">All</button><button type="button" value="none">None</button></div></form>`
}

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
  const scripts = [chartLibrary(), ...scriptFiles.map(asset)].map(script)
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(each => each.hash).join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const title = `pushbench: ${techniquesPhrase(result)}`
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="pushbench ${result.tool.version}">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(styleSheets.map(asset).join(''))}</style>
</head>
<body>
<header>
<p class="brand">pushbench <span>${result.tool.version}</span></p>
<h1>${headline(result)}</h1>
<p class="subject">${workloadPhrases(result.measurements).join(' · ')}${all.length > 0 && ' · '}<time datetime="${result.startedAt}">${showTime(result.startedAt)}</time></p>
${result.aborted && markup`<p class="banner">Aborted: a signal ended the measuring early. What is here is partial.</p>`}
</header>
<main>
<section id="summary">
<h2>Summary</h2>
${findingsMarkup(findings(result))}
</section>
${styles.all.length > 0 && switches(result, styles)}
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
</section>
</main>
<script type="application/json" id="data">${scriptJson(pageData(sections, styles))}</script>
${scripts.map(each => each.element)}
</body>
</html>
`.markup
}
