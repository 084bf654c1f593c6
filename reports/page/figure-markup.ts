/** A chart on the page: title, how to read it, legend, canvas, notes, numbers. */
import type { Chart, Figure } from '../chapters/figure.ts'
import { type Markup, markup } from '../markup.ts'
import { type SeriesStyle, shapeSwatch, swatch } from './series-style.ts'
import { numberTable } from './table-markup.ts'

function legend(chart: Chart, styles: readonly SeriesStyle[]): Markup {
  if (chart.kind === 'lines') {
    const named = chart.lines.filter(line => line.area !== true)
    return markup`<ul class="legend">${named.map(line => {
      const style = styles[line.series]
      return (
        style &&
        markup`<li data-series="${line.series}">${swatch(style)} ${line.label ?? style.label}${line.doubtful && ' (invalid)'}</li>`
      )
    })}</ul>`
  }
  const parts = chart.parts.filter(part => part.colour !== 'series')
  if (parts.length + chart.marks.length === 0) return markup``
  return markup`<ul class="legend">${parts.map(
    part => markup`<li><span class="patch part-${String(part.colour)}"></span> ${part.label}</li>`,
  )}${chart.marks.map(mark => markup`<li>${shapeSwatch(mark.shape)} ${mark.label}</li>`)}</ul>`
}

/** The figure as HTML. The canvas is drawn by the page's script, which finds the chart by the canvas's id. */
export function figureMarkup(figure: Figure, prefix: string, styles: readonly SeriesStyle[]): Markup {
  const { chart } = figure
  const canvas =
    chart &&
    markup`${legend(chart, styles)}
<div class="plot ${chart.kind}"><canvas id="${prefix}-${figure.id}" role="img" aria-label="${figure.title}, ${figure.unit}. ${figure.reading} The table below the chart has the same numbers."></canvas></div>`
  return markup`<figure class="${figure.wide ? 'wide' : 'half'}">
<figcaption><h3>${figure.title} <span class="unit">${figure.unit}</span></h3><p>${figure.reading}</p></figcaption>
${canvas}
${figure.notes.map(note => markup`<p class="note">${note}</p>`)}
<details><summary>Numbers</summary>${numberTable(figure.numbers, figure.title)}</details>
</figure>
`
}
