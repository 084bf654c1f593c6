/**
 * Which runs of a series can be compared. A run that lost or duplicated events is invalid as a measurement of speed,
 * but it is evidence of correctness, so it counts; a run that broke is left out, with a note.
 */
import type { Measurement, WarningCode } from '../results/result.ts'
import { median } from '../statistics/order-statistics.ts'
import type { Finding, Sample } from './finding.ts'
import type { Ruling } from './judge.ts'
import type { SeriesPair } from './pairs.ts'
import { counted } from './words.ts'

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
    reasons: [...new Set(broken.flatMap(run => breakages(run, correctness)))],
  }
}

/** One series without the runs that broke. */
export interface ValidSeries {
  readonly pair: SeriesPair
  readonly base: Runs
  readonly head: Runs
  /** The verdict on broken runs; null where no run broke, or where they allow no verdict. */
  readonly finding: Finding | null
  /** The runs that were left out, a sentence for each side that has some. */
  readonly notes: readonly string[]
}

/** Leaves the broken runs out, and says so. */
export function validate(pair: SeriesPair): ValidSeries {
  const [base, head] = [sortRuns(pair.base), sortRuns(pair.head)]
  const ruling = validityRuling(base, head)
  return {
    pair,
    base,
    head,
    finding: ruling && validityFinding(pair, base, head, ruling),
    notes: [...leftOut('base', pair, base), ...leftOut('head', pair, head)],
  }
}

/** Runs that the server under test broke are a regression where the base has none; with no runs there is no verdict. */
function validityRuling(base: Runs, head: Runs): Ruling | null {
  if (head.blamed > 0 && base.blamed === 0) {
    const reason = `new: ${counted(head.blamed, 'run')} of ${head.usable.length + head.broken.length} broke: ${head.reasons.join('; ')}`
    return { verdict: 'regressed', reason, runsNeeded: null }
  }
  const [side, runs] = base.usable.length === 0 ? ['base', base] : ['head', head]
  return runs.usable.length > 0
    ? null
    : {
        verdict: 'inconclusive',
        reason: `no valid run in the ${side}: ${runs.reasons.join('; ')}`,
        runsNeeded: null,
      }
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

const leftOut = (
  side: string,
  { label, scenario }: SeriesPair,
  { usable, broken, reasons }: Runs,
): string[] =>
  broken.length === 0
    ? []
    : [
        `${broken.length} of ${counted(usable.length + broken.length, 'run')} of ${label} in ${scenario} are left out of the ${side}: ${reasons.join('; ')}`,
      ]
