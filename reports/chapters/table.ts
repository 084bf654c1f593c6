/** Tables as plain data: of numbers, and of series with their state. */
import type { Series } from '../../results/reading.ts'
import { show, type Unit } from '../display.ts'

/** A number for a table: the stored value for programs, the text for people. */
export interface NumberCell {
  /** In the stored unit of its metric; null when no run measured it. */
  readonly value: number | null
  readonly text: string
}

/** A table of numbers whose rows or columns can be series; `series` is their {@link Series.place}. */
export interface NumberTable {
  readonly corner: string
  readonly heads: readonly { readonly text: string; readonly series?: number }[]
  readonly rows: readonly {
    readonly head: string
    readonly series?: number
    readonly cells: readonly NumberCell[]
  }[]
}

/** A stored value as a cell. */
export const numberCell = (value: number | null, unit: Unit): NumberCell => ({
  value,
  text: show(value, unit),
})

/** One number of one series. */
export interface SeriesCell extends NumberCell {
  /** What the number holds for: `at 12.3 %`. */
  readonly load: string | null
  /** The smallest and the largest run in brackets; empty with one run, or where all read alike. */
  readonly range: string
  /** A second number that belongs to the first. */
  readonly below: NumberCell | null
}

/** One column of a table of series. */
export interface SeriesColumn {
  readonly heading: string
  /** What the column says, in one line. */
  readonly meaning: string
  /** 1 is dropped last where a table must be narrow. */
  readonly priority: number
  readonly below: { readonly words: string; readonly meaning: string } | null
}

/** One series as a row. */
export interface SeriesRow {
  readonly series: Series
  /** What the row is called: the label of its series, or less where the section says the rest. */
  readonly name: string
  /** Why the series may not be compared; null for one that passed. */
  readonly why: string | null
  readonly cells: readonly SeriesCell[]
}

/** A row for each series: its state, the reason for it, its numbers. */
export interface SeriesTable {
  readonly kind: 'series'
  readonly title: string
  readonly columns: readonly SeriesColumn[]
  readonly rows: readonly SeriesRow[]
  /** Whether the page and Markdown have a column for the state of each series. */
  readonly states: boolean
  /** True where many columns must share the width. */
  readonly dense: boolean
}
