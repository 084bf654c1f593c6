/** The tables of storms on the page. */
import { metric } from '../../results/metrics.ts'
import { type Cell, cellOf, rangeOf } from '../comparison.ts'
import { many, noData, showSpan } from '../display.ts'
import { type Markup, markup } from '../markup.ts'
import { type Styles, swatch } from '../page/series-style.ts'
import { type NumberCell, numberCell, numberMarkup, numberTable, scrolling } from '../page/table-markup.ts'
import type { Series } from '../series.ts'
import { trouble } from '../warnings.ts'
import { type PageColumn, type PageTable, simulatedTable } from './storm-columns.ts'
import { rowName, type Told } from './storms.ts'

/** A cell without its range. */
const median = (cell: Cell): NumberCell => ({ value: cell.value, text: cell.short })

/** A number, or what stands in its place. */
function mainCell(series: Series, { metric: name, absent = noData }: PageColumn): NumberCell {
  const cell = median(cellOf(series, name))
  return cell.value === null ? { value: null, text: absent } : cell
}

/** The second number of a cell; null where there is none, or it would say "never" once more. */
function smallCell(series: Series, { below }: PageColumn): NumberCell | null {
  if (below === undefined) return null
  const cell = median(cellOf(series, below.metric))
  return cell.value === null || !Number.isFinite(cell.value) ? null : cell
}

function cellMarkup(series: Series, column: PageColumn): Markup {
  const small = smallCell(series, column)
  const range = rangeOf(cellOf(series, column.metric))
  return markup`<td>${numberMarkup(mainCell(series, column))}${
    small && markup`<small>${numberMarkup(small)}</small>`
  }${range !== '' && markup`<small class="range">${range}</small>`}</td>`
}

const headMarkup = ({ heading, metric: name, below }: PageColumn): Markup =>
  markup`<th scope="col"><abbr title="${metric(name).description}">${heading}</abbr>${
    below && markup`<small><abbr title="${metric(below.metric).description}">${below.words}</abbr></small>`
  }</th>`

/** A table with a row for each series: technique, backoff, state, numbers, and why an invalid run is one. */
export function stormTable(
  { title, reading, columns }: PageTable,
  all: readonly Series[],
  styles: Styles,
): Markup {
  const rows = all.map(series => {
    const index = styles.indexOf(series)
    const style = styles.all[index]
    const why = trouble(series)
    const runs = series.runs.length > 1 && markup`<small>median of ${many(series.runs.length, 'run')}</small>`
    return markup`<tbody class="${series.state}" data-series="${index}"><tr><th scope="row">${style && swatch(style)} ${rowName(series, all)}${runs}</th><td class="state"><span class="badge ${series.state}">${series.state}</span></td>${columns.map(column => cellMarkup(series, column))}</tr>${
      why !== null &&
      markup`
<tr class="why"><td colspan="${columns.length + 2}"><p>${why}</p></td></tr>`
    }</tbody>
`
  })
  return markup`<h3>${title}</h3>
<p class="note">${reading}</p>
${scrolling(
  title,
  markup`<table class="comparison storm"><thead><tr><th scope="col">technique</th><th scope="col">state</th>${columns.map(headMarkup)}</tr></thead>
${rows}</table>`,
)}
`
}

/** Measured and simulated side by side; null where no storm was simulated. */
export function simulatedMarkup(told: readonly Told[], styles: Styles): Markup | null {
  const compared = told.filter(({ storm }) => storm.simulated !== null)
  if (compared.length === 0) return null
  const rows = compared.map(({ series }) => ({
    head: rowName(
      series,
      told.map(each => each.series),
    ),
    series: styles.indexOf(series),
    cells: simulatedTable.flatMap(({ measured, simulated }) => {
      const [own, model] = [cellOf(series, measured), cellOf(series, simulated)]
      const ratio = own.value !== null && model.value ? own.value / model.value : null
      return [median(own), median(model), numberCell(ratio, 'count')]
    }),
  }))
  const heads = simulatedTable.flatMap(({ title }) => [{ text: title }, { text: 'model' }, { text: 'ratio' }])
  return markup`<h3>Measured and simulated</h3>
<p class="note">The same storm in a discrete-event model: the same backoff code on a virtual clock. A ratio above 1 is a measurement above the model. ${inputs(compared)} Where the two part, the machine did something that the model does not know, or the model was told something that is not so.</p>
${numberTable({ corner: 'technique', heads, rows }, 'Measured and simulated')}
`
}

/** What was put into the models, from the smallest to the largest. */
function inputs(told: readonly Told[]): string {
  const models = told.flatMap(({ storm }) => storm.simulated ?? [])
  const service = showSpan(
    models.map(each => each.serviceMicros),
    'µs',
  )
  const notice = showSpan(
    models.map(each => each.noticedWithinMicros),
    'µs',
  )
  return `It was given ${service} of service for each connection, and ${notice} within which clients noticed the loss.`
}
