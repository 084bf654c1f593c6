/** The storms of a result, arranged for reading: all techniques and policies that met one fault form a group. */

import { middleRun, typical } from '../../../results/across-runs.ts'
import type { Reading, Series } from '../../../results/reading.ts'
import type { Measurement, Storm } from '../../../results/result.ts'

/** All series of one scenario that met the same fault; at least one. */
export interface StormGroup {
  readonly scenario: string
  /** The fault as short as it stays distinct. */
  readonly fault: string
  /** The fault with its parameters, as `--fault` reads it. */
  readonly faultText: string
  readonly series: readonly Series[]
}

/** A quantile of fewer clients than this is no quantile: the 99th percentile of 7 clients is the slowest of them. */
export const fewestAffected = 100

/** The groups in the order in which they first appear. */
export const stormGroups = ({ faulted }: Reading): StormGroup[] =>
  faulted.flatMap(({ name, series }) =>
    [...Map.groupBy(series, each => each.fault ?? '')].map(([fault, ofFault]) => ({
      scenario: name,
      fault,
      faultText: ofFault[0]?.runs[0].workload.fault ?? fault,
      series: ofFault,
    })),
  )

/** One series with the storm of its middle run. */
export interface SeriesStorm {
  readonly series: Series
  readonly run: Measurement
  readonly storm: Storm
}

/** Each series with the storm of its middle run by t99; a series whose runs ended before the storm has none. */
export const stormsOf = (all: readonly Series[]): SeriesStorm[] =>
  all.flatMap(series => {
    const [first, ...rest] = series.runs.filter(run => run.storm !== undefined)
    if (first === undefined) return []
    const run = middleRun({ ...series, runs: [first, ...rest] }, 'storm.backP99')
    return run.storm === undefined ? [] : { series, run, storm: run.storm }
  })

/**
 * What a storm is shown by: the arrivals of clients that reconnect, requests on open connections, or, where no client
 * lost its connection to the fault, the latency.
 */
export type Shape = 'connections' | 'requests' | 'latency'

/** What a storm is shown by. */
export function shapeOf({ series, storm }: SeriesStorm): Shape {
  if (storm.of === 'requests') return 'requests'
  return storm.of === 'connections' && (typical(series, 'storm.affected') ?? 0) > 0
    ? 'connections'
    : 'latency'
}

/** The series of a group by backoff policy, in the order in which they first appear. */
export const byPolicy = (storms: readonly SeriesStorm[]): [string, SeriesStorm[]][] => [
  ...Map.groupBy(storms, ({ series }) => series.backoff),
]

/** A series among others that met the same fault: the fault goes without saying, and a backoff that all share. */
export const rowName = (series: Series, others: readonly Series[]): string =>
  others.some(each => each.backoff !== series.backoff) ? `${series.name} · ${series.backoff}` : series.name
