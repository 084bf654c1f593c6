/** What a chapter of the page is made of. */
import type { Result } from '../../results/result.ts'
import type { Markup } from '../markup.ts'
import type { Chart } from './figure.ts'
import type { Styles } from './series-style.ts'

/** A part of the page under a heading of its own. */
export interface Section {
  readonly id: string
  readonly title: string
  readonly body: Markup
  /** What the script draws, by the id of the canvas. */
  readonly charts: Readonly<Record<string, Chart>>
}

/** A chapter: sections where the result has something to show. */
export type Chapter = (result: Result, styles: Styles) => readonly Section[]
