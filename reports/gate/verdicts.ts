/** A comparison arranged for reading: what was decided, how often, and the words for it. Shared by every format. */
import type { Comparison, Side } from '../../compare/compare.ts'
import { differenceSentence } from '../../compare/differences.ts'
import { type Finding, lacksRuns, type Verdict } from '../../compare/finding.ts'
import { effectKinds } from '../../statistics/effect-size.ts'
import { many, show, showPlain, showSpan } from '../display.ts'
import { showTime } from '../subject.ts'

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

/** How many findings have each verdict. */
export const countsOf = (comparison: Comparison): Record<Verdict, number> => ({
  regressed: findingsOf(comparison, 'regressed').length,
  improved: findingsOf(comparison, 'improved').length,
  inconclusive: findingsOf(comparison, 'inconclusive').length,
  unchanged: findingsOf(comparison, 'unchanged').length,
})

/** True where the gate is to stop the change. */
export const isFailed = ({ verdict, findings }: Comparison, { strict = false }: GateOptions): boolean =>
  verdict === 'regressed' || (strict && verdict === 'inconclusive') || findings.some(lacksRuns)

const tallies: Readonly<Record<Verdict, (count: number, total: string) => string>> = {
  regressed: (count, total) => `${count} of ${total} got worse`,
  inconclusive: (count, total) => `${count} of ${total} cannot be decided`,
  improved: (count, total) => `${count} of ${total} got better and none worse`,
  unchanged: (_, total) => `no change that matters in ${total}`,
}

/** `2 of 13 metrics got worse; 1 inconclusive, 10 unchanged`. */
export function tally(comparison: Comparison): string {
  const counts = countsOf(comparison)
  const { verdict, findings } = comparison
  const others = verdicts
    .filter(each => each !== verdict && counts[each] > 0)
    .map(each => `${counts[each]} ${each}`)
  const first = tallies[verdict](counts[verdict], many(findings.length, 'metric'))
  return others.length === 0 ? first : `${first}; ${others.join(', ')}`
}

/** The runs a side that would decide all that can be decided; null where nothing is open, or none would do. */
export function runsToDecide(comparison: Comparison): number | null {
  const needed = findingsOf(comparison, 'inconclusive').flatMap(({ runsNeeded }) => runsNeeded ?? [])
  return needed.length === 0 ? null : Math.max(...needed)
}

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

/**
 * True where the medians move one way and the estimate the other, as they can where runs fall into two groups: the
 * estimate is of all pairs of runs, a median of one run in the middle.
 */
function contradictsMedians({ base, head, effect, kind }: Finding): boolean {
  if (effect === null || base.median === null || head.median === null) return false
  return Math.sign(head.median - base.median) * Math.sign(effectKinds[kind].size(effect)) < 0
}

/**
 * The runs of both sides in a few characters: their medians with the unit, or from the least to the largest where the
 * medians would contradict the estimate that stands next to them. What is certain without an effect, such as an event
 * that one run of ten lost, does not show in a median; its reason has the numbers.
 */
export const sidesOf = (finding: Finding): readonly [base: string, head: string] => {
  const { base, head, unit, effect } = finding
  if (effect === null && base.median === head.median) return ['-', '-']
  return contradictsMedians(finding)
    ? [showSpan(base.values, unit), showSpan(head.values, unit)]
    : [show(base.median, unit), show(head.median, unit)]
}

/** `commit 0a1b2c3, 20 runs, 2026-01-31 12:34 UTC, pushbench 0.1.0`. */
export const sideText = ({ gitCommit, measurements, startedAt, toolVersion }: Side): string =>
  [
    ...(gitCommit === null ? [] : [`commit ${gitCommit.slice(0, 12)}`]),
    many(measurements, 'run'),
    showTime(startedAt),
    `pushbench ${toolVersion}`,
  ].join(', ')

/** How sure the verdicts are, in one sentence. */
export const levelSentence = ({ level, family }: Comparison): string =>
  family === 0
    ? 'No metric was tested.'
    : `${many(family, 'metric')} ${family === 1 ? 'was' : 'were'} tested; two results of the same code show any change in at most ${showPlain(level, 'ratio')} of comparisons (Mann-Whitney, Holm).`
