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

/**
 * What a regression of a metric does.
 * - `error`: it fails the gate
 * - `warn`: it is shown and never fails
 * - `off`: the metric is not compared, and takes no part in the error rate that the others share
 */
export const levels = ['error', 'warn', 'off'] as const
export type Level = (typeof levels)[number]

/** How one metric is judged. */
export interface GatedMetric {
  readonly metric: MetricName
  readonly kind: EffectKind
  /** Of the values that are compared. */
  readonly unit: MetricUnit
  readonly minimum: MinimumEffect
  /** Unless the user gives another. */
  readonly level: Level
}

const gated = <N extends MetricName>(
  name: N,
  kind: EffectKind,
  minimum: MinimumEffect,
  level: Level = 'error',
): GatedMetric & { readonly metric: N } => ({ metric: name, kind, unit: metric(name).unit, minimum, level })

/** In the order that reports show. Direction and unit are those of the catalogue of metrics. */
const catalogue = [
  gated('latency.p50', 'ratio', { relative: 0.1 }),
  gated('latency.p99', 'ratio', { relative: 0.1 }),
  gated('egress.perDelivery', 'ratio', { relative: 0.01 }),
  // No network bills it, and of a stream it is 0, which has no ratio.
  gated('ingress.perDelivery', 'difference', { relative: 0.01, absolute: 1 }, 'warn'),
  // The sum of the two, which gates compared before.
  gated('bytes.perDelivery', 'ratio', { relative: 0.01 }, 'off'),
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

/** Every metric that a comparison can judge by its speed or cost. */
export const gatedMetrics: readonly GatedMetric[] = catalogue

/** Those that it judges unless the user says otherwise. */
export const usuallyGated: readonly GatedMetric[] = gatedMetrics.filter(({ level }) => level !== 'off')

/** Counts of which any new one is a regression, whatever the speed and the number of runs. */
export const correctnessMetrics = [
  'events.lost',
  'events.duplicated',
  'events.outOfOrder',
] as const satisfies readonly MetricName[]

/** One of them. */
export type CorrectnessMetric = (typeof correctnessMetrics)[number]

/** A metric that a gate judges. */
export type GateName = (typeof catalogue)[number]['metric'] | CorrectnessMetric

/** All of them: speed and cost first. */
export const gateNames: readonly GateName[] = [...catalogue.map(each => each.metric), ...correctnessMetrics]

/** Levels that a user sets, in place of the usual ones. */
export type MetricLevels = Readonly<Partial<Record<GateName, Level>>>

/** Wrong deliveries of one kind: judged as a share of the deliveries that were due, where the base has some too. */
export type CorrectnessGate = GatedMetric & { readonly metric: CorrectnessMetric }

const shareOfWrong = (name: CorrectnessMetric): CorrectnessGate => ({
  ...gated(name, 'difference', { relative: 0.1 }),
  unit: 'ratio',
})

/** The counts of wrong deliveries that are judged, with the user's levels. */
export const correctnessGates = (own: MetricLevels): CorrectnessGate[] =>
  correctnessMetrics
    .map(name => ({ ...shareOfWrong(name), level: own[name] ?? 'error' }))
    .filter(({ level }) => level !== 'off')

/** Minimum effects that a user sets: of a ratio the relative one, otherwise in the metric's stored unit. */
export type MinimumEffects = Partial<Record<MetricName, number>>

/** The metrics that are judged, with the user's minimum effects and levels in place of the usual ones. */
export const gatedMetricsWith = (effects: MinimumEffects, own: MetricLevels = {}): GatedMetric[] =>
  catalogue
    .map(each => ({ ...withEffect(each, effects[each.metric]), level: own[each.metric] ?? each.level }))
    .filter(({ level }) => level !== 'off')

function withEffect(gate: GatedMetric, value: number | undefined): GatedMetric {
  if (value === undefined) return gate
  return { ...gate, minimum: gate.kind === 'ratio' ? { relative: value } : { absolute: value } }
}

/** The least size of an effect that matters, against these values of the base. */
export function minimumSize(kind: EffectKind, minimum: MinimumEffect, base: readonly number[]): number {
  const { relative = 0, absolute = 0 } = minimum
  if (kind === 'ratio') return relative
  return base.length === 0 ? absolute : Math.max(absolute, relative * Math.abs(median(base)))
}
