/** A comparison arranged for reading: what was decided, how often, and the words for it. Shared by every format. */
import type { Comparison } from '../../compare/compare.ts'
import { differenceSentence } from '../../compare/differences.ts'
import { type Finding, lacksRuns, type Verdict } from '../../compare/finding.ts'
import { decidingText } from '../../compare/words.ts'
import { effectKinds } from '../../statistics/effect-size.ts'
import { many, show, showApart, showPlain, showSpan } from '../display.ts'
import { thresholdHeading, thresholdSentences } from '../thresholds.ts'

/** What a gate was asked for, beyond the comparison. */
export interface GateOptions {
  /** True where `inconclusive` fails the gate. Unless given, false. */
  readonly strict?: boolean
}

/** In the order in which reports show them. */
export const verdicts = [
  'regressed',
  'improved',
  'inconclusive',
  'unchanged',
] as const satisfies readonly Verdict[]

/** The findings of one verdict, in the order of the comparison. */
export const findingsOf = ({ findings }: Comparison, verdict: Verdict): Finding[] =>
  findings.filter(finding => finding.verdict === verdict)

/** True for a regression that is shown and never fails. */
export const isWarning = ({ verdict, level }: Finding): boolean => verdict === 'regressed' && level === 'warn'

/** How many findings have each verdict. A regression that only warns is not among the regressed ones. */
export const countsOf = (comparison: Comparison): Record<Verdict | 'warned', number> => ({
  regressed: findingsOf(comparison, 'regressed').filter(finding => !isWarning(finding)).length,
  warned: comparison.findings.filter(isWarning).length,
  improved: findingsOf(comparison, 'improved').length,
  inconclusive: findingsOf(comparison, 'inconclusive').length,
  unchanged: findingsOf(comparison, 'unchanged').length,
})

/** True where the gate is to stop the change. */
export const isFailed = (comparison: Comparison, { strict = false }: GateOptions): boolean =>
  comparison.verdict === 'regressed' ||
  (strict && comparison.verdict === 'inconclusive') ||
  comparison.findings.some(lacksRuns) ||
  comparison.thresholds.some(({ met }) => !met)

/** The conditions that the head does not meet, a sentence each. */
export const failedThresholds = ({ thresholds }: Comparison): string[] =>
  thresholdSentences(thresholds).map(each => `${thresholdHeading}: ${each}`)

/** A job that failed for a reason other than a regression or doubt has no verdict on the code that could name it. */
export type Outcome = Verdict | 'failed'

/** The word that heads a comparison: its verdict, or `failed` where a threshold is not met or no run was valid. */
export const outcomeOf = ({ verdict, findings, thresholds }: Comparison): Outcome =>
  verdict !== 'regressed' && (findings.some(lacksRuns) || thresholds.some(({ met }) => !met))
    ? 'failed'
    : verdict

const tallies: Readonly<Record<Verdict, (count: number, total: string, warned: number) => string>> = {
  regressed: (count, total) => `${count} of ${total} got worse`,
  inconclusive: (count, total) => `${count} of ${total} cannot be decided`,
  improved: (count, total, warned) =>
    `${count} of ${total} got better${warned === 0 ? ' and none worse' : ''}`,
  unchanged: count => `no change that matters in ${many(count, 'metric')}`,
}

/** What is graver than any metric: servers that broke, sides without a valid run, conditions that are not met. */
function graver({ findings, thresholds }: Comparison): string[] {
  const broken = findings.filter(each => each.metric === 'runs.valid' && each.verdict === 'regressed').length
  const empty = findings.filter(lacksRuns).length
  const unmet = thresholds.filter(({ met }) => !met).length
  const inSeries = (count: number): string => (count > 1 ? ` in ${many(count, 'series', 'series')}` : '')
  return [
    ...(broken > 0 ? [`the head's server broke${inSeries(broken)}`] : []),
    ...(empty > 0 ? [`no valid run to compare${inSeries(empty)}`] : []),
    ...(unmet > 0 ? [`${many(unmet, 'threshold')} not met`] : []),
  ]
}

/**
 * `2 of 14 metrics got worse; 1 inconclusive, 10 unchanged, 1 more got worse and only warns`. The total is of all that the
 * sections list, and so are the counts: they are those of {@link countsOf}. What is graver than a metric comes first.
 */
export function tally(comparison: Comparison): string {
  const { verdict, findings } = comparison
  const before = graver(comparison)
  if (isNothingElse(comparison)) return before.join('; ')
  const counts = countsOf(comparison)
  const { warned } = counts
  const others = [
    ...verdicts.filter(each => each !== verdict && counts[each] > 0).map(each => `${counts[each]} ${each}`),
    ...(warned > 0 ? [`${warned} more got worse and only ${warned === 1 ? 'warns' : 'warn'}`] : []),
  ]
  const first = tallies[verdict](counts[verdict], many(findings.length, 'metric'), warned)
  return [...before, first, ...(others.length === 0 ? [] : [others.join(', ')])].join('; ')
}

/** True where broken runs are all that there is to say, and the headline says it. */
const isNothingElse = (comparison: Comparison): boolean =>
  graver(comparison).length > 0 && comparison.findings.every(({ metric }) => metric === 'runs.valid')

/**
 * What would decide all that can be decided: `about 14 runs a side would decide, 9 minutes in all`; null where nothing
 * is open, or no sensible number of runs would do.
 */
export function decidingAdvice(comparison: Comparison): string | null {
  const open = findingsOf(comparison, 'inconclusive')
  const runs = Math.max(...open.flatMap(({ runsNeeded }) => runsNeeded ?? []))
  if (!Number.isFinite(runs)) return null
  // Of a metric that asks only for the least, nobody knows whether that is enough.
  const isLeast = open.some(
    ({ runsNeeded, runsNeededIsLeast = false }) => runsNeeded === runs && runsNeededIsLeast,
  )
  return decidingText({ runs, isLeast }, comparison.secondsPerRun)
}

/** That the measuring was ended early, as a list: it leads every format. */
export const stops = ({ stopped }: Comparison): string[] => (stopped === null ? [] : [stopped])

/** Sentences that come before the verdicts: what the comparison can never show, and what differs. */
export const cautions = ({ floors, differences, swapped }: Comparison): string[] => [
  ...floors,
  ...(swapped === null ? [] : [swapped]),
  ...differences.map(differenceSentence),
]

/** `sse`, or `sse in steady` where the comparison has several scenarios. */
export const whereOf =
  ({ findings }: Comparison) =>
  ({ series, scenario }: Finding): string =>
    findings.some(other => other.scenario !== scenario) ? `${series} in ${scenario}` : series

/** By how much sums of the same numbers may differ. */
const rounding = 1e-9

/**
 * True where a reader of the two medians would think of another effect than the estimate: they move the other way, or
 * their effect lies outside of the interval. That happens where runs fall into groups, as the estimate is of all pairs
 * of runs, and a median of one run in the middle.
 */
export function contradictsMedians({ base, head, effect, interval, kind }: Finding): boolean {
  if (effect === null || base.median === null || head.median === null) return false
  const { scale, size } = effectKinds[kind]
  const seen = scale.contrast(base.median, head.median)
  if (Number.isNaN(seen)) return false
  const isOutside = interval !== null && (seen < interval.low - rounding || seen > interval.high + rounding)
  return isOutside || Math.sign(size(seen)) * Math.sign(size(effect)) < 0
}

/**
 * The runs of both sides in a few characters: their medians with the unit, or from the least to the largest where the
 * medians would contradict the estimate that stands next to them. Deliveries that went wrong are counted over all runs
 * where no median shows them, such as an event that one run of ten lost.
 */
export function sidesOf(finding: Finding): readonly [base: string, head: string] {
  const { base, head, unit, effect, wrong } = finding
  if (finding.metric === 'runs.valid') return [validText(base), validText(head)]
  if (wrong !== null && (effect === null || (!base.median && !head.median)))
    return [show(wrong.base, 'count'), show(wrong.head, 'count')]
  if (effect === null && base.median === head.median) return ['-', '-']
  return contradictsMedians(finding)
    ? [showSpan(base.values, unit), showSpan(head.values, unit)]
    : showApart(base.median, head.median, unit)
}

const validText = ({ values, runs }: Finding['base']): string =>
  `${values.filter(value => value === 1).length} of ${runs}`

/** The reason, with a word on why ranges stand in place of medians. */
export const whyOf = (finding: Finding): string =>
  contradictsMedians(finding)
    ? `${finding.reason}; the runs of a side lie so far apart that their median misleads, so both sides show their range`
    : finding.reason

/** Whether a verdict fails the gate, where it is not plain: `regressed (warns)`. */
export const verdictText = (finding: Finding): string =>
  isWarning(finding) ? 'regressed (warns)' : finding.verdict

/** How sure the verdicts are, in one sentence. */
export function levelSentence(comparison: Comparison): string {
  const { level, family } = comparison
  if (isNothingElse(comparison)) return 'Nothing else could be compared.'
  if (family === 0) return 'No metric was tested.'
  return `${many(family, 'metric')} ${family === 1 ? 'was' : 'were'} tested; of comparisons of the same code with itself, at most ${showPlain(level, 'ratio')} report any change (Mann-Whitney, Holm).`
}
