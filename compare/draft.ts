/**
 * What one series says before the family is known: the effect and the p of each metric, and the rulings that need
 * no statistics.
 */
import { type MetricName, metric } from '../results/metrics.ts'
import type { Measurement } from '../results/result.ts'
import { type Effect, effectOf } from '../statistics/effect-size.ts'
import { mannWhitney } from '../statistics/mann-whitney.ts'
import { usualDemand } from '../statistics/power.ts'
import { certainRuling, openRuling, wrongShares, wrongTotal } from './correctness.ts'
import type { Finding } from './finding.ts'
import type { CorrectnessGate, GatedMetric } from './gated-metrics.ts'
import type { Ruling } from './judge.ts'
import type { SeriesPair } from './pairs.ts'
import { isComparable, type ValidSeries } from './validity.ts'

/** One metric of one series, not yet judged. */
export interface Draft {
  readonly pair: SeriesPair
  readonly gate: GatedMetric
  /** The value of each run that has one. */
  readonly base: readonly number[]
  readonly head: readonly number[]
  readonly effect: Effect
  /** Two-sided; null with one run on a side, where chance has no measure. */
  readonly p: number | null
  /** The ruling that needs no test. */
  readonly certain: Ruling | null
  /** The ruling where the test does not find a change. */
  readonly otherwise: Ruling | null
  /** Deliveries that went wrong in all runs of each side; null for a metric of speed or cost. */
  readonly wrong: Finding['wrong']
}

/** What is judged in a series. */
export interface Gates {
  readonly correctness: readonly CorrectnessGate[]
  /** Speed and cost. */
  readonly others: readonly GatedMetric[]
}

/** What one series says, correctness first. */
export function draftsOf(series: ValidSeries, gates: Gates): Draft[] {
  const { pair, base, head } = series
  const correctness = base.whole.length > 0 && head.whole.length > 0 ? gates.correctness : []
  const others = isComparable(series) ? gates.others : []
  return [
    ...correctness.map(gate => correctnessDraft(pair, gate, base.whole, head.whole)),
    ...others.flatMap(gate => {
      const [before, after] = [valuesOf(gate.metric, base.usable), valuesOf(gate.metric, head.usable)]
      return before.length + after.length === 0 ? [] : drafted(pair, gate, before, after)
    }),
  ]
}

function correctnessDraft(
  pair: SeriesPair,
  gate: CorrectnessGate,
  base: readonly Measurement[],
  head: readonly Measurement[],
): Draft {
  const { metric: name } = gate
  const shares = {
    ...drafted(pair, gate, wrongShares(name, base), wrongShares(name, head)),
    wrong: { base: wrongTotal(name, base), head: wrongTotal(name, head) },
  }
  const certain = certainRuling(name, base, head)
  return certain === null
    ? { ...shares, otherwise: openRuling(name, base, head) }
    : { ...shares, p: null, effect: { value: null, interval: null }, certain }
}

const valuesOf = (name: MetricName, runs: readonly Measurement[]): number[] =>
  runs.flatMap(run => metric(name).read(run) ?? [])

function drafted(
  pair: SeriesPair,
  gate: GatedMetric,
  base: readonly number[],
  head: readonly number[],
): Draft {
  const test = Math.min(base.length, head.length) < 2 ? null : mannWhitney(base, head)
  return {
    pair,
    gate,
    base,
    head,
    effect: effectOf(gate.kind, base, head, usualDemand.confidence),
    p: test?.twoSided ?? null,
    certain: null,
    otherwise: null,
    wrong: null,
  }
}
