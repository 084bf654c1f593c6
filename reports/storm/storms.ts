/** The storms of a result, arranged for reading: what one fault did to all techniques and policies stands together. */
import { metric } from '../../results/metrics.ts'
import type { Measurement, Result } from '../../results/result.ts'
import type { Storm } from '../../results/storm-schema.ts'
import { faulted, middleRun, type Series } from '../series.ts'

/** All series of one scenario that met the same fault; at least one. */
export interface StormGroup {
  readonly scenario: string
  /** The fault as short as it stays distinct. */
  readonly fault: string
  /** The fault with its parameters, as `--fault` reads it. */
  readonly faultText: string
  readonly series: readonly Series[]
}

/** The groups in the order in which they first appear. */
export const stormGroups = (result: Result): StormGroup[] =>
  faulted(result).flatMap(({ name, series }) =>
    [...Map.groupBy(series, each => each.fault ?? '')].map(([fault, ofFault]) => ({
      scenario: name,
      fault,
      faultText: ofFault[0]?.runs[0].workload.fault ?? fault,
      series: ofFault,
    })),
  )

/** One series with the storm that stands for it. */
export interface Told {
  readonly series: Series
  readonly run: Measurement
  readonly storm: Storm
}

/** Each series with its storm, that of the middle run by t99; a series whose runs ended before the storm has none. */
export const toldOf = (all: readonly Series[]): Told[] =>
  all.flatMap(series => {
    const [first, ...rest] = series.runs.filter(run => run.storm !== undefined)
    if (first === undefined) return []
    const run = middleRun({ ...series, runs: [first, ...rest] }, metric('storm.backP99').read)
    return run.storm === undefined ? [] : { series, run, storm: run.storm }
  })

/** The series of a group by technique, in the order in which they first appear. */
export const byTechnique = (told: readonly Told[]): [string, Told[]][] => [
  ...Map.groupBy(told, ({ series }) => series.name),
]

/** A series among others that met the same fault: the fault goes without saying, and a backoff that all share. */
export const rowName = (series: Series, others: readonly Series[]): string =>
  others.some(each => each.backoff !== series.backoff) ? `${series.name} · ${series.backoff}` : series.name
