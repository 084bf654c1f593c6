/** Text for a page with the marks that keep it readable on a narrow one. */
import { unbroken } from '../display.ts'
import { type Markup, markup } from '../markup.ts'

/** `--duration` or `-n`, as a word of its own. */
const flag = /((?<![\w-])--?[a-zA-Z][\w-]*)/

/** Text whose flags are not broken after their hyphens; its characters stay as they are, so that it can be copied. */
export const flagged = (text: string): Markup =>
  markup`${text.split(flag).map((piece, at) => (at % 2 === 1 ? markup`<span class="flag">${piece}</span>` : piece))}`

/** Text whose numbers stay with their units, and whose flags are not broken. */
export const prose = (text: string): Markup => flagged(unbroken(text))
