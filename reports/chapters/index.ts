/**
 * The chapters of a report, between the summary and the warnings. In comes a reading of a result, out come sections of
 * findings and blocks (`block.ts`) for every format. Imports `results`, `measure`, `simulation` and the words of
 * `reports`; only the formats import it. A new kind of run adds a chapter here.
 */
import type { Reading } from '../../results/reading.ts'
import type { Chapter, Section } from './block.ts'
import { ceilingChapter } from './ceiling.ts'
import { comparisonChapter } from './comparison.ts'
import { pageClientsChapter } from './page-clients.ts'
import { stormChapter } from './storm/chapter.ts'

const chapters: readonly Chapter[] = [comparisonChapter, stormChapter, ceilingChapter, pageClientsChapter]

/** The sections of all chapters, in reading order. */
export const sectionsOf = (reading: Reading): Section[] => chapters.flatMap(chapter => chapter(reading))
