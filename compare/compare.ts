/**
 * Did a change make it slower? Compares two results, series by series and metric by metric.
 *
 * This folder turns results into comparisons, calibrations and histories as plain data. It imports `results` and
 * `statistics`; `reports` and `bin` import it.
 *
 * The run is the unit of replication: each contributes one value of each metric, and its thousands of requests
 * are not samples, since they share a process, a moment and a machine.
 *
 * The family of Holm's correction is the whole comparison: every metric of every series that is tested, because one
 * `regressed` anywhere fails the gate. At 10 runs a side the smallest p is 0.000011, so that 15 techniques with 10
 * metrics each (150 tests, the first needs 0.00033) leave room. How often a simulated difference is found, by its size
 * in standard deviations between runs: at 10 runs a side 2: 46 %, 2.5: 75 %, 3: 94 %; with one technique (10 tests)
 * 2: 82 %, 2.5: 95 %; at 15 runs a side and 150 tests 2: 89 %, 2.5: 99 %.
 */

import { UsageError } from '../model/usage-error.ts'
import { readingOf } from '../results/reading.ts'
import type { Result, ThresholdOutcome } from '../results/result.ts'
import { type Threshold, thresholdOutcomes } from '../results/thresholds.ts'
import type { Calibration } from './calibration.ts'
import { conclude } from './conclude.ts'
import {
  type Difference,
  DifferentSetupError,
  differencesOf,
  differing,
  environmentFacts,
} from './differences.ts'
import { type Draft, draftsOf, type Gates } from './draft.ts'
import { familyOf, floors } from './family.ts'
import type { Finding, Verdict } from './finding.ts'
import {
  correctnessGates,
  gatedMetricsWith,
  gateNames,
  type MetricLevels,
  type MinimumEffects,
} from './gated-metrics.ts'
import { comparableIn, leftOutNotes } from './incomparable.ts'
import { type Pairing, pairSeries } from './pairs.ts'
import { type Side, secondsPerRun, sideOf } from './sides.ts'
import { isComparable, sortRuns, type ValidSeries, validate } from './validity.ts'
import { sizeText } from './words.ts'

export type { Side } from './sides.ts'

/** What can be asked of a comparison. */
export interface CompareOptions {
  /** What to call the two results in an error. Unless given, `base` and `head`. */
  readonly names?: { readonly base: string; readonly head: string }
  /** In place of the defaults of {@link gatedMetrics}. */
  readonly minimumEffects?: MinimumEffects
  readonly levels?: MetricLevels
  /** The noise of this machine; raises minimum effects that it cannot resolve. */
  readonly calibration?: Calibration
  /** What the head has to meet, whatever the base did. */
  readonly thresholds?: readonly Threshold[]
}

/** Two results, compared. Plain data. */
export interface Comparison {
  readonly base: Side
  readonly head: Side
  /** How long one run of everything took on both sides together; null where the results do not say. */
  readonly secondsPerRun: number | null
  /**
   * `regressed` if anything is, else `inconclusive` if anything is, else `improved` if anything is; of the metrics
   * whose level is `error`.
   */
  readonly verdict: Verdict
  /** The family-wise level, 0.05, and over how many tests Holm's correction goes. */
  readonly level: number
  readonly family: number
  /** Too few runs to ever reach the level, a sentence each. Reports show them first. */
  readonly floors: readonly string[]
  /** What else differs. Refused unless the user allows it; then reports show it before the verdicts. */
  readonly differences: readonly Difference[]
  /** A sentence when the measuring of a side was ended early; else null. Reports show it before all else. */
  readonly stopped: string | null
  /** A sentence when the base was measured after the head, so that the two are probably swapped; else null. */
  readonly swapped: string | null
  /** What a reader should know: series without a partner, runs left out, minimum effects raised. */
  readonly notes: readonly string[]
  /** In the order of the base, correctness first within each series. */
  readonly findings: readonly Finding[]
  /** What became of the conditions that the head had to meet; empty where there were none. */
  readonly thresholds: readonly ThresholdOutcome[]
}

/**
 * Compares.
 * @throws {UsageError} when a result is empty or the two have no series in common
 */
export function compareResults(base: Result, head: Result, options: CompareOptions = {}): Comparison {
  const { calibration, minimumEffects = {}, levels = {}, thresholds = [] } = options
  const readings = { base: readingOf(base), head: readingOf(head) }
  const pairing = pairSeries(readings.base, readings.head)
  checkCommon(base, head, pairing, options)
  const series = pairing.pairs.map(validate)
  const gates = {
    correctness: correctnessGates(levels),
    others: gatedMetricsWith(minimumEffects, levels),
  }
  const drafts = draftAll(series, gates)
  const family = familyOf([...drafts.values()].flat())
  const terms = { family, calibration, secondsPerRun: secondsPerRun(base, head) }
  const findings = series.flatMap(each => [
    ...(each.finding === null ? [] : [each.finding]),
    ...(drafts.get(each) ?? []).map(draft => conclude(draft, terms)),
  ])
  const names = namesOf(options)
  return {
    base: sideOf(names.base, readings.base),
    head: sideOf(names.head, readings.head),
    secondsPerRun: terms.secondsPerRun,
    verdict: overall(findings),
    level: family.demand.level,
    family: family.demand.family,
    floors: floors(family),
    differences: [...differencesOf(base, head, pairing.pairs), ...calibratedElsewhere(head, calibration)],
    stopped: stoppedSentence(base, head, names),
    swapped: swappedSentence(base, head, options),
    notes: [
      ...unmatched(pairing),
      ...series.flatMap(({ notes }) => notes),
      ...leftOutNotes(
        series.filter(isComparable).map(({ pair }) => pair),
        gates.others,
      ),
      ...turnedOff(levels),
      ...findings.flatMap(raised),
    ],
    findings,
    thresholds: thresholdOutcomes(thresholds, readings.head, run => sortRuns([run]).whole.length > 0),
  }
}

function draftAll(series: readonly ValidSeries[], { correctness, others }: Gates): Map<ValidSeries, Draft[]> {
  return new Map(
    series.map(each => [each, draftsOf(each, { correctness, others: comparableIn(each.pair, others) })]),
  )
}

const namesOf = ({ names = { base: 'base', head: 'head' } }: CompareOptions) => names

/** Refuses what has nothing to compare, in one sentence. */
function checkCommon(base: Result, head: Result, pairing: Pairing, options: CompareOptions): void {
  const { pairs, onlyBase, onlyHead } = pairing
  const names = namesOf(options)
  for (const [result, name] of [
    [base, names.base],
    [head, names.head],
  ] as const) {
    if (result.measurements.length === 0)
      throw new UsageError(
        `${name} holds no measurement: give the results.json of a run that measured something`,
      )
  }
  if (pairs.length > 0) return
  const [ofBase, ofHead] = [scenariosOf(base), scenariosOf(head)]
  if (ofBase.isDisjointFrom(ofHead))
    throw new DifferentSetupError(
      `${names.base} and ${names.head} have no scenario in common: the one has ${list(ofBase)}, the other ${list(ofHead)}`,
      'measure both with the same',
    )
  throw new DifferentSetupError(
    `${names.base} and ${names.head} have no technique in common: the one has ${list(onlyBase)}, the other ${list(onlyHead)}`,
    'measure both with the same',
  )
}

const scenariosOf = ({ measurements }: Result): Set<string> =>
  new Set(measurements.map(({ scenario }) => scenario))
const list = (words: Iterable<string>): string => [...words].join(', ')

/** Of two results that overlap in time, such as those of interleaved blocks, neither is the older. */
function swappedSentence(base: Result, head: Result, options: CompareOptions): string | null {
  const names = namesOf(options)
  return Date.parse(base.startedAt) >= Date.parse(head.finishedAt) && base.startedAt !== head.startedAt
    ? `${names.base} was measured after ${names.head} (${base.startedAt} and ${head.startedAt}): give the older result first`
    : null
}

/** Of a result that was ended early, some of what was asked for is missing. */
function stoppedSentence(base: Result, head: Result, names: { base: string; head: string }): string | null {
  const stopped = [...(base.aborted ? [names.base] : []), ...(head.aborted ? [names.head] : [])]
  if (stopped.length === 0) return null
  const which = stopped.length === 1 ? 'was' : 'were both'
  return `${stopped.join(' and ')} ${which} stopped early: only a part of what was asked for is compared`
}

const unmatched = ({ onlyBase, onlyHead }: Pairing): string[] => [
  ...onlyBase.map(series => `${series} is only in the base and not compared`),
  ...onlyHead.map(series => `${series} is only in the head and not compared`),
]

/** What the user does not want to be judged. */
function turnedOff(levels: MetricLevels): string[] {
  const off = gateNames.filter(name => levels[name] === 'off')
  return off.length === 0 ? [] : [`not compared, as they are off: ${off.join(', ')}`]
}

const calibratedElsewhere = (head: Result, calibration: Calibration | undefined): Difference[] =>
  calibration === undefined
    ? []
    : differing(new Map(Object.entries(calibration.environment)), environmentFacts(head)).map(each => ({
        ...each,
        name: `calibration: ${each.name}`,
      }))

function raised({
  series,
  scenario,
  metric,
  kind,
  unit,
  minimumEffect,
  minimumRaisedFrom,
}: Finding): string[] {
  if (minimumRaisedFrom === null) return []
  const [from, to] = [minimumRaisedFrom, minimumEffect].map(size => sizeText(kind, size, unit))
  return [
    `${metric} of ${series} in ${scenario}: this machine's noise hides ${from} at this number of runs, so ${to} is asked for`,
  ]
}

/** A metric that only warns decides nothing. */
const overall = (findings: readonly Finding[]): Verdict =>
  (['regressed', 'inconclusive', 'improved'] as const).find(verdict =>
    findings.some(finding => finding.level === 'error' && finding.verdict === verdict),
  ) ?? 'unchanged'
