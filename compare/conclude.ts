/** From a draft to a finding, once the family is known. */
import { metric } from '../results/metrics.ts'
import { type EffectKind, effectKinds } from '../statistics/effect-size.ts'
import { median } from '../statistics/order-statistics.ts'
import { shamos } from '../statistics/shamos.ts'
import { type Calibration, calibratedNoise } from './calibration.ts'
import type { Draft } from './draft.ts'
import type { Family } from './family.ts'
import type { Finding, Sample } from './finding.ts'
import { minimumSize } from './gated-metrics.ts'
import { judge } from './judge.ts'

/** What all findings of a comparison share. */
export interface Terms {
  readonly family: Family
  readonly calibration: Calibration | undefined
  /** How long one run of everything takes on both sides together; null where that is not known. */
  readonly secondsPerRun: number | null
}

/** Judges one metric of one series. */
export function conclude(draft: Draft, { family, calibration, secondsPerRun }: Terms): Finding {
  const { pair, gate, base, head, effect, p, certain, otherwise } = draft
  const usual = minimumSize(gate.kind, gate.minimum, base)
  const resolved = calibration === undefined ? null : resolution(draft, family, calibration)
  const minimum = Math.max(usual, resolved ?? 0)
  const adjustedP = family.adjusted.get(draft) ?? null
  const evidence = {
    metric: gate.metric,
    kind: gate.kind,
    unit: gate.unit,
    baseRuns: base.length,
    headRuns: head.length,
    spread: spreadOf(gate.kind, [...base, ...head]),
    noise: noiseOf(gate.kind, [base, head]),
    effect,
    minimum,
    p,
    adjustedP: p === null ? null : adjustedP,
    secondsPerRun,
  }
  const tested = judge(evidence, family.demand)
  const changed = tested.verdict === 'regressed' || tested.verdict === 'improved'
  return {
    series: pair.label,
    technique: pair.technique,
    scenario: pair.scenario,
    metric: gate.metric,
    unit: gate.unit,
    better: metric(gate.metric).better,
    level: gate.level === 'warn' ? 'warn' : 'error',
    kind: gate.kind,
    base: sampleOf(base),
    head: sampleOf(head),
    wrong: draft.wrong,
    effect: effect.value,
    interval: effect.interval,
    minimumEffect: minimum,
    minimumRaisedFrom: minimum > usual ? usual : null,
    p,
    adjustedP: evidence.adjustedP,
    ...(certain ?? (changed ? tested : (otherwise ?? tested))),
  }
}

/** The scatter between the runs of a side, root mean square over the sides; 0 where no side has two runs. */
function noiseOf(kind: EffectKind, sides: readonly (readonly number[])[]): number {
  const noises = sides.flatMap(values => shamos(values.map(effectKinds[kind].scaled)) ?? [])
  return noises.length === 0 ? 0 : Math.hypot(...noises) / Math.sqrt(noises.length)
}

/** The size of the effect from the least to the largest of some values. */
function spreadOf(kind: EffectKind, values: readonly number[]): number {
  const { scale, size } = effectKinds[kind]
  return values.length === 0 ? 0 : size(scale.contrast(Math.min(...values), Math.max(...values)))
}

const sampleOf = (values: readonly number[]): Sample => ({
  runs: values.length,
  median: values.length === 0 ? null : median(values),
  values,
})

/** The least effect that as many runs can find in the noise of the machine; null where it was not calibrated. */
function resolution(
  { pair, gate, base, head }: Draft,
  { power }: Family,
  calibration: Calibration,
): number | null {
  const noise = calibratedNoise(calibration, pair.baseLabel, pair.scenario, gate)
  return noise === null ? null : power.detectable(noise, Math.min(base.length, head.length))
}
