/**
 * A history: results of many commits as one series of values for each metric, with the places where the level changed
 * and where something other than the code did. Plain data for the page, the CSV and the terminal.
 */

import { type MetricName, metric } from '../results/metrics.ts'
import { type Reading, readingOf, type Scenario, type Series } from '../results/reading.ts'
import type { Measurement, Result } from '../results/result.ts'
import { changePoints } from '../statistics/change-points.ts'
import { median } from '../statistics/order-statistics.ts'
import { type Difference, differencesOf } from './differences.ts'
import { correctnessMetrics, usuallyGated } from './gated-metrics.ts'
import { pairSeries } from './pairs.ts'
import { sortRuns } from './validity.ts'

/** One commit, or one result that names none. */
export interface TrendPoint {
  /** The whole hash; null where the result does not know it. */
  readonly commit: string | null
  /** When the first of its results was begun. */
  readonly startedAt: string
  /** What differs from the point before, apart from the code; empty where nothing does. */
  readonly differences: readonly Difference[]
}

/** From a point on, a value is at another level. */
export interface TrendChange {
  /** Index of the point. */
  readonly at: number
  /** Medians of the levels, in the metric's stored unit. */
  readonly before: number
  readonly after: number
  /** Whether the change is for the better; null where neither direction is better, or both medians are equal. */
  readonly improved: boolean | null
}

/** One metric of one series over all points. */
export interface TrendLine {
  readonly series: Series
  readonly metric: MetricName
  /** The median of the valid runs of each point; null where there is none. */
  readonly values: readonly (number | null)[]
  readonly changes: readonly TrendChange[]
}

/** A whole history, oldest first. */
export interface Trend {
  /** The version of the newest result. */
  readonly version: string
  readonly points: readonly TrendPoint[]
  readonly scenarios: readonly Scenario[]
  readonly lines: readonly TrendLine[]
}

/** What a history shows unless it is asked for other metrics: what a comparison judges. */
export const trendMetrics: readonly MetricName[] = [
  ...usuallyGated.map(gated => gated.metric),
  ...correctnessMetrics,
]

/** How rarely chance alone may mark anything in a history; its lines share it equally (Bonferroni). */
export const trendLevel = 0.05

/** Results of one commit, in the order of their measuring. */
type Commit = readonly [Reading, ...Reading[]]

/** The commits in the order in which each was first measured; a result without one is a point of its own. */
function commitsOf(results: readonly Result[]): Commit[] {
  const commits = new Map<unknown, Commit>()
  for (const result of results.toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt))) {
    const [key, reading] = [result.environment.gitCommit ?? result, readingOf(result)]
    const known = commits.get(key)
    commits.set(key, known === undefined ? [reading] : [...known, reading])
  }
  return [...commits.values()]
}

const differencesFrom = (before: Reading | undefined, [first]: Commit): Difference[] =>
  before === undefined ? [] : differencesOf(before.result, first.result, pairSeries(before, first).pairs)

const isCorrectness = (name: MetricName): boolean => (correctnessMetrics as readonly string[]).includes(name)

/** The median of one metric over the runs of one point that count for it. */
function middleOf(name: MetricName, runs: readonly Measurement[]): number | null {
  const { usable, whole } = sortRuns(runs)
  const values = (isCorrectness(name) ? whole : usable).flatMap(run => metric(name).read(run) ?? [])
  const known = values.filter(value => !Number.isNaN(value))
  return known.length === 0 ? null : median(known)
}

/** A line whose changes were not looked for yet. */
type BareLine = Omit<TrendLine, 'changes'>

/** @param level how rarely chance may mark this line */
function changesOf({ metric: name, values }: BareLine, level: number): TrendChange[] {
  const known = values.flatMap((value, at) => (value === null ? [] : [{ value, at }]))
  const { better } = metric(name)
  return changePoints(
    known.map(({ value }) => value),
    level,
  ).map(({ index, before, after }) => ({
    at: known[index]?.at ?? index,
    before,
    after,
    improved: better === 'neither' || after === before ? null : after < before === (better === 'lower'),
  }))
}

/** One metric of one series; null where no point has a value, or all are 0 and there is nothing to see. */
function lineOf(
  series: Series,
  name: MetricName,
  pointOf: ReadonlyMap<Measurement, number>,
  points: number,
): BareLine | null {
  const runs = Map.groupBy(series.runs, run => pointOf.get(run))
  const values = Array.from({ length: points }, (_, at) => middleOf(name, runs.get(at) ?? []))
  return values.every(value => value === null || value === 0) ? null : { series, metric: name, values }
}

/**
 * The history of some results.
 * @param results at least one, in any order
 * @param names the metrics to follow
 */
export function trendOf(
  results: readonly [Result, ...Result[]],
  names: readonly MetricName[] = trendMetrics,
): Trend {
  const commits = commitsOf(results)
  const newest = commits.at(-1)?.at(-1)?.result ?? results[0]
  const pointOf = new Map(
    commits.flatMap((ofCommit, at) =>
      ofCommit.flatMap(({ result }) => result.measurements.map(run => [run, at] as const)),
    ),
  )
  const { scenarios } = readingOf({ ...newest, measurements: [...pointOf.keys()] })
  const lines = scenarios.flatMap(({ series }) =>
    series.flatMap(each => names.flatMap(name => lineOf(each, name, pointOf, commits.length) ?? [])),
  )
  return {
    version: newest.tool.version,
    points: commits.map((ofCommit, at) => ({
      commit: ofCommit[0].result.environment.gitCommit,
      startedAt: ofCommit[0].result.startedAt,
      differences: differencesFrom(commits[at - 1]?.at(-1), ofCommit),
    })),
    scenarios,
    lines: lines.map(line => ({ ...line, changes: changesOf(line, trendLevel / lines.length) })),
  }
}
