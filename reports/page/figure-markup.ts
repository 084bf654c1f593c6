/** A chart on the page: its point, what is drawn, canvas, switches, notes, numbers. */
import type { Chart, Figure } from '../chapters/figure.ts'
import { unbroken } from '../display.ts'
import { type Markup, markup } from '../markup.ts'
import { familyLegend, type SeriesStyle, shapeSwatch } from './series-style.ts'
import { numberTable } from './table-markup.ts'

/** What is not written next to a line or a point: families, the parts of bars, the marks over them. */
function legend(chart: Chart, wide: boolean, styles: readonly SeriesStyle[]): Markup {
  // A narrow chart stands next to others, and the names in it are in the colours of the families.
  if (chart.kind !== 'rows') {
    const drawn = chart.kind === 'lines' ? chart.lines : chart.points
    return wide ? familyLegend(drawn.flatMap(({ series }) => styles[series] ?? [])) : markup``
  }
  const parts = chart.parts.filter(part => part.colour !== 'series')
  if (parts.length + chart.marks.length === 0) return markup``
  return markup`<ul class="legend">${parts.map(
    part => markup`<li><span class="patch part-${String(part.colour)}"></span> ${part.label}</li>`,
  )}${chart.marks.map(mark => markup`<li>${shapeSwatch(mark.shape)} ${mark.label}</li>`)}</ul>`
}

const isLog = (chart: Chart): boolean =>
  chart.kind === 'points' ? chart.y.scale === 'log' : chart.value.scale === 'log'

/** What the page's script can do with the figure; hidden until it runs. */
const tools = (chart: Chart): Markup =>
  markup`<div class="tools" hidden>${
    isLog(chart) && markup`<button type="button" value="linear" aria-pressed="false">Linear axis</button>`
  }<button type="button" value="picture">Save as PNG</button></div>`

/** How to move among the series of a chart, for those who cannot see it. */
const keys = (chart: Chart): string =>
  chart.kind === 'rows' ? '' : ' Arrow keys move from one to the next, Enter keeps one in focus.'

/**
 * The figure as HTML. The canvas is drawn by the page's script, which finds the chart by the canvas's id.
 * @param hidden until the reader picks it among others
 */
export function figureMarkup(
  figure: Figure,
  prefix: string,
  styles: readonly SeriesStyle[],
  hidden = false,
): Markup {
  const { chart, subject, title, unit } = figure
  const drawn = unit === '' ? subject : `${subject}, ${unit}`
  const canvas =
    chart &&
    markup`<div class="plot ${chart.kind}"><canvas id="${prefix}-${figure.id}" role="img"${
      chart.kind !== 'rows' && markup` tabindex="0"`
    } aria-label="${title}. ${drawn}. ${figure.reading}${keys(chart)} The table below the chart has the same numbers."></canvas></div>
<p class="said" role="status"></p>
<div class="under">${legend(chart, figure.wide, styles)}${tools(chart)}</div>`
  return markup`<figure class="${figure.wide ? 'wide' : 'half'}"${hidden && markup` hidden`}>
<figcaption><h3>${unbroken(title)}</h3><p><span class="drawn">${drawn}</span>${figure.reading !== '' && '. '}${figure.reading}</p></figcaption>
<div class="drawing">${canvas}
${figure.notes.map(note => markup`<p class="note">${note}</p>`)}
<details><summary>Numbers</summary>${numberTable(figure.numbers, subject)}</details></div>
</figure>
`
}
