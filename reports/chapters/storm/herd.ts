/** Herds: events that everybody is answered with at once, and the second events that came soon after them. */

import type { Series } from '../../../results/reading.ts'
import type { StormPulse } from '../../../results/result.ts'

/** What became of second events that came one and the same share of the re-arm gap after the first. */
export interface SecondEvent {
  /** Time after the first event, in units of the median re-arm gap. */
  readonly gapShare: number
  /** Deliveries that met a request which waited for them. */
  readonly metArmed: number
  /** Deliveries that lay in the log until the client had asked again. */
  readonly waited: number
  readonly lost: number
}

/** All deliveries that were due, however they went. */
export const dueOf = ({ metArmed, waited, lost }: SecondEvent): number => metArmed + waited + lost

/** The events of all runs of a series. */
export const pulsesOf = (series: Series): StormPulse[] => series.runs.flatMap(run => run.storm?.pulses ?? [])

/** The second events of all runs of a series, by their share of the gap, ascending. */
export function secondEvents(series: Series): SecondEvent[] {
  const close = pulsesOf(series).flatMap(pulse =>
    pulse.gapShare === null ? [] : { ...pulse, gapShare: Number(pulse.gapShare.toFixed(2)) },
  )
  return [...Map.groupBy(close, ({ gapShare }) => gapShare)]
    .map(([gapShare, pulses]) => ({
      gapShare,
      metArmed: pulses.reduce((sum, each) => sum + each.metArmed, 0),
      waited: pulses.reduce((sum, each) => sum + each.waited, 0),
      lost: pulses.reduce((sum, each) => sum + each.lost, 0),
    }))
    .toSorted((a, b) => a.gapShare - b.gapShare)
}
