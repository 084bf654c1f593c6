/** Tables as HTML. Every number is a `<data>` element that carries the stored value and shows the text. */
import type {
  NumberCell,
  NumberTable,
  SeriesCell,
  SeriesColumn,
  SeriesRow,
  SeriesTable,
} from '../chapters/table.ts'
import { many } from '../display.ts'
import { type Markup, markup } from '../markup.ts'
import { type SeriesStyle, swatch } from './series-style.ts'

/** A number with its stored value; what is not there, or never came, in pale words. */
const numberMarkup = ({ value, text }: NumberCell): Markup =>
  value === null || !Number.isFinite(value)
    ? markup`<span class="none">${text}</span>`
    : markup`<data value="${value}">${text}</data>`

const seriesAttribute = (series: number | undefined): Markup | null =>
  series === undefined ? null : markup` data-series="${series}"`

/** A wide table scrolls within its own box, which the keyboard can reach. */
export const scrolling = (label: string, table: Markup): Markup =>
  markup`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div>`

/** A table of numbers. */
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

const cellMarkup = (cell: SeriesCell): Markup =>
  markup`<td>${numberMarkup(cell)}${cell.load !== null && markup` <small class="load">${cell.load}</small>`}${
    cell.below && markup`<small>${numberMarkup(cell.below)}</small>`
  }${cell.range !== '' && markup`<small class="range">${cell.range}</small>`}</td>`

const headMarkup = ({ heading, meaning, below }: SeriesColumn): Markup =>
  markup`<th scope="col"><abbr title="${meaning}">${heading}</abbr>${
    below && markup`<small><abbr title="${below.meaning}">${below.words}</abbr></small>`
  }</th>`

function rowMarkup(
  { series, name, why, cells }: SeriesRow,
  styles: readonly SeriesStyle[],
  states: boolean,
): Markup {
  const { state, place, runs } = series
  const style = styles[place]
  return markup`<tbody class="${state}" data-series="${place}"><tr><th scope="row">${style && swatch(style)} ${name}${
    runs.length > 1 && markup`<small>median of ${many(runs.length, 'run')}</small>`
  }</th>${states && markup`<td class="state"><span class="badge ${state}">${state}</span></td>`}${cells.map(cellMarkup)}</tr>${
    why !== null &&
    markup`
<tr class="why"><td colspan="${cells.length + (states ? 2 : 1)}"><p>${why}</p></td></tr>`
  }</tbody>
`
}

/** A table of series: technique, state, numbers, and why an invalid run is one. */
export const seriesTableMarkup = (
  { title, columns, rows, dense, states }: SeriesTable,
  styles: readonly SeriesStyle[],
): Markup =>
  scrolling(
    title,
    markup`<table class="comparison${dense && ' storm'}"><thead><tr><th scope="col">technique</th>${states && markup`<th scope="col" class="state">state</th>`}${columns.map(headMarkup)}</tr></thead>
${rows.map(row => rowMarkup(row, styles, states))}</table>`,
  )
