/**
 * The JSON that github-action-benchmark reads with `tool: customSmallerIsBetter`: an array of entries with a name, a
 * unit and a value, of which less is better. See the README of benchmark-action/github-action-benchmark.
 */
import { correctnessMetrics, usuallyGated } from '../../compare/gated-metrics.ts'
import { across } from '../../results/across-runs.ts'
import { type MetricName, metric } from '../../results/metrics.ts'
import type { Reading, Series } from '../../results/reading.ts'
import { many } from '../display.ts'

/** One entry, as the action's documentation names its fields. */
interface Entry {
  readonly name: string
  readonly unit: string
  readonly value: number
  /** The smallest and the largest run; absent with one run, which has no spread. */
  readonly range?: string
  readonly extra: string
}

const speed = usuallyGated.map(gated => gated.metric).filter(name => metric(name).better === 'lower')

function entryOf(series: Series, name: MetricName): Entry[] {
  const { unit } = metric(name)
  const spread = across(series, name)
  // JSON has no number for a time that never came.
  if (spread === null || !Number.isFinite(spread.median)) return []
  const runs = series.runs.length
  return [
    {
      name: `${series.scenario}: ${series.label}, ${name}`,
      unit,
      value: spread.median,
      ...(runs > 1 && { range: `${spread.min} to ${spread.max}` }),
      extra: runs > 1 ? `median of ${many(runs, 'run')}` : 'one run',
    },
  ]
}

/** The entries, ending in a line feed. A series that failed has only what it lost: its speed means nothing. */
export function renderActionBenchmark({ scenarios }: Reading): string {
  const entries = scenarios
    .flatMap(({ series }) => series)
    .flatMap(series =>
      [...correctnessMetrics, ...(series.state === 'passed' ? speed : [])].flatMap(name =>
        entryOf(series, name),
      ),
    )
  return `${JSON.stringify(entries, null, 1)}\n`
}
