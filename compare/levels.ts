/** What a regression of each metric does to the gate, as a user writes it: `latency.p99=error,emptyRatio=off`. */
import type { Parsed } from '../model/quantity.ts'
import { unknownName } from '../model/usage-error.ts'
import { findMetric } from '../results/metrics.ts'
import { type GateName, gateNames, type Level, levels, type MetricLevels } from './gated-metrics.ts'

/**
 * Reads `<metric>=<level>` texts, several in one separated by commas. A metric that is given twice takes the later
 * level.
 */
export function readLevels(texts: readonly string[]): Parsed<MetricLevels> {
  const read: Partial<Record<GateName, Level>> = {}
  for (const text of texts.flatMap(each => each.split(','))) {
    const [, name = '', level = ''] = /^\s*([^=\s]+)\s*=\s*(\S+)\s*$/.exec(text) ?? []
    if (name === '') return { problem: `"${text.trim()}" is not <metric>=<level>: write it like ${example}` }
    const metric = gateNames.find(each => each === name)
    if (metric === undefined) return { problem: unjudged(name) }
    const known = levels.find(each => each === level)
    if (known === undefined) return { problem: `${name}: ${unknownName('level', level, levels)}` }
    read[metric] = known
  }
  return { value: read }
}

const example = 'latency.p99=error, server.rssPerClient=warn or emptyRatio=off'

/** Why a name has no level. */
function unjudged(name: string): string {
  if (name === 'runs.valid') return 'runs.valid has no level: a run that the server breaks always fails'
  return findMetric(name) === undefined
    ? unknownName('metric', name, gateNames)
    : `a comparison does not judge ${name}: choose from ${gateNames.join(', ')}`
}
