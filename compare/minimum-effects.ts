/** The least effects that matter, as a user writes them: `latency.p99=20%`, `emptyRatio=0.05`, `errors.total=3`. */

import type { Parsed } from '../model/quantity.ts'
import { unknownName } from '../model/usage-error.ts'
import { findMetric } from '../results/metrics.ts'
import {
  correctnessMetrics,
  type GatedMetric,
  gatedMetrics,
  gatedMetricsWith,
  type MetricLevels,
  type MinimumEffects,
} from './gated-metrics.ts'

/**
 * Reads `<metric>=<size>` texts: of a metric that is judged by its ratio a size in per cent, otherwise a plain number
 * in the metric's unit. A metric that is given twice takes the later size.
 * @param levels what the user made of each metric: one that is off has no effect
 */
export function readMinimumEffects(
  texts: readonly string[],
  levels: MetricLevels = {},
): Parsed<MinimumEffects> {
  const judged = gatedMetricsWith({}, levels)
  const sizes: Record<string, number> = {}
  for (const text of texts) {
    const [, name = '', size = ''] = /^\s*([^=\s]+)\s*=\s*(\S+)\s*$/.exec(text) ?? []
    if (name === '')
      return { problem: `"${text}" is not <metric>=<size>: write it like latency.p99=20% or emptyRatio=0.05` }
    const gate = judged.find(({ metric }) => metric === name)
    if (gate === undefined) return { problem: unjudged(name, judged) }
    const parsed = readSize(gate, size)
    if ('problem' in parsed) return parsed
    sizes[name] = parsed.value
  }
  return { value: sizes }
}

/** Why a metric has no minimum effect. */
function unjudged(name: string, judged: readonly GatedMetric[]): string {
  const names = judged.map(({ metric }) => metric)
  if (correctnessMetrics.some(each => each === name))
    return `${name} has no minimum effect: any that is new is a regression`
  if (gatedMetrics.some(({ metric }) => metric === name))
    return `${name} is off, so that its effect never matters: choose from ${names.join(', ')}`
  return findMetric(name) === undefined
    ? unknownName('metric', name, names)
    : `a comparison does not judge ${name}: choose from ${names.join(', ')}`
}

function readSize({ metric, kind, unit }: GatedMetric, text: string): Parsed<number> {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? []
  const value = Number(number)
  const example = unit === 'ratio' ? '0.05' : '3'
  const right =
    kind === 'ratio'
      ? `${metric} changes by a ratio: write it in per cent, like 20%`
      : `${metric} changes by a difference: write it as a plain number, like ${example}`
  if (number === undefined || (percent === '%') !== (kind === 'ratio'))
    return { problem: `"${text}" is not a minimum effect, ${right}` }
  if (value === 0)
    return { problem: `"${text}" is not a minimum effect above 0, within which nothing would ever lie` }
  return { value: kind === 'ratio' ? value / 100 : value }
}
