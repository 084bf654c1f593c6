/** A chart as plain data with everything that surrounds it: title, how to read it, notes, numbers. */
import type { NumberTable } from './table.ts'

/** The name of a point shape, as chart.js knows it. */
export type Shape = 'circle' | 'rectRot' | 'triangle' | 'rect' | 'crossRot' | 'cross' | 'star'

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
    /** Written next to its last point, where that covers no other. */
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
    /** The text at the end of the bar; for the tooltip where `showText` is false. */
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
