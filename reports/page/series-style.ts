/**
 * How a series looks in every chart of a page. Hue and point shape are those of its family, so that fifteen techniques
 * are five groups; a dash pattern and the label at the end of a line distinguish the members of a family. Where a page
 * shows one family alone, the hue says what differs: the backoff policy, the settings, the server. The hues themselves
 * are in `colours.css`.
 */

import type { Reading, Series } from '../../results/reading.ts'
import type { Shape } from '../chapters/figure.ts'
import { type FamilyLook, familyOf, hues, lookAt } from '../family.ts'
import { type Markup, markup } from '../markup.ts'

/** Point shapes by the names that chart.js gives them, as SVG paths around (0, 0) for the legends. */
export const shapes = {
  circle: 'M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z',
  rectRot: 'M0 -4.5L4.5 0L0 4.5L-4.5 0z',
  triangle: 'M0 -4.5L4.5 3.5L-4.5 3.5z',
  rect: 'M-3.2 -3.2H3.2V3.2H-3.2z',
  crossRot: 'M-3 -3L3 3M-3 3L3 -3',
  cross: 'M0 -4V4M-4 0H4',
  star: 'M0 -4V4M-4 0H4M-3 -3L3 3M-3 3L3 -3',
} as const satisfies Record<Shape, string>

const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [10, 3, 2, 3]]

const dashOf = (at: number): readonly number[] => dashes[at % dashes.length] ?? []

/** The look of one series; plain data, the page's script reads it as well. */
export interface SeriesStyle {
  readonly label: string
  /** What all series of the hue have in common; null where the hue is of this series alone. */
  readonly family: string | null
  /** Index into the hues of the style sheet. */
  readonly colour: number
  /** Lengths of dashes and gaps in pixels; empty for a solid line. */
  readonly dash: readonly number[]
  readonly shape: Shape
}

/** The place of each different word, in the order of first appearance. */
const places = (words: readonly string[]): Map<string, number> =>
  new Map([...new Set(words)].map((word, at) => [word, at]))

/** What distinguishes series of one family: how clients come back where they differ in that, else the series. */
function distinctions(all: readonly Series[]): (series: Series) => number {
  const storms = all.filter(({ fault }) => fault !== null)
  const policies = places(storms.map(({ backoff }) => backoff))
  return ({ fault, backoff, place }) =>
    fault !== null && policies.size > 1 ? (policies.get(backoff) ?? 0) : place
}

/** Gives every label of the result its look. The same label has one look in all scenarios. */
export function stylesOf({ scenarios }: Pick<Reading, 'scenarios'>): SeriesStyle[] {
  const all = [...new Map(scenarios.flatMap(({ series }) => series).map(each => [each.label, each])).values()]
  const families = Map.groupBy(all, ({ technique }) => familyOf(technique).name)
  const place = distinctions(all)
  return all.map(series => {
    const family: FamilyLook = familyOf(series.technique)
    if (families.size === 1) {
      const at = place(series)
      const { hue, shape } = lookAt(at)
      return { label: series.label, family: null, colour: hue, dash: dashOf(Math.floor(at / hues)), shape }
    }
    const names = (families.get(family.name) ?? []).map(({ name }) => name)
    const within = [...new Set(names)].indexOf(series.name)
    return {
      label: series.label,
      family: family.name,
      colour: family.hue,
      dash: dashOf(within),
      shape: family.shape,
    }
  })
}

/** A point of the series in its hue, as an SVG for legends and tables. */
export const swatch = ({ colour, shape }: Pick<SeriesStyle, 'colour' | 'shape'>): Markup =>
  markup`<svg class="swatch colour-${colour}" viewBox="-6 -6 12 12" width="12" height="12" aria-hidden="true"><path class="point" d="${shapes[shape]}"/></svg>`

/** A point shape without a series, as an SVG for legends. */
export const shapeSwatch = (shape: Shape | 'line'): Markup =>
  markup`<svg class="swatch neutral" viewBox="-6 -6 12 12" width="12" height="12" aria-hidden="true"><path class="point" d="${shape === 'line' ? 'M0 -6V6' : shapes[shape]}"/></svg>`

/** The families that the hues of a page stand for; empty where hues are of series. */
export function familyLegend(styles: readonly SeriesStyle[]): Markup {
  const families = [...new Map(styles.flatMap(each => (each.family ? [[each.family, each]] : [])))]
  if (families.length === 0) return markup``
  return markup`<ul class="legend families" aria-label="Families">${families.map(
    ([name, style]) => markup`<li>${swatch(style)} ${name}</li>`,
  )}</ul>`
}
