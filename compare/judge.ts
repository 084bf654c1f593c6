/**
 * From an effect to a verdict.
 *
 * `regressed` needs three things: the two-sided rank-sum p, adjusted by Holm over the whole comparison, is at most
 * 5 %, the 95 % interval leaves out no change, and the estimated effect is at least the minimum that matters. Effect,
 * interval and p are of one method, so that the second follows from the first but for ties, where the interval is the
 * more careful of the two. The interval is of one metric alone: where it leaves out no change and Holm does not
 * reject, the sentence says over how many metrics the level is shared. What that gives:
 *
 * - Two results of the same code: the chance of any change among the metrics that are tested is at most 5 %, of any
 *   `regressed` half of that, whatever the distribution; in practice less, since chance must also reach the
 *   minimum effect. New losses and duplicates are outside of this: see correctness.ts.
 * - An effect of twice the minimum is found almost surely where runs scatter by half of the minimum or less. An
 *   effect of just the minimum is found half of the time, as the estimate lies on either side of it.
 * - The stricter rule, a test against the minimum itself, would state that the *true* effect exceeds the minimum; it
 *   takes about four times the runs to find an effect of twice the minimum. The estimate and its interval are
 *   shown, so that a reader can see which of the two holds.
 *
 * `unchanged` needs the 95 % interval inside the minimum effect: of effects of the minimum or more, about 2.5 % are
 * called so, for each metric. Where all runs of both sides lie within a tenth of the minimum, two runs a side are enough.
 * A significant effect that is too small to matter is `unchanged` as well. Everything
 * else is `inconclusive`.
 */
import { type MetricName, type MetricUnit, metric } from '../results/metrics.ts'
import { type Effect, type EffectKind, effectKinds } from '../statistics/effect-size.ts'
import { type Demand, fewestRuns, isTooFew, Power } from '../statistics/power.ts'
import type { Verdict } from './finding.ts'
import { changeText, counted, decidingText, digits, type RunsNeeded, sizeText } from './words.ts'

/** What is known about one metric of one series. */
export interface Evidence {
  readonly metric: MetricName
  readonly kind: EffectKind
  readonly unit: MetricUnit
  /** Runs with a value. */
  readonly baseRuns: number
  readonly headRuns: number
  /** The size of the effect from the least to the largest of all runs of both sides. */
  readonly spread: number
  /** Standard deviation between the runs of a side: of their logarithms for a ratio. */
  readonly noise: number
  readonly effect: Effect
  /** The least size that matters. */
  readonly minimum: number
  /** Two-sided; null with one run on a side. */
  readonly p: number | null
  readonly adjustedP: number | null
  /** How long one run of everything takes on both sides together; null where that is not known. */
  readonly secondsPerRun: number | null
}

/** A verdict with its sentence. */
export interface Ruling {
  readonly verdict: Verdict
  readonly reason: string
  readonly runsNeeded: number | null
  /** True where `runsNeeded` is only the least that the test can use; absent otherwise. */
  readonly runsNeededIsLeast?: true
}

/** Decides. */
export function judge(evidence: Evidence, demand: Demand): Ruling {
  const { effect, minimum, adjustedP, kind, unit } = evidence
  if (effect.value === null) return { verdict: 'inconclusive', reason: missing(evidence), runsNeeded: null }
  const size = effectKinds[kind].size(effect.value)
  const significant = adjustedP !== null && adjustedP <= demand.level && isChange(evidence)
  if (significant && size !== 0 && Math.abs(size) >= minimum) {
    const worse = size > 0 !== (metric(evidence.metric).better === 'higher')
    const reason = `${effectText(evidence)}${minimum === 0 ? '' : `, at least the ${sizeText(kind, minimum, unit)} that matters`}; ${pText(evidence, demand)}`
    return { verdict: worse ? 'regressed' : 'improved', reason, runsNeeded: null }
  }
  if (isSteady(evidence)) return { verdict: 'unchanged', reason: steadiness(evidence), runsNeeded: null }
  if (isInside(evidence)) {
    const small = significant ? `, a real difference but a small one (${pText(evidence, demand)})` : ''
    const reason = `${effectText(evidence)}, within the ${sizeText(kind, minimum, unit)} that matters${small}`
    return { verdict: 'unchanged', reason, runsNeeded: null }
  }
  return undecided(doubt(evidence, size, demand), runsToDecide(evidence, size, demand), evidence)
}

function undecided(why: string, needed: RunsNeeded | null, { secondsPerRun }: Evidence): Ruling {
  const advice =
    needed === null ? 'no sensible number of runs would decide' : decidingText(needed, secondsPerRun)
  return {
    verdict: 'inconclusive',
    reason: `${why}; ${advice}`,
    runsNeeded: needed?.runs ?? null,
    ...(needed?.isLeast && { runsNeededIsLeast: true }),
  }
}

/** Why there is no effect at all. */
function missing({ baseRuns, headRuns }: Evidence): string {
  if (baseRuns === 0) return 'no run of the base has a value'
  if (headRuns === 0) return 'no run of the head has a value'
  return 'half of the pairs of runs have no ratio, as one side is 0'
}

/** True where the interval leaves out no change. */
function isChange({ effect: { interval }, kind }: Evidence): boolean {
  if (interval === null) return false
  const { size } = effectKinds[kind]
  return size(interval.low) > 0 || size(interval.high) < 0
}

function isInside({ effect: { interval }, kind, minimum }: Evidence): boolean {
  if (interval === null) return false
  const { size } = effectKinds[kind]
  return size(interval.low) >= -minimum && size(interval.high) <= minimum
}

/**
 * Runs that lie this much closer together than what matters need no interval. Of a change that matters, even two runs a
 * side lie so close less than once in a thousand comparisons, whatever the width of smooth noise.
 */
const steadyShare = 0.1

const isSteady = ({ spread, minimum, baseRuns, headRuns }: Evidence): boolean =>
  Math.min(baseRuns, headRuns) >= 2 && spread <= minimum * steadyShare

const steadiness = ({ spread, kind, minimum, unit }: Evidence): string =>
  spread === 0
    ? 'the same in all runs of both sides'
    : `all runs of both sides lie within ${sizeText(kind, spread, unit)}, far less than the ${sizeText(kind, minimum, unit)} that matters`

/** `+20.3 % (95 % interval +17.1 % to +24 %)`. */
function effectText({ effect, kind, unit }: Evidence): string {
  const text = (value: number): string => changeText(kind, value, unit)
  const { value, interval } = effect
  if (value === null) return 'no effect'
  return interval === null
    ? text(value)
    : `${text(value)} (95 % interval ${text(interval.low)} to ${text(interval.high)})`
}

const pText = ({ adjustedP }: Evidence, { family }: Demand): string =>
  `p ${digits(adjustedP ?? 1)} after Holm over ${counted(family, 'metric')}`

/** Why it cannot be decided. */
function doubt(evidence: Evidence, size: number, demand: Demand): string {
  const { baseRuns, headRuns, minimum, kind, unit, p, adjustedP, effect } = evidence
  const seen = effectText(evidence)
  const runs =
    baseRuns === headRuns ? `${counted(baseRuns, 'run')} a side` : `${baseRuns} and ${headRuns} runs`
  if (p === null) return `${seen}; one run says nothing about chance`
  if (Math.abs(size) >= minimum) {
    if (isTooFew(baseRuns, headRuns, demand)) return `${seen}, but ${runs} can never show it`
    return adjustedP !== null && adjustedP <= demand.level
      ? `${seen}: too many runs are equal for an interval without 0`
      : `${seen}, but it may be chance: ${pText(evidence, demand)}`
  }
  return effect.interval === null
    ? `${seen}; ${runs} are too few for an interval`
    : `${seen}: the interval reaches beyond the ${sizeText(kind, minimum, unit)} that matters`
}

/** Fewer runs a side have no interval at 95 %, and say little of how far they scatter. */
const runsForInterval = 4

/**
 * The runs a side at which an effect of the estimated size would be decided 8 times in 10: significant where it
 * matters, its interval inside the minimum where it does not. Never fewer than the test can use; of fewer runs than an
 * interval takes, no more than that is known.
 */
function runsToDecide(
  { baseRuns, headRuns, noise, kind, minimum }: Evidence,
  size: number,
  demand: Demand,
): RunsNeeded | null {
  const runs = Math.floor(2 / (1 / baseRuns + 1 / headRuns))
  const least = Math.max(runs + 1, fewestRuns(demand))
  const scaled = (effect: number): number => (kind === 'ratio' ? Math.log1p(effect) : effect)
  const [seen, matters] = [scaled(Math.abs(size)), scaled(minimum)]
  const power = new Power(demand)
  const needed =
    Math.abs(size) >= minimum
      ? power.runsToFind(noise, seen, least)
      : power.runsToExclude(noise, matters - seen, least)
  const isLeast = Math.min(baseRuns, headRuns) < runsForInterval
  return needed === null ? null : { runs: needed, isLeast }
}
