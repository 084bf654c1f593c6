/**
 * The kinds of effect: how the difference between two series is stated, and its interval.
 *
 * Verdicts compare *sizes*, which are signed and 0 for no change: of a ratio, by how much the larger side exceeds the
 * smaller (1.25 is +0.25, 0.8 is -0.25), so that swapping the two results only swaps the sign; of a difference, the
 * effect itself.
 */
import {
  differences,
  hodgesLehmann,
  hodgesLehmannInterval,
  type Interval,
  ratios,
  type Scale,
} from './hodges-lehmann.ts'
import { areSame } from './order-statistics.ts'

/**
 * - `ratio`: head / base, for scales with a true zero (time, bytes, memory)
 * - `difference`: head - base, for shares, rates and counts
 */
export type EffectKind = 'ratio' | 'difference'

interface Kind {
  readonly scale: Scale
  readonly size: (effect: number) => number
  /** The spread of {@link size} is the spread of these. */
  readonly scaled: (value: number) => number
}

/** What is done for each kind. */
export const effectKinds: Readonly<Record<EffectKind, Kind>> = {
  ratio: {
    scale: ratios,
    size: effect => (effect >= 1 ? effect - 1 : 1 - 1 / effect),
    scaled: Math.log,
  },
  difference: {
    scale: differences,
    size: effect => effect,
    scaled: value => value,
  },
}

/** An effect with its interval; null for what the runs cannot give. */
export interface Effect {
  /** Head / base for a ratio, head - base otherwise: the median over all pairs of runs; null where there is none. */
  readonly value: number | null
  /**
   * Null where there are too few runs: below 4 a side at 95 %. Where no run of two or more a side differs from another,
   * nothing scatters, and the interval is the effect alone.
   */
  readonly interval: Interval | null
}

/**
 * The effect between two series of run values.
 * @param confidence the coverage of the interval, e.g. 0.95
 */
export function effectOf(
  kind: EffectKind,
  base: readonly number[],
  head: readonly number[],
  confidence: number,
): Effect {
  const { scale } = effectKinds[kind]
  const value = hodgesLehmann(base, head, scale)
  if (Number.isNaN(value)) return { value: null, interval: null }
  const interval = isConstant(base, head)
    ? { low: value, high: value }
    : hodgesLehmannInterval(base, head, confidence, scale)
  return { value, interval }
}

const isConstant = (base: readonly number[], head: readonly number[]): boolean =>
  Math.min(base.length, head.length) >= 2 && areSame([...base, ...head])
