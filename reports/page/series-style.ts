/**
 * How a series looks in every chart of a page: a colour, a dash pattern and a point shape. Which one depends only on
 * the place of its label in the result, so a technique keeps its look from chart to chart, and the combination
 * distinguishes 56 series, never by colour alone. The colours themselves are in `colours.css`.
 */

import type { Reading, Series } from '../../results/reading.ts'
import type { Shape } from '../chapters/figure.ts'
import { type Markup, markup } from '../markup.ts'

/** Colours in `colours.css`: `--series-0` and on. */
const colours = 8

/** Point shapes by the names that chart.js gives them, as SVG paths around (0, 0) for the legends. */
const shapes = {
  circle: 'M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z',
  rectRot: 'M0 -4.5L4.5 0L0 4.5L-4.5 0z',
  triangle: 'M0 -4.5L4.5 3.5L-4.5 3.5z',
  rect: 'M-3.2 -3.2H3.2V3.2H-3.2z',
  crossRot: 'M-3 -3L3 3M-3 3L3 -3',
  cross: 'M0 -4V4M-4 0H4',
  star: 'M0 -4V4M-4 0H4M-3 -3L3 3M-3 3L3 -3',
} as const satisfies Record<Shape, string>

const shapeNames = Object.keys(shapes) as Shape[]
const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 3]]

/** The look of one series; plain data, the page's script reads it as well. */
export interface SeriesStyle {
  readonly label: string
  /** Index into the colours of the style sheet. */
  readonly colour: number
  /** Lengths of dashes and gaps in pixels; empty for a solid line. */
  readonly dash: readonly number[]
  readonly shape: Shape
}

const styleOf = (label: string, colour: number, dash: number, shape: number): SeriesStyle => ({
  label,
  colour: colour % colours,
  dash: dashes[dash % dashes.length] ?? [],
  shape: shapeNames[shape % shapeNames.length] ?? 'circle',
})

/** A dash pattern lasts as long as the colours do. */
const baselineStyle = (label: string, index: number): SeriesStyle =>
  styleOf(label, index, Math.floor(index / colours), index)

/** The place of each different word, in the order of first appearance. */
const places = (words: readonly string[]): Map<string, number> =>
  new Map([...new Set(words)].map((word, at) => [word, at]))

/**
 * Gives every label of the result its look, by its place. Storms differ along two axes: a backoff policy has
 * one colour and one dash pattern over all techniques, a technique one shape over all policies.
 */
export function stylesOf({ scenarios }: Pick<Reading, 'scenarios'>): SeriesStyle[] {
  const all = scenarios.flatMap(scenario => scenario.series)
  const storms = all.filter(({ fault }) => fault !== null)
  const [backoffs, names] = [places(storms.map(each => each.backoff)), places(storms.map(each => each.name))]
  // Where all share a policy, as in a herd, colour is free to distinguish techniques.
  const isShared = ({ fault, backoff }: Series): boolean =>
    storms.every(each => each.fault !== fault || each.backoff === backoff)
  const labels = new Map(all.map(each => [each.label, each.place]))
  return [...labels].map(([label, place]) => {
    const storm = storms.find(each => each.label === label)
    if (storm === undefined) return baselineStyle(label, place)
    const shape = names.get(storm.name) ?? 0
    const colour = isShared(storm) ? shape : (backoffs.get(storm.backoff) ?? 0)
    return styleOf(label, colour, colour, shape)
  })
}

/** A piece of the series' line with its point, as an SVG for legends. */
export const swatch = (style: SeriesStyle): Markup =>
  markup`<svg class="swatch colour-${style.colour}" viewBox="-14 -6 28 12" width="28" height="12" aria-hidden="true"><path class="line" d="M-14 0H14" stroke-dasharray="${style.dash.join(' ')}"/><path class="point" d="${shapes[style.shape]}"/></svg>`

/** A point shape without a series, as an SVG for legends. */
export const shapeSwatch = (shape: Shape | 'line'): Markup =>
  markup`<svg class="swatch neutral" viewBox="-6 -6 12 12" width="12" height="12" aria-hidden="true"><path class="point" d="${shape === 'line' ? 'M0 -6V6' : shapes[shape]}"/></svg>`
