/**
 * Which runs of a series can be compared. A run that lost or duplicated events is invalid as a measurement of speed,
 * but it is evidence of correctness, so it counts; a run that broke is left out, with a note.
 */
import { distinctReasons } from '../results/reasons.ts'
import type { Measurement, WarningCode } from '../results/result.ts'
import { mannWhitney } from '../statistics/mann-whitney.ts'
import { median } from '../statistics/order-statistics.ts'
import type { Finding, Sample } from './finding.ts'
import type { Ruling } from './judge.ts'
import type { SeriesPair } from './pairs.ts'
import { counted, digits } from './words.ts'

/** Invalid by what they delivered: judged by their own metrics. */
const correctness: readonly WarningCode[] = ['lost-events', 'duplicated-events', 'out-of-order-events']

/** Invalid as a measure of speed, while its deliveries count: a busy client process loses no event. */
const speed: readonly WarningCode[] = ['generator-saturated', 'ceiling-failed']

/** Broken by the server under test; anything else that breaks a run is a client process, the machine or a signal. */
const blamedOnServer: readonly WarningCode[] = ['boot-failed', 'server-died', 'connect-failed', 'no-samples']

/** The runs of one side of a series. */
export interface Runs {
  /** Whose speed and cost can be compared. */
  readonly usable: readonly Measurement[]
  /** Whose deliveries can be compared: the usable ones, and those that are invalid in their speed alone. */
  readonly whole: readonly Measurement[]
  readonly broken: readonly Measurement[]
  /** How many the server broke. */
  readonly blamed: number
  /** Why runs broke, each reason once. */
  readonly reasons: readonly string[]
}

/** Why a run is invalid, apart from the warnings of some codes. */
function breakages(run: Measurement, but: readonly WarningCode[]): string[] {
  const excepted = run.warnings.filter(({ code }) => but.includes(code)).map(({ message }) => message)
  return run.failures.filter(failure => !excepted.includes(failure))
}

const isBlamed = ({ warnings }: Measurement): boolean =>
  warnings.some(({ code }) => blamedOnServer.includes(code)) &&
  !warnings.some(({ code }) => code === 'aborted')

/** Sorts the runs of a series. */
export function sortRuns(runs: readonly Measurement[]): Runs {
  const broken = runs.filter(run => breakages(run, correctness).length > 0)
  return {
    usable: runs.filter(run => !broken.includes(run)),
    whole: runs.filter(run => breakages(run, [...correctness, ...speed]).length === 0),
    broken,
    blamed: broken.filter(isBlamed).length,
    reasons: distinctReasons(broken.flatMap(run => breakages(run, correctness))),
  }
}

/** One series without the runs that broke. */
export interface ValidSeries {
  readonly pair: SeriesPair
  readonly base: Runs
  readonly head: Runs
  /** The verdict on broken runs; null where no run broke, or where they allow no verdict. */
  readonly finding: Finding | null
  /** The runs that were left out, a sentence for each side that has some and of which the finding does not speak. */
  readonly notes: readonly string[]
}

/** True where both sides have a run whose speed and cost can be compared. */
export const isComparable = ({ base, head }: ValidSeries): boolean =>
  base.usable.length > 0 && head.usable.length > 0

/** Leaves the broken runs out, and says so. */
export function validate(pair: SeriesPair): ValidSeries {
  const [base, head] = [sortRuns(pair.base), sortRuns(pair.head)]
  const outcome = outcomeOf(base, head)
  const runsOf = { base, head }
  const left = (['base', 'head'] as const).filter(side => !outcome?.sides.includes(side))
  return {
    pair,
    base,
    head,
    finding: outcome && validityFinding(pair, base, head, outcome.ruling),
    notes: left.flatMap(side => leftOut(side, pair, runsOf[side])),
  }
}

/** What broken runs say, and of which sides. */
interface Outcome {
  readonly ruling: Ruling
  readonly sides: readonly ('base' | 'head')[]
}

/**
 * Where servers break on both sides, so rarely may chance alone break them more often on one. Less than the level of the
 * metrics, because this is not one of those that share that.
 */
const chanceLevel = 0.01

/**
 * Runs that the server under test broke are a regression where the base has none, whatever their number, and where the
 * head has more than chance explains. The reverse is an improvement only where the base has no valid run, or more broken
 * ones than chance explains. A head with more of them than its base, but
 * not beyond chance, is left open. A base without a valid run, by no fault of its server, is no measure of the head.
 */
function outcomeOf(base: Runs, head: Runs): Outcome | null {
  const [noBase, noHead] = [base.usable.length === 0, head.usable.length === 0]
  const ruled = (verdict: Ruling['verdict'], reason: string, ...sides: Outcome['sides']): Outcome => ({
    ruling: { verdict, reason, runsNeeded: null },
    sides,
  })
  if (noBase && noHead) {
    const reasons = `base: ${base.reasons.join('; ')}; head: ${head.reasons.join('; ')}`
    return ruled('inconclusive', `no valid run on either side; ${reasons}`, 'base', 'head')
  }
  const isComparable = !noBase || base.blamed > 0
  if (isComparable && head.blamed > 0 && (base.blamed === 0 || moreBroken(head, base) <= chanceLevel))
    return ruled('regressed', `${newlyBroken(head, base)}: ${head.reasons.join('; ')}`, 'head')
  if (base.blamed > 0 && ((noBase && head.broken.length === 0) || moreBroken(base, head) <= chanceLevel)) {
    const nothingElse = noBase ? '; without a valid run in the base nothing else is compared' : ''
    const reason = `${brokenText(base)} in the base, ${head.blamed} of ${totalOf(head)} in the head${nothingElse}`
    return ruled('improved', `${reason}; the base: ${base.reasons.join('; ')}`, 'base')
  }
  if (noBase) return ruled('inconclusive', `no valid run in the base: ${base.reasons.join('; ')}`, 'base')
  if (noHead) return ruled('inconclusive', `no valid run in the head: ${head.reasons.join('; ')}`, 'head')
  if (base.blamed === 0 || head.blamed * totalOf(base) <= base.blamed * totalOf(head)) return null
  const doubt = `more, but too few to rule out chance: p ${digits(moreBroken(head, base))}, ${digits(chanceLevel)} is needed`
  return ruled('inconclusive', `${newlyBroken(head, base)}: ${doubt}; ${head.reasons.join('; ')}`, 'head')
}

const totalOf = ({ usable, broken }: Runs): number => usable.length + broken.length
const brokenText = (runs: Runs): string => `${runs.blamed} of ${counted(totalOf(runs), 'run')} broke`

const newlyBroken = (head: Runs, base: Runs): string =>
  base.blamed === 0
    ? `new: ${brokenText(head)}`
    : `${brokenText(head)}, ${base.blamed} of ${totalOf(base)} in the base`

/** The two-sided p of servers that broke more of these runs than of the others; 1 where they broke no more. */
function moreBroken(runs: Runs, others: Runs): number {
  const blames = (of: Runs): number[] =>
    Array.from({ length: totalOf(of) }, (_, index) => (index < of.blamed ? 1 : 0))
  const test = mannWhitney(blames(runs), blames(others))
  return test !== null && test.greater < test.less ? test.twoSided : 1
}

function validityFinding(pair: SeriesPair, base: Runs, head: Runs, ruling: Ruling): Finding {
  const { label: series, technique, scenario } = pair
  return {
    series,
    technique,
    scenario,
    metric: 'runs.valid',
    unit: 'count',
    better: 'higher',
    level: 'error',
    kind: 'difference',
    base: validRuns(base),
    head: validRuns(head),
    wrong: null,
    effect: null,
    interval: null,
    minimumEffect: 0,
    minimumRaisedFrom: null,
    p: null,
    adjustedP: null,
    ...ruling,
  }
}

/** 1 for a run that is valid, 0 for one that broke. */
function validRuns({ usable, broken }: Runs): Sample {
  const values = [...usable.map(() => 1), ...broken.map(() => 0)]
  return { runs: values.length, median: median(values), values }
}

const leftOut = (side: string, { label, scenario }: SeriesPair, runs: Runs): string[] =>
  runs.broken.length === 0
    ? []
    : [
        `${runs.broken.length} of ${counted(totalOf(runs), 'run')} of ${label} in ${scenario} are left out of the ${side}: ${runs.reasons.join('; ')}`,
      ]
