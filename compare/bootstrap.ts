/**
 * The percentile bootstrap of a statistic of two samples (Efron, 1979): both are drawn anew from themselves, many
 * times, and the middle of the statistics that come out is the interval. Runs that belong in pairs, such as those of
 * one seed, are drawn in pairs, so that what a pair has in common does not widen the interval.
 *
 * For the ratio of medians it is the soundest of the usual choices at the sizes of a gate. Simulated coverage of
 * the 95 % interval (normal 5 % / log-normal 30 % / two modes 30 % apart; 1,500 pairs of samples each):
 * n = 3: 90 / 90 / 89 %; 4: 93 / 93 / 93; 5: 96 / 97 / 98; 10: 97 / 97 / 96; 15: 97 / 96 / 97.
 * The BCa interval has 89 / 91 / 88 % at n = 4, and the percentiles of the Hodges-Lehmann ratio 89 / 91 / 91 % at
 * n = 5. Below {@link fewestForInterval} runs a side none is given.
 */
import type { Random } from '../measure/random.ts'
import type { Interval } from './hodges-lehmann.ts'
import { quantileOfSorted, type Sorted, sorted } from './order-statistics.ts'

/** With fewer values in a sample, no bootstrap interval of medians covers what it says. */
export const fewestForInterval = 4

/** How to draw. */
export interface Bootstrap {
  readonly random: Random
  /** How often both samples are drawn anew. */
  readonly resamples: number
  /** The coverage asked for, e.g. 0.95. */
  readonly confidence: number
  /** True where the values of both samples belong together by their place. */
  readonly paired: boolean
}

/**
 * The interval of a statistic.
 * @param statistic takes both samples in ascending order
 * @returns null where a sample is too small, or an end of the interval is no finite number
 */
export function bootstrapInterval(
  base: readonly number[],
  head: readonly number[],
  statistic: (base: Sorted, head: Sorted) => number,
  { random, resamples, confidence, paired }: Bootstrap,
): Interval | null {
  if (Math.min(base.length, head.length) < fewestForInterval) return null
  const [drawBase, drawHead] = [new Draw(base), new Draw(head)]
  const statistics = Float64Array.from({ length: resamples }, () => {
    const places = drawnPlaces(base.length, random)
    const others = paired ? places : drawnPlaces(head.length, random)
    return statistic(drawBase.sample(places), drawHead.sample(others))
  }).sort()
  const tail = (1 - confidence) / 2
  const interval = { low: quantileOfSorted(statistics, tail), high: quantileOfSorted(statistics, 1 - tail) }
  return Number.isFinite(interval.low) && Number.isFinite(interval.high) ? interval : null
}

/** As many places as there are, each drawn from all of them. */
const drawnPlaces = (count: number, random: Random): number[] =>
  Array.from({ length: count }, () => Math.floor(random() * count))

/** Draws from a sample. Counting how often each value is drawn keeps them in order without sorting. */
class Draw {
  readonly #ordered: Float64Array
  /** Where the value of each place stands in the order. */
  readonly #ranks: readonly number[]
  readonly #times: Uint16Array
  readonly #drawn: Float64Array

  constructor(values: readonly number[]) {
    this.#ordered = sorted(values)
    this.#ranks = values.map(value => this.#ordered.indexOf(value))
    this.#times = new Uint16Array(values.length)
    this.#drawn = new Float64Array(values.length)
  }

  /** The values of the places, in ascending order; valid until the next call. */
  sample(places: readonly number[]): Sorted {
    this.#times.fill(0)
    for (const place of places) {
      const rank = this.#ranks[place] ?? 0
      this.#times[rank] = (this.#times[rank] ?? 0) + 1
    }
    let end = 0
    for (const [rank, value] of this.#ordered.entries()) {
      const start = end
      end += this.#times[rank] ?? 0
      this.#drawn.fill(value, start, end)
    }
    return this.#drawn
  }
}
