/**
 * The chapters of the page between the summary and the warnings. A chapter is a function of the result that
 * yields its sections, or none where the result has nothing for it; a new kind of run adds a chapter here.
 */

import { markup } from '../markup.ts'
import { baseline, faulted, type Scenario } from '../series.ts'
import { stormChapter } from '../storm/storm-chapter.ts'
import { ceilingChapter } from './ceiling-figures.ts'
import { bytesPerDelivery, cpuPerDelivery, emptyResponses, memoryPerClient } from './cost-figures.ts'
import { type Figure, figureMarkup } from './figure.ts'
import { latencyByPercentile, latencySpread } from './latency-figures.ts'
import { pageClientsChapter } from './page-clients.ts'
import type { Chapter } from './section.ts'
import type { Styles } from './series-style.ts'
import { comparisonTable } from './table-markup.ts'
import { deliveredOverTime, tailOverTime } from './timeline-figures.ts'

/** The figures of a scenario, in reading order. */
const figures: readonly ((scenario: Scenario, styles: Styles) => Figure)[] = [
  latencyByPercentile,
  latencySpread,
  emptyResponses,
  bytesPerDelivery,
  cpuPerDelivery,
  memoryPerClient,
  deliveredOverTime,
  tailOverTime,
]

/** Said where calm runs and storms stand in one result. */
const leftOut = markup`<p class="note">Runs that met a fault are left out here: their latency, bytes and CPU time are those of the storm and of what came before it. They have a chapter of their own.</p>
`

/** A section per scenario: the comparison table, then the figures. */
const comparisonChapter: Chapter = (result, styles) => {
  const all = baseline(result)
  const storms = faulted(result).length > 0
  return all.map((scenario, at) => {
    // Numbered, because a scenario's name can be any text and an id cannot.
    const id = `scenario-${at + 1}`
    const drawn = figures.map(figure => figure(scenario, styles))
    return {
      id,
      title: all.length > 1 ? `Comparison: ${scenario.name}` : 'Comparison',
      body: markup`${storms && leftOut}${comparisonTable(scenario, styles)}
<div class="figures">
${drawn.map(figure => figureMarkup(figure, id, styles.all))}</div>`,
      charts: Object.fromEntries(
        drawn.flatMap(({ id: name, chart }) => (chart === null ? [] : [[`${id}-${name}`, chart]])),
      ),
    }
  })
}

/** Every chapter, in reading order. */
export const chapters: readonly Chapter[] = [
  comparisonChapter,
  stormChapter,
  ceilingChapter,
  pageClientsChapter,
]
