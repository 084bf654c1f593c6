/**
 * A result's measurements, arranged for reading: by scenario, then by technique, with the repetitions of one
 * technique as one series. Where a series has several runs, a value is the median run's.
 */
import type { Metric } from '../measure/metrics.ts'
import type { Measurement, Result } from '../measure/result.ts'

/** `aborted` where a signal ended the measuring, `failed` where a run was invalid for another reason. */
export type State = 'passed' | 'failed' | 'aborted'

/** All runs of one technique with the same settings in one scenario. */
export interface Series {
  /** The technique's name, with the settings that tell it apart where one technique stands in a scenario twice. */
  readonly label: string
  readonly technique: string
  readonly scenario: string
  /** At least one, in the order of the result. */
  readonly runs: readonly [Measurement, ...Measurement[]]
  readonly state: State
  /** Why runs are invalid, each reason once; empty when the state is `passed`. */
  readonly reasons: readonly string[]
}

/** All series of one scenario, in the order of the result. */
export interface Scenario {
  readonly name: string
  readonly series: readonly Series[]
}

/** A value across runs. With one run, all three are the same. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

const settingsKey = (measurement: Measurement): string =>
  JSON.stringify(Object.entries(measurement.settings).sort(([a], [b]) => (a < b ? -1 : 1)))

const grouped = (measurements: readonly Measurement[], key: (m: Measurement) => string) => [
  ...Map.groupBy(measurements, key).values(),
]

/** How the runs of one series went, as one word. One invalid run spoils the series: it may not be chance. */
function stateOf(runs: readonly Measurement[]): State {
  if (runs.every(run => run.passed)) return 'passed'
  const spoiled = runs.filter(run => !run.passed)
  return spoiled.every(run => run.warnings.some(warning => warning.code === 'aborted')) ? 'aborted' : 'failed'
}

/** The settings in which `runs` differs from the other variants of its technique, as text. */
function distinction(runs: readonly Measurement[], variants: readonly (readonly Measurement[])[]): string {
  const own = runs[0]?.settings ?? {}
  const differs = (name: string) => variants.some(other => other[0]?.settings[name] !== own[name])
  return Object.entries(own)
    .filter(([name]) => differs(name))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

function seriesOf(scenario: string, variants: readonly Measurement[][]): Series[] {
  return variants.flatMap(([first, ...rest]) => {
    if (first === undefined) return []
    const runs: [Measurement, ...Measurement[]] = [first, ...rest]
    const suffix = variants.length > 1 ? distinction(runs, variants) : ''
    return {
      label: suffix === '' ? first.technique : `${first.technique} (${suffix})`,
      technique: first.technique,
      scenario,
      runs,
      state: stateOf(runs),
      reasons: [...new Set(runs.flatMap(run => run.failures))],
    }
  })
}

/** The result's scenarios in their order, each with its series. */
export function scenarios(result: Result): Scenario[] {
  return grouped(result.measurements, m => m.scenario).map(ofScenario => {
    const name = ofScenario[0]?.scenario ?? ''
    const series = grouped(ofScenario, m => m.technique).flatMap(ofTechnique =>
      seriesOf(name, grouped(ofTechnique, settingsKey)),
    )
    return { name, series }
  })
}

/** Median, the mean of the two middle values where their number is even; null for none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2
}

/** A number of every run, summed up; null where no run has it. */
export function across(series: Series, read: Metric['read']): Spread | null {
  const values = series.runs.flatMap(run => {
    const value = read(run)
    return value !== null && Number.isFinite(value) ? value : []
  })
  const middle = median(values)
  return middle === null ? null : { median: middle, min: Math.min(...values), max: Math.max(...values) }
}

/** The median across runs; null where no run has the number. */
export const typical = (series: Series, read: Metric['read']): number | null =>
  across(series, read)?.median ?? null

/** The run in the middle by p99 latency: the one whose timeline stands for its series. */
export function middleRun(series: Series): Measurement {
  const ranked = series.runs.toSorted((a, b) => (a.latencyMicros?.p99 ?? 0) - (b.latencyMicros?.p99 ?? 0))
  return ranked[(ranked.length - 1) >> 1] ?? series.runs[0]
}

/** The largest number of runs that a series of the result has. */
export const mostRuns = (all: readonly Scenario[]): number =>
  Math.max(0, ...all.flatMap(scenario => scenario.series.map(each => each.runs.length)))
