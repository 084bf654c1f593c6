/**
 * The metrics that a comparison judges, how an effect on each is stated, and the least effect that matters.
 * A gate asks about few metrics: each more makes it harder to be sure of any (see {@link holm}).
 */
import { type MetricName, type MetricUnit, metric } from '../results/metrics.ts'
import type { EffectKind } from '../statistics/effect-size.ts'
import { median } from '../statistics/order-statistics.ts'

/** The least effect that matters; of the two, the larger. */
export interface MinimumEffect {
  /** Relative to the base: 0.1 is 10 %. */
  readonly relative?: number
  /** In the metric's stored unit. */
  readonly absolute?: number
}

/** How one metric is judged. */
export interface GatedMetric {
  readonly metric: MetricName
  readonly kind: EffectKind
  /** Of the values that are compared. */
  readonly unit: MetricUnit
  readonly minimum: MinimumEffect
}

const gated = (name: MetricName, kind: EffectKind, minimum: MinimumEffect): GatedMetric => ({
  metric: name,
  kind,
  unit: metric(name).unit,
  minimum,
})

/** In the order that reports show. Direction and unit are those of the catalogue of metrics. */
export const gatedMetrics: readonly GatedMetric[] = [
  gated('latency.p50', 'ratio', { relative: 0.1 }),
  gated('latency.p99', 'ratio', { relative: 0.1 }),
  gated('bytes.perDelivery', 'ratio', { relative: 0.01 }),
  gated('server.cpuPerDelivery', 'ratio', { relative: 0.1 }),
  gated('server.rssPerClient', 'ratio', { relative: 0.1 }),
  gated('emptyRatio', 'difference', { absolute: 0.02 }),
  gated('responses.perDelivery', 'difference', { relative: 0.1, absolute: 0.02 }),
  gated('clients.reconnects', 'difference', { relative: 0.1, absolute: 1 }),
  gated('errors.total', 'difference', { relative: 0.1, absolute: 1 }),
  gated('ceiling.requestsPerSecond', 'ratio', { relative: 0.1 }),
  // Of storms alone.
  gated('storm.peakArrivals', 'ratio', { relative: 0.1 }),
  gated('storm.backP99', 'ratio', { relative: 0.1 }),
  gated('storm.neverBack', 'difference', { relative: 0.1, absolute: 1 }),
]

/** Counts of which any new one is a regression, whatever the speed and the number of runs. */
export const correctnessMetrics = [
  'events.lost',
  'events.duplicated',
  'events.outOfOrder',
] as const satisfies readonly MetricName[]

/** One of them. */
export type CorrectnessMetric = (typeof correctnessMetrics)[number]

/** How wrong deliveries are judged where the base has some too: as a share of the deliveries that were due. */
export const shareOfWrong = (name: CorrectnessMetric): GatedMetric => ({
  ...gated(name, 'difference', { relative: 0.1 }),
  unit: 'ratio',
})

/** Minimum effects that a user sets: of a ratio the relative one, otherwise in the metric's stored unit. */
export type MinimumEffects = Partial<Record<MetricName, number>>

/** The metrics with the user's minimum effects in place of the defaults. */
export const gatedMetricsWith = (own: MinimumEffects): GatedMetric[] =>
  gatedMetrics.map(each => {
    const value = own[each.metric]
    if (value === undefined) return each
    return { ...each, minimum: each.kind === 'ratio' ? { relative: value } : { absolute: value } }
  })

/** The least size of an effect that matters, against these values of the base. */
export function minimumSize(kind: EffectKind, minimum: MinimumEffect, base: readonly number[]): number {
  const { relative = 0, absolute = 0 } = minimum
  if (kind === 'ratio') return relative
  return base.length === 0 ? absolute : Math.max(absolute, relative * Math.abs(median(base)))
}
