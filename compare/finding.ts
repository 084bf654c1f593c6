/** What a comparison says of one metric of one series: plain data, for every report alike. */
import type { Better, MetricName, MetricUnit } from '../results/metrics.ts'
import type { EffectKind } from '../statistics/effect-size.ts'
import type { Interval } from '../statistics/hodges-lehmann.ts'
import type { Level } from './gated-metrics.ts'

/** `inconclusive` says nothing about the code: it asks for more runs. */
export type Verdict = 'regressed' | 'improved' | 'unchanged' | 'inconclusive'

/** A metric, or whether the runs were valid at all. */
export type FindingName = MetricName | 'runs.valid'

/** The runs of one side. */
export interface Sample {
  /** Runs that have a value. */
  readonly runs: number
  /** In the unit of the finding; null without runs. */
  readonly median: number | null
  /** One of each run, in the order of the result. */
  readonly values: readonly number[]
}

/** One metric of one series. */
export interface Finding {
  /** The technique, with its settings, fault or backoff where it stands in the scenario more than once. */
  readonly series: string
  readonly technique: string
  readonly scenario: string
  readonly metric: FindingName
  /** Of the values: the metric's stored unit, but `ratio` for wrong deliveries, as a share of those due. */
  readonly unit: MetricUnit
  readonly better: Better
  /** Whether a regression fails the gate (`error`) or is only shown (`warn`). */
  readonly level: Exclude<Level, 'off'>
  readonly kind: EffectKind
  readonly base: Sample
  readonly head: Sample
  /** Deliveries that went wrong in all runs of each side; null for a metric that counts none. */
  readonly wrong: { readonly base: number; readonly head: number } | null
  /**
   * Head / base for a `ratio`, head - base otherwise: the Hodges-Lehmann estimate, the median over all pairs of runs;
   * `Infinity` to a time that never came or from 0; null where there is none or none is needed.
   */
  readonly effect: number | null
  /** Of the effect, at 95 % for this metric alone; null with fewer than 4 runs a side that are not all the same. */
  readonly interval: Interval | null
  /** The least effect that matters: of a `ratio` the relative change, otherwise in `unit`. */
  readonly minimumEffect: number
  /** What the least effect would be on a machine with less noise; null where the calibration raised nothing. */
  readonly minimumRaisedFrom: number | null
  /** Two-sided, exact; null with one run on a side, and where no test decides. */
  readonly p: number | null
  /** After Holm, over all tested metrics of the comparison. */
  readonly adjustedP: number | null
  readonly verdict: Verdict
  /** Why, in one sentence without a full stop. */
  readonly reason: string
  /** Runs a side that would probably decide; null where it is decided, or no sensible number would. */
  readonly runsNeeded: number | null
  /** True where `runsNeeded` is only the least that the test can use; absent otherwise. */
  readonly runsNeededIsLeast?: true
}

/** True where a side has no valid run and no verdict follows from that: the comparison failed, however many runs follow. */
export const lacksRuns = ({ metric, verdict, base, head }: Finding): boolean =>
  metric === 'runs.valid' &&
  verdict === 'inconclusive' &&
  [base, head].some(({ values }) => !values.includes(1))
