/**
 * A history as one HTML file: where a level changed, then a chart for each metric. The folder writes a history
 * (`compare/trend.ts`) as a page, as CSV and as text; only `bin` imports it.
 */

import type { Trend } from '../../compare/trend.ts'
import { many } from '../display.ts'
import { type Markup, markup } from '../markup.ts'
import { figureMarkup } from '../page/figure-markup.ts'
import { shapes, stylesOf } from '../page/series-style.ts'
import { seriesSwitches } from '../page/series-switches.ts'
import { renderPage } from '../page/shell.ts'
import { scrolling } from '../page/table-markup.ts'
import { showTime } from '../subject.ts'
import { trendFigures } from './trend-figures.ts'
import {
  chanceSentence,
  changesIn,
  directionOf,
  type FoundChange,
  levelsOf,
  pointName,
} from './trend-words.ts'

/** The badges of a run say the same with the colours that the report has. */
const badges = { better: 'passed', worse: 'failed', changed: '' } as const

const changeRow = (change: FoundChange): Markup => {
  const direction = directionOf(change)
  const { series, metric } = change.line
  return markup`<tr><th scope="row">${pointName(change.point)}</th><td class="state"><span class="badge ${badges[direction]}">${direction}</span></td><td>${series.label}</td><td>${series.scenario}</td><td>${metric}</td><td>${levelsOf(change).replace('->', '→')}</td></tr>
`
}

const changesTable = (changes: readonly FoundChange[]): Markup =>
  changes.length === 0
    ? markup`<p>None: every line stays at its level.</p>`
    : scrolling(
        'Changes of level',
        markup`<table class="comparison"><thead><tr>${[
          'commit',
          '',
          'series',
          'scenario',
          'metric',
          'level',
        ].map(head => markup`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${changes.map(changeRow)}</tbody></table>`,
      )

/** What changed besides the code, point by point: which may explain a change of level. */
function differencesSection({ points }: Trend): Markup | null {
  const differing = points.filter(({ differences }) => differences.length > 0)
  if (differing.length === 0) return null
  return markup`<section id="differences"><h2>What changed besides the code</h2>
<p>Charts mark each with a vertical line. A change of level next to one may come from the machine, the software or the workload.</p>
<ul class="notes">${differing.map(
    point => markup`<li><strong>${pointName(point)}</strong> ${point.differences
      .map(({ name, base, head }) => `${name} from ${base} to ${head}`)
      .join('; ')}</li>
`,
  )}</ul>
</section>
`
}

/** What every saved picture says about what it shows. */
const setupOf = ({ points, version }: Trend): string =>
  [
    many(points.length, 'commit'),
    ...[points[0], points.at(-1)].flatMap(point => (point === undefined ? [] : showTime(point.startedAt))),
    `pushbench ${version}`,
  ].join(' · ')

/** The whole page. */
export function renderTrendHtml(trend: Trend): string {
  const { points, scenarios } = trend
  const styles = stylesOf(trend)
  const sections = scenarios.map((scenario, index) => {
    const id = `scenario-${index + 1}`
    return { id, scenario, figures: trendFigures(trend, scenario) }
  })
  const changes = changesIn(trend)
  const [oldest, newest] = [points[0], points.at(-1)]
  const charts = sections.flatMap(({ id, figures }) =>
    figures.flatMap(figure => (figure.chart === null ? [] : [[`${id}-${figure.id}`, figure.chart] as const])),
  )
  return renderPage({
    title: `pushbench: ${many(points.length, 'commit')}`,
    version: trend.version,
    header: markup`<h1>${many(changes.length, 'change')} of level in ${many(points.length, 'commit')}</h1>
<p class="subject">${oldest && showTime(oldest.startedAt)} to ${newest && showTime(newest.startedAt)}</p>`,
    main: markup`<section id="changes"><h2>Changes of level</h2>
${changesTable(changes)}
<p class="note">${chanceSentence(trend)}</p>
</section>
${differencesSection(trend)}${seriesSwitches(styles)}
${sections.map(
  ({ id, scenario, figures }) => markup`<section id="${id}"><h2>${scenario.name}</h2>
<div class="figures">
${figures.map(figure => figureMarkup(figure, id, styles))}</div>
</section>
`,
)}`,
    data: { styles, shapes, charts: Object.fromEntries(charts), setup: setupOf(trend) },
  })
}
