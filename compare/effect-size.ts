/**
 * The kinds of effect: how the difference between two series is stated, and its 95 % interval.
 *
 * Verdicts compare *sizes*, which are signed and 0 for no change: of a ratio, by how much the larger median
 * exceeds the smaller (1.25 is +0.25, 0.8 is -0.25), so that swapping the two results only swaps the sign; of a
 * difference or a shift, the effect itself.
 */
import { type Bootstrap, bootstrapInterval } from './bootstrap.ts'
import { hodgesLehmann, hodgesLehmannInterval, type Interval } from './hodges-lehmann.ts'
import { median, medianOfSorted, type Sorted } from './order-statistics.ts'

/**
 * - `ratio`: median of head / median of base, for scales with a true zero (time, bytes, memory)
 * - `difference`: median of head - median of base, for shares and rates
 * - `shift`: the Hodges-Lehmann shift from base to head, for counts
 */
export type EffectKind = 'ratio' | 'difference' | 'shift'

type Samples = readonly [base: readonly number[], head: readonly number[]]

interface Kind {
  readonly estimate: (...samples: Samples) => number
  /** Null where the samples are too small. */
  readonly interval: (...samples: [...Samples, Bootstrap]) => Interval | null
  readonly size: (effect: number) => number
  /** The spread of {@link size} is the spread of these. */
  readonly scaled: (value: number) => number
}

/** Of two zeros it is 1: nothing changed. */
const ratio = (base: number, head: number): number => (base === head ? 1 : head / base)
const ratioOfMedians = (base: Sorted, head: Sorted): number =>
  ratio(medianOfSorted(base), medianOfSorted(head))
const differenceOfMedians = (base: Sorted, head: Sorted): number =>
  medianOfSorted(head) - medianOfSorted(base)

/** What is done for each kind. */
export const effectKinds: Readonly<Record<EffectKind, Kind>> = {
  ratio: {
    estimate: (base, head) => ratio(median(base), median(head)),
    interval: (base, head, how) => bootstrapInterval(base, head, ratioOfMedians, how),
    size: effect => (effect >= 1 ? effect - 1 : 1 - 1 / effect),
    scaled: Math.log,
  },
  difference: {
    estimate: (base, head) => median(head) - median(base),
    interval: (base, head, how) => bootstrapInterval(base, head, differenceOfMedians, how),
    size: effect => effect,
    scaled: value => value,
  },
  shift: {
    estimate: hodgesLehmann,
    interval: (base, head, { confidence }) => hodgesLehmannInterval(base, head, confidence),
    size: effect => effect,
    scaled: value => value,
  },
}

/** An effect with its interval; null for what the runs cannot give. */
export interface Effect {
  /** Head / base for a ratio, head - base otherwise; null where there is none, such as a ratio to 0. */
  readonly value: number | null
  /** At 95 %; null with fewer than 4 runs a side. */
  readonly interval: Interval | null
}

/** The effect between two series of run values. */
export function effectOf(kind: EffectKind, ...[base, head, how]: [...Samples, Bootstrap]): Effect {
  const value = effectKinds[kind].estimate(base, head)
  // A ratio from or to 0 is no change that a percentage can tell.
  if (!Number.isFinite(value) || (kind === 'ratio' && value <= 0)) return { value: null, interval: null }
  return { value, interval: effectKinds[kind].interval(base, head, how) }
}
