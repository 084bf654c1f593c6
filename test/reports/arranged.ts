/** Results on their way into a report: arranged, as sections, as the summary. */
import type { Section } from '../../reports/chapters/block.ts'
import type { Chart } from '../../reports/chapters/figure.ts'
import { sectionsOf } from '../../reports/chapters/index.ts'
import { summaryOf } from '../../reports/chapters/summary.ts'
import { chartsOf, sectionMarkup } from '../../reports/page/block-markup.ts'
import { stylesOf } from '../../reports/page/series-style.ts'
import { readingOf, type Scenario } from '../../results/reading.ts'
import type { Result } from '../../results/result.ts'

/** The summary of a result. */
export function findings(result: Result) {
  const reading = readingOf(result)
  return summaryOf(reading, sectionsOf(reading))
}

/** The sections of a chapter, found by how their ids begin. */
export const chapter = (result: Result, prefix: string): Section[] =>
  sectionsOf(readingOf(result)).filter(({ id }) => id.startsWith(prefix))

/** Sections as they stand on the page. */
export const markupOf = (result: Result, prefix: string): string =>
  chapter(result, prefix)
    .map(section => sectionMarkup(section, stylesOf(readingOf(result))).markup)
    .join('')

/** The charts of a section by their ids. */
export const chartsIn = (section: Section): Record<string, Chart> => chartsOf([section])

export const scenarios = (result: Result): readonly Scenario[] => readingOf(result).scenarios
