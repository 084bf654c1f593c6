/** What the charts of one fault share: the axis of time with the fault on it, and the rows of their tables. */
import { stormWindow } from '../../../simulation/storm-figures.ts'
import { showSpan } from '../../display.ts'
import type { LinesChart } from '../figure.ts'
import { timeTicks } from '../timeline-figures.ts'
import type { SeriesStorm } from './storms.ts'

/** A table for reading: the windows themselves are in results.json. */
const mostRows = 24
/** How much of the time before the fault is shown. */
export const beforeFault = 10 * stormWindow

/** A stretch of time whose instants count from the fault. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** What all charts of one fault show, so that they can be laid side by side. */
export function spanOf(storms: readonly SeriesStorm[]): Span {
  const ends = storms.flatMap(({ storm }) =>
    [...storm.connected, ...storm.arrivals, ...storm.accepted].map(
      ({ atMicros }) => atMicros + stormWindow - storm.faultAtMicros,
    ),
  )
  const windows = Math.ceil(ends.reduce((a, b) => Math.max(a, b), beforeFault) / stormWindow)
  return { from: -beforeFault, to: (windows + 2) * stormWindow }
}

/** When everything was as before, from the fault; empty where it always was. */
export const returnsOf = (storms: readonly SeriesStorm[]): number[] =>
  storms.flatMap(({ storm }) =>
    storm.serverBackAtMicros === null ? [] : storm.serverBackAtMicros - storm.faultAtMicros,
  )

/** What happens at the return: stalled clients read again, or the server can be reached. */
const returnName = (storms: readonly SeriesStorm[]): string =>
  storms[0]?.storm.of === 'deliveries' ? 'reading again' : 'server back'

/** The axis of time with the fault and the return on it. */
export function timeAxis(
  storms: readonly SeriesStorm[],
  { from, to }: Span,
): Pick<LinesChart, 'x' | 'shade' | 'uprights'> {
  const returns = returnsOf(storms)
  const back = returns.length === 0 ? null : Math.min(...returns)
  return {
    x: { title: 'time since the fault', min: from, max: to, ticks: timeTicks(from, to) },
    shade: back === null || back === 0 ? null : { from: 0, to: back, label: '' },
    uprights: [
      { at: 0, label: storms[0]?.series.fault ?? 'fault' },
      ...(back === null || back === 0 ? [] : [{ at: back, label: returnName(storms) }]),
    ],
  }
}

/** Says which return is marked, where the servers of a chart took their time. */
export function returnNotes(storms: readonly SeriesStorm[]): string[] {
  const returns = returnsOf(storms)
  const [low, high] = [Math.min(...returns), Math.max(...returns)]
  return returns.length === 0 || high - low < stormWindow
    ? []
    : [
        `The servers could be reached again after ${showSpan(returns, 'µs')}; the chart marks the first return.`,
      ]
}

export const repeatNotes = (storms: readonly SeriesStorm[]): string[] =>
  storms.some(({ series }) => series.runs.length > 1)
    ? ['Of repeated runs, the chart shows the one with the median t99.']
    : []

/** Levels over time; `at` is when a level was reached, and it held until the next. */
export interface Level {
  readonly at: number
  readonly value: number
}

/** The starts of the rows of a table of numbers. */
export function rowStarts({ from, to }: Span): { starts: number[]; step: number } {
  const step = Math.max(1, Math.ceil((to - from) / stormWindow / mostRows)) * stormWindow
  return {
    starts: Array.from({ length: Math.ceil((to - from) / step) }, (_, row) => from + row * step),
    step,
  }
}
