/**
 * A mergeable histogram of durations. The counts are an HDR histogram (three significant digits, so a
 * quantile is within 0.1 % of a recorded value); sum, minimum and maximum are kept exactly next to it,
 * because a mean taken from buckets carries their rounding.
 */
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram as Hdr,
  JsHistogram,
} from 'hdr-histogram-js'
import type { Micros } from '../model/units.ts'
import type { Summary } from './result.ts'

/** The longest duration that a histogram resolves: one hour. Longer ones are recorded as one hour. */
const highest = 3_600_000_000

/** What travels between processes: plain JSON. */
export interface EncodedHistogram {
  readonly count: number
  /** Exact sum, minimum and maximum of the recorded values, in microseconds. */
  readonly sum: number
  readonly min: number
  readonly max: number
  /** Compressed V2 encoding of the counts, base64. */
  readonly counts: string
}

/** Records durations; merging two equals recording everything in one. */
export class Histogram {
  #hdr: Hdr
  #count = 0
  #sum = 0
  #min = Number.POSITIVE_INFINITY
  #max = 0

  /** @param digits significant digits, 1 to 5: 3 for results, 2 for the bins of a timeline */
  constructor(digits: 1 | 2 | 3 | 4 | 5 = 3) {
    this.#hdr = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: highest,
      numberOfSignificantValueDigits: digits,
    })
  }

  get count(): number {
    return this.#count
  }

  /** Adds one duration. A negative one (two clocks read in the wrong order) counts as 0. */
  record(value: Micros): void {
    const sample = value > 0 ? value : 0
    this.#count++
    this.#sum += sample
    if (sample < this.#min) this.#min = sample
    if (sample > this.#max) this.#max = sample
    this.#hdr.recordValue(sample < highest ? Math.round(sample) : highest)
  }

  /** Adds `count` durations of the same length at the cost of one. */
  recordMany(value: Micros, count: number): void {
    if (count <= 0) return
    const sample = value > 0 ? value : 0
    this.#count += count
    this.#sum += sample * count
    if (sample < this.#min) this.#min = sample
    if (sample > this.#max) this.#max = sample
    this.#hdr.recordValueWithCount(sample < highest ? Math.round(sample) : highest, count)
  }

  /** The duration below or at which `percentile` (0 to 100) of the samples lie; null without samples. */
  percentile(percentile: number): Micros | null {
    if (this.#count === 0) return null
    const value = this.#hdr.getValueAtPercentile(percentile)
    // A bucket's upper end can lie beyond what was recorded; the exact extremes are known.
    return Math.min(Math.max(value, this.#min), this.#max) as Micros
  }

  /** Exact mean, null without samples. */
  get mean(): Micros | null {
    return this.#count === 0 ? null : ((this.#sum / this.#count) as Micros)
  }

  /** The mean of `of` over the samples, each taken at the middle of its bucket; null without samples. */
  expectation(of: (value: number) => number): number | null {
    if (this.#count === 0) return null
    let sum = 0
    for (const { value, count } of buckets(this.#hdr)) sum += of(value) * count
    return sum / this.#count
  }

  /** Takes in everything that `encoded` recorded. */
  merge(encoded: EncodedHistogram): void {
    if (encoded.count === 0) return
    this.#hdr.add(decodeFromCompressedBase64(encoded.counts))
    this.#count += encoded.count
    this.#sum += encoded.sum
    if (encoded.min < this.#min) this.#min = encoded.min
    if (encoded.max > this.#max) this.#max = encoded.max
  }

  encode(): EncodedHistogram {
    const empty = this.#count === 0
    return {
      count: this.#count,
      sum: this.#sum,
      min: empty ? 0 : this.#min,
      max: this.#max,
      counts: empty ? '' : encodeIntoCompressedBase64(this.#hdr),
    }
  }

  /** The order statistics for `results.json`; null without samples. */
  summary(): Summary | null {
    if (this.#count === 0) return null
    const at = (percentile: number): number => this.percentile(percentile) ?? 0
    return {
      count: this.#count,
      min: this.#min,
      mean: this.#sum / this.#count,
      p50: at(50),
      p90: at(90),
      p95: at(95),
      p99: at(99),
      p999: at(99.9),
      max: this.#max,
      histogram: encodeIntoCompressedBase64(this.#hdr),
    }
  }
}

/** Merges histograms that were recorded separately. */
export function mergeHistograms(parts: Iterable<EncodedHistogram>, digits: 1 | 2 | 3 | 4 | 5 = 3): Histogram {
  const merged = new Histogram(digits)
  for (const part of parts) merged.merge(part)
  return merged
}

/** One point of a percentile curve. */
export interface QuantilePoint {
  /** 0 to 100. */
  readonly percentile: number
  readonly micros: number
}

/**
 * The values of a stored histogram at the given percentiles, for drawing a curve.
 * @param encoded `histogram` of a {@link Summary}
 */
export function quantiles(encoded: string, percentiles: readonly number[]): QuantilePoint[] {
  const hdr = decodeFromCompressedBase64(encoded)
  return percentiles.map(percentile => ({ percentile, micros: hdr.getValueAtPercentile(percentile) }))
}

/** The buckets that hold samples, each with the value at its middle. */
function* buckets(hdr: Hdr): Generator<{ value: number; count: number }> {
  if (!(hdr instanceof JsHistogram)) throw new TypeError('only histograms in JavaScript can be walked')
  for (let index = 0; index < hdr.countsArrayLength; index++) {
    const count = hdr.getCountAtIndex(index)
    if (count > 0) yield { value: hdr.medianEquivalentValue(hdr.valueFromIndex(index)), count }
  }
}
