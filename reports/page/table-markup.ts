/** Tables as HTML. Every number is a `<data>` element that carries the stored value beside the text. */
import { type Cell, columnsOf, comparison, rangeNote, rangeOf } from '../comparison.ts'
import { show, type Unit } from '../display.ts'
import { type Markup, markup } from '../markup.ts'
import type { Scenario } from '../series.ts'
import { trouble } from '../warnings.ts'
import { type Styles, swatch } from './series-style.ts'

/** A number for a table: the stored value and its text. */
export type NumberCell = Pick<Cell, 'value' | 'text'>

/** A table whose rows or columns are series; `series` is what switches a row or a column off with its series. */
export interface NumberTable {
  readonly corner: string
  readonly heads: readonly { readonly text: string; readonly series?: number }[]
  readonly rows: readonly {
    readonly head: string
    readonly series?: number
    readonly cells: readonly NumberCell[]
  }[]
}

/** A stored value as a table cell. */
export const numberCell = (value: number | null, unit: Unit): NumberCell => ({
  value,
  text: show(value, unit),
})

/** A number with its stored value; what is not there, or never came, in pale words. */
export const numberMarkup = ({ value, text }: NumberCell): Markup =>
  value === null || !Number.isFinite(value)
    ? markup`<span class="none">${text}</span>`
    : markup`<data value="${value}">${text}</data>`

const seriesAttribute = (series: number | undefined): Markup | null =>
  series === undefined ? null : markup` data-series="${series}"`

/** A wide table scrolls within its own box, which the keyboard can reach. */
export const scrolling = (label: string, table: Markup): Markup =>
  markup`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div>`

/** The numbers of a chart. */
export const numberTable = (table: NumberTable, label: string): Markup =>
  scrolling(
    label,
    markup`<table class="numbers"><thead><tr><th scope="col">${table.corner}</th>${table.heads.map(
      head => markup`<th scope="col"${seriesAttribute(head.series)}>${head.text}</th>`,
    )}</tr></thead>
<tbody>${table.rows.map(
      row => markup`<tr${seriesAttribute(row.series)}><th scope="row">${row.head}</th>${row.cells.map(
        (cell, at) => markup`<td${seriesAttribute(table.heads[at]?.series)}>${numberMarkup(cell)}</td>`,
      )}</tr>
`,
    )}</tbody></table>`,
  )

function comparisonCell(cell: Cell): Markup {
  const range = rangeOf(cell)
  return markup`<td>${numberMarkup({ value: cell.value, text: cell.short })}${cell.load !== undefined && markup`<small>${cell.load}</small>`}${range !== '' && markup`<small class="range">${range}</small>`}</td>`
}

/** The comparison of one scenario: a row per technique, its state and reason, then the numbers. */
export function comparisonTable(scenario: Scenario, styles: Styles): Markup {
  const note = rangeNote(scenario)
  const columns = columnsOf(scenario.series)
  const rows = comparison(scenario).map(({ series, cells }) => {
    const index = styles.indexOf(series)
    const style = styles.all[index]
    const why = trouble(series)
    const runs = series.runs.length > 1 && markup`<small>${series.runs.length} runs</small>`
    return markup`<tbody class="${series.state}" data-series="${index}"><tr><th scope="row">${style && swatch(style)} ${series.label}${runs}</th><td class="state"><span class="badge ${series.state}">${series.state}</span></td>${cells.map(comparisonCell)}</tr>${
      why !== null &&
      markup`
<tr class="why"><td colspan="${columns.length + 2}"><p>${why}</p></td></tr>`
    }</tbody>
`
  })
  return markup`${scrolling(
    `Comparison, scenario ${scenario.name}`,
    markup`<table class="comparison"><thead><tr><th scope="col">technique</th><th scope="col">state</th>${columns.map(
      each => markup`<th scope="col"><abbr title="${each.meaning}">${each.heading}</abbr></th>`,
    )}</tr></thead>
${rows}</table>`,
  )}${note !== null && markup`<p class="note">${note}</p>`}`
}
