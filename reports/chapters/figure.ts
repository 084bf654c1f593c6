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
  /** What must fit, where that is more than the chart draws: charts side by side share their axis. */
  readonly most?: number
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
  readonly lines: readonly {
    readonly series: number
    /** True for a series that did not pass: drawn pale. */
    readonly doubtful: boolean
    /** What its end and the tooltip call it, where that is not the label of its series. */
    readonly label?: string
    /** True for a pale area behind the lines, which has no label. */
    readonly area?: boolean
    readonly points: readonly Point[]
  }[]
}

/** One number of a series, as a point of the plane sees it: the middle run, each run, and how sure the middle is. */
export interface Coordinate {
  readonly value: number
  /** With its unit. */
  readonly text: string
  /** The value of each run; empty where there was one. */
  readonly runs: readonly (number | null)[]
  /** Where the median lies, with the confidence that the figure names; null for one run. */
  readonly interval: readonly [number, number] | null
}

/** A labelled point for each series in the plane of two numbers. */
export interface PointsChart {
  readonly kind: 'points'
  readonly x: ValueAxis & { readonly title: string }
  readonly y: ValueAxis & { readonly title: string }
  /** A stretch of `y` within which points differ by no more than the measurement error. */
  readonly band: { readonly from: number; readonly to: number; readonly label: string } | null
  readonly points: readonly {
    readonly series: number
    /** True for a series that did not pass: drawn pale. */
    readonly doubtful: boolean
    /** What it is called, where that is not the label of its series. */
    readonly label?: string
    readonly x: Coordinate
    readonly y: Coordinate
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
  /** Small dots in a row: the value of each run. Absent where each series ran once. */
  readonly dots?: readonly (readonly number[])[]
  /** Where the median of the runs lies, one interval per row. Absent where each series ran once. */
  readonly intervals?: readonly (readonly [number, number] | null)[]
}

/** What the page's script draws. Plain data: labels, numbers, and no unit but the axis's. */
export type Chart = LinesChart | PointsChart | RowsChart

/** A chart and its surroundings. */
export interface Figure {
  /** Unique within its section. */
  readonly id: string
  /** What is drawn, in a few words: `Latency by percentile`. */
  readonly subject: string
  /** The point that the chart makes, with its numbers; no full stop. */
  readonly title: string
  /** The unit, behind the subject. */
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
