/** Real pages beside wire clients: whether both measured the same latency, as far as their samples can tell. */

import { toleranceOf } from '../measure/derive/kinds.ts'
import { quantiles } from '../results/histogram.ts'
import type { KindFigures, Measurement, Result, Summary } from '../results/result.ts'

/** The pages of one kind in one measurement, beside the wire clients of the same. */
export interface Beside {
  /** What tells this measurement from the others of the result. */
  readonly label: string
  readonly technique: string
  readonly wire: KindFigures
  readonly page: KindFigures
}

/** What a kind of client is called. */
export const kindNames: Readonly<Record<KindFigures['kind'], string>> = {
  wire: 'wire clients',
  dom: 'pages in jsdom',
  browser: 'pages in Chromium',
}

/** Every kind of page in a measurement of the result; none where there were only wire clients. */
export function besidesOf(
  { technique, scenario, run, kinds = [] }: Measurement,
  { measurements }: Result,
): Beside[] {
  const [wire, ...pages] = kinds
  if (wire === undefined) return []
  const several = measurements.some(other => other.scenario !== scenario)
  const label = `${technique}${several ? `, ${scenario}` : ''}${run > 1 ? `, run ${run}` : ''}`
  return pages.map(page => ({ label, technique, wire, page }))
}

/** The quantiles that are compared. */
export type Quantile = keyof Pick<Summary, 'p50' | 'p99'>

/** A page's latency beside that of the wire clients. */
export interface Agreement {
  /** Page less wire, in microseconds. */
  readonly difference: number
  /** `open`: apart as measured, but by no more than the luck of so few samples can make it. */
  readonly verdict: 'yes' | 'no' | 'open'
}

const shares: Readonly<Record<Quantile, number>> = { p50: 0.5, p99: 0.99 }
/** Standard errors; 19 of 20 intervals hold the quantile. */
const width = 1.96

/** Compares a quantile of two kinds; null where one has no samples. */
export function agreementOf(
  wire: Summary | null,
  page: Summary | null,
  quantile: Quantile,
): Agreement | null {
  if (wire === null || page === null) return null
  const tolerance = toleranceOf(wire[quantile])
  const difference = page[quantile] - wire[quantile]
  if (Math.abs(difference) <= tolerance) return { difference, verdict: 'yes' }
  const [low, high] = intervalOf(page, quantile)
  const reached = low - tolerance <= wire[quantile] && wire[quantile] <= high + tolerance
  return { difference, verdict: reached ? 'open' : 'no' }
}

/** Where the quantile lies by its order statistics: the number of samples below it is binomial. */
function intervalOf({ count, histogram, max }: Summary, quantile: Quantile): readonly [number, number] {
  const share = shares[quantile]
  const error = width * Math.sqrt((share * (1 - share)) / count)
  const ends = [Math.max(0, share - error), Math.min(1, share + error)].map(end => end * 100)
  const [low, high] = quantiles(histogram, ends).map(({ micros }) => Math.min(micros, max))
  return [low ?? 0, high ?? max]
}
