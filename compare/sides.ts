/** The two results of a comparison: where each comes from, and how long they took to measure. */
import type { Reading } from '../results/reading.ts'
import type { Measurement, Result, Workload } from '../results/result.ts'

/** Where one of the results comes from. */
export interface Side {
  /** What the user called it: a file, a folder, a module or a command. */
  readonly name: string
  readonly startedAt: string
  readonly toolVersion: string
  readonly gitCommit: string | null
  readonly measurements: number
  /** How many runs each series has, in the order of the result. */
  readonly runsOfSeries: readonly number[]
  readonly machine: Pick<Result['environment'], 'cpu' | 'cores' | 'memoryBytes' | 'kernel' | 'node'>
  /** What was measured, scenario by scenario. */
  readonly scenarios: readonly SideScenario[]
}

/** One scenario of a result. */
export interface SideScenario {
  readonly name: string
  readonly techniques: readonly string[]
  /** Each different one, but for the seed. */
  readonly workloads: readonly Workload[]
}

/** @param name what the user called the result */
export function sideOf(name: string, { result, scenarios }: Reading): Side {
  const { startedAt, tool, environment, measurements } = result
  const { gitCommit, cpu, cores, memoryBytes, kernel, node } = environment
  return {
    name,
    startedAt,
    toolVersion: tool.version,
    gitCommit,
    measurements: measurements.length,
    runsOfSeries: scenarios.flatMap(({ series }) => series.map(({ runs }) => runs.length)),
    machine: { cpu, cores, memoryBytes, kernel, node },
    scenarios: [...Map.groupBy(measurements, ({ scenario }) => scenario)].map(([scenario, runs]) => ({
      name: scenario,
      techniques: [...new Set(runs.map(({ technique }) => technique))],
      workloads: distinct(runs.map(workloadOf)),
    })),
  }
}

/** The workload with the window that was asked for, where a run failed: what broke in the middle of it was to be longer. */
const workloadOf = ({ passed, workload }: Measurement): Workload =>
  passed ? workload : { ...workload, durationMicros: workload.durationAskedMicros ?? workload.durationMicros }

function distinct(workloads: readonly Workload[]): Workload[] {
  const known = new Map(workloads.map(each => [JSON.stringify({ ...each, seed: 0 }), each]))
  return [...known.values()]
}

/** When something began and ended, in milliseconds since 1970. */
interface Span {
  readonly from: number
  readonly to: number
  /** Repetitions within it. */
  readonly runs: number
}

const spanOf = ({ startedAt, finishedAt, measurements }: Result): Span => ({
  from: Date.parse(startedAt),
  to: Date.parse(finishedAt),
  runs: new Set(measurements.map(({ run }) => run)).size,
})

/**
 * How long one run of everything took on both sides together, in seconds; null where the results do not say. Sides
 * that overlap in time were measured alternately: each ended within the time of the other.
 */
export function secondsPerRun(base: Result, head: Result): number | null {
  const [one, other] = [spanOf(base), spanOf(head)]
  const overlap = one.from !== other.from && one.from < other.to && other.from < one.to
  const spans = overlap
    ? [
        {
          from: Math.min(one.from, other.from),
          to: Math.max(one.to, other.to),
          runs: Math.max(one.runs, other.runs),
        },
      ]
    : [one, other]
  const seconds = spans.reduce((sum, { from, to, runs }) => sum + (to - from) / 1_000 / runs, 0)
  return seconds > 0 && Number.isFinite(seconds) ? seconds : null
}
