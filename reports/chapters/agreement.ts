/** Page clients and wire clients: whether both measured the same latency, as far as their samples can show. */

import { toleranceOf } from '../../measure/derive/kinds.ts'
import { quantiles } from '../../results/histogram.ts'
import type { Reading } from '../../results/reading.ts'
import type { KindFigures, Summary } from '../../results/result.ts'

/** The pages of one kind in one measurement, and the wire clients of the same measurement. */
export interface KindPair {
  /** Which measurement of the result it is. */
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

/** Every kind of page in every measurement; none where there were only wire clients. */
export function kindPairsOf({ scenarios }: Reading): KindPair[] {
  const several = scenarios.length > 1
  return scenarios.flatMap(({ name, series }) =>
    series.flatMap(({ label: own, technique, runs }) =>
      runs.flatMap(({ run, kinds: [wire, ...pages] = [] }) => {
        const label = `${own}${several ? `, ${name}` : ''}${run > 1 ? `, run ${run}` : ''}`
        return wire === undefined ? [] : pages.map(page => ({ label, technique, wire, page }))
      }),
    ),
  )
}

/** The quantiles that are compared. */
export type Quantile = keyof Pick<Summary, 'p50' | 'p99'>

/** A page's latency compared with that of the wire clients. */
export interface Agreement {
  /** Page minus wire, in microseconds. */
  readonly difference: number
  /** `open`: so few samples cannot show it. */
  readonly verdict: 'yes' | 'no' | 'open'
}

const shares: Readonly<Record<Quantile, number>> = { p50: 0.5, p99: 0.99 }
/** A quantile beyond which fewer samples lie is that of a handful of them. */
const fewestBeyond = 5
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
  const samples = Math.min(wire.count, page.count)
  if (samples * (1 - shares[quantile]) < fewestBeyond) return { difference, verdict: 'open' }
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
