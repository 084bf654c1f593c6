/** The series of a page as switches; the script shows them once it runs, because without it they would do nothing. */
import { type Markup, markup } from '../markup.ts'
import { type SeriesStyle, swatch } from './series-style.ts'

/**
 * A switch for each series, folded into one line. The page's script draws the series whose switch is on.
 * @param remarks what follows the name of a series, such as `failed`, by its index
 */
export const seriesSwitches = (
  styles: readonly SeriesStyle[],
  remarks: ReadonlyMap<number, string> = new Map(),
): Markup =>
  markup`<details class="switches" hidden><summary>Techniques shown: <span class="count">all</span></summary><form aria-label="Techniques shown in charts and tables"><div class="chips">${styles.map(
    (style, index) =>
      markup`<label><input type="checkbox" name="series" value="${index}" checked> ${swatch(style)} <span>${style.label}</span>${remarks.has(index) && markup` <em>${remarks.get(index)}</em>`}</label>
`,
  )}</div><div class="all"><button type="button" value="all">All</button><button type="button" value="none">None</button></div></form></details>`
