/** A chart of the page with everything that surrounds it: title, how to read it, legend, notes, numbers. */
import { type Markup, markup } from '../markup.ts'
import { type SeriesStyle, type Shape, shapeSwatch, swatch } from './series-style.ts'
import { type NumberTable, numberTable } from './table-markup.ts'

/** The axis that carries the measured numbers. Ticks are multiples of `size` stored units, followed by `unit`. */
export interface ValueAxis {
  readonly scale: 'linear' | 'log'
  readonly size: number
  /** With its space: ` ms`. */
  readonly unit: string
  /** Of a log axis: the value at its bottom edge, which says 0. Absent where the smallest value decides. */
  readonly floor?: number
}

/** A point of a line; `y` in the stored unit, null for a gap. */
export interface Point {
  readonly x: number
  readonly y: number | null
  /** What `x` is, for the tooltip: `p99`, `2.25 s`. */
  readonly at: string
  /** `y` for the tooltip, with its unit. */
  readonly text: string
  /** True where the line shows its point shape. */
  readonly marked: boolean
}

/** Lines of series over a common axis. */
export interface LinesChart {
  readonly kind: 'lines'
  readonly x: {
    readonly title: string
    readonly min: number
    readonly max: number
    readonly ticks: readonly { readonly at: number; readonly label: string }[]
  }
  readonly value: ValueAxis
  /** A stretch of the x axis that is set off, such as the warm-up. */
  readonly shade: { readonly from: number; readonly to: number; readonly label: string } | null
  /** Moments on the x axis, each an upright with its name. */
  readonly uprights?: readonly { readonly at: number; readonly label: string }[]
  /** True where each line is one large point, found by its place in the plane and not by the x axis alone. */
  readonly scattered?: boolean
  readonly lines: readonly {
    readonly series: number
    /** True for a series that did not pass: drawn pale. */
    readonly doubtful: boolean
    /** What legend and tooltip call it, where that is not the label of its series. */
    readonly label?: string
    /** True for a pale area behind the lines, which has no entry in the legend. */
    readonly area?: boolean
    /** Written beside its last point, where that covers no other. */
    readonly tag?: string
    readonly points: readonly Point[]
  }[]
}

/** One row of bars and points for each series. */
export interface RowsChart {
  readonly kind: 'rows'
  readonly value: ValueAxis
  readonly rows: readonly {
    readonly series: number
    /** True for a series that did not pass: drawn hatched. */
    readonly doubtful: boolean
    /** What stands at the end of the bar; for the tooltip where `showText` is false. */
    readonly text: string
    /** What the axis calls the row, where that is not the label of its series. */
    readonly label?: string
  }[]
  readonly showText: boolean
  /** Bars, one on top of the next; in the colour of the series or of the part. One value per row. */
  readonly parts: readonly {
    readonly label: string
    readonly colour: 'series' | number
    readonly values: readonly (number | null)[]
    readonly texts: readonly string[]
  }[]
  /** Points over the bars. One value per row. */
  readonly marks: readonly {
    readonly label: string
    readonly shape: Shape | 'line'
    readonly values: readonly (number | null)[]
    readonly texts: readonly string[]
  }[]
  /** Joins a row's smallest and largest mark. */
  readonly span: boolean
}

/** What the page's script draws. Plain data: labels, numbers, and no unit but the axis's. */
export type Chart = LinesChart | RowsChart

/** A chart and its surroundings. */
export interface Figure {
  /** Unique within its section. */
  readonly id: string
  readonly title: string
  /** The unit and the scale, behind the title. */
  readonly unit: string
  /** One sentence: how to read it. */
  readonly reading: string
  /** What is left out or special; whole sentences. */
  readonly notes: readonly string[]
  /** Null where there is nothing to draw: the notes say why. */
  readonly chart: Chart | null
  readonly numbers: NumberTable
  /** Spans the whole width of the page. */
  readonly wide: boolean
}

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
<div class="plot ${chart.kind}"><canvas id="${prefix}-${figure.id}" role="img" aria-label="${figure.title}, ${figure.unit}. ${figure.reading} The same numbers stand in the table below the chart."></canvas></div>`
  return markup`<figure class="${figure.wide ? 'wide' : 'half'}">
<figcaption><h3>${figure.title} <span class="unit">${figure.unit}</span></h3><p>${figure.reading}</p></figcaption>
${canvas}
${figure.notes.map(note => markup`<p class="note">${note}</p>`)}
<details><summary>Numbers</summary>${numberTable(figure.numbers, figure.title)}</details>
</figure>
`
}
