/** The tie band of a scenario in words. */
import { typical } from '../results/across-runs.ts'
import type { Scenario } from '../results/reading.ts'
import { tieOf } from '../results/tie-band.ts'
import { show } from './display.ts'

/** Which differences of median latency prove nothing; null where there are none. */
export function tieBandSentence({ series }: Scenario): string | null {
  const compared = series.filter(each => typical(each, 'latency.p50') !== null)
  const band = tieOf(compared).bandMicros
  return band === null || compared.length < 2
    ? null
    : `Differences of median latency below ${show(band, 'µs')} may be measurement error or chance.`
}
