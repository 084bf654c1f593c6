/** Arrivals over time: attempts as clients begin them, connections as the server accepts them. */

import { typical } from '../../../results/across-runs.ts'
import type { Storm } from '../../../results/result.ts'
import { stormWindow } from '../../../simulation/storm-figures.ts'
import { show } from '../../display.ts'
import type { Figure, Point } from '../figure.ts'
import { type NumberTable, numberCell } from '../table.ts'
import { timeName } from '../timeline-figures.ts'
import { type Level, lastOf, repeatNotes, rowStarts, type Span, timeAxis } from './axis.ts'
import type { SeriesStorm } from './storms.ts'

/** More windows than this are merged: a chart of half the page width cannot show more. */
const mostWindows = 400
/** Where 0 has its place on a log axis of counts. */
const floor = 0.5

/** Counts of one kind in every window of the span, empty ones included. Both sides have windows of their own. */
function countsIn({ from, to }: Span, storm: Storm, windows: Storm['arrivals']): Level[] {
  const counted = windows.map(({ atMicros, count }) => ({ at: atMicros - storm.faultAtMicros, value: count }))
  const anchor = counted[0]?.at ?? from
  const start = anchor - Math.ceil((anchor - from) / stormWindow) * stormWindow
  const counts: Level[] = Array.from({ length: Math.ceil((to - start) / stormWindow) }, (_, at) => ({
    at: start + at * stormWindow,
    value: 0,
  }))
  for (const each of counted) {
    const index = Math.round((each.at - start) / stormWindow)
    if (index in counts) counts[index] = each
  }
  return counts
}

/** The largest count of every `size` windows. */
const largestOf = (counts: readonly Level[], size: number): Level[] =>
  Array.from({ length: Math.ceil(counts.length / size) }, (_, at) => {
    const joined = counts.slice(at * size, (at + 1) * size)
    return { at: joined[0]?.at ?? 0, value: Math.max(...joined.map(({ value }) => value)) }
  })

/** Stairs: each count over the width of its window. Runs of equal counts are one stair. */
function stairs(counts: readonly Level[], width: number, { from, to }: Span): Point[] {
  return counts.flatMap(({ at, value }, index) => {
    if (counts[index - 1]?.value === value && counts[index + 1]?.value === value) return []
    const text = { at: timeName(at), text: show(value, 'count'), marked: false }
    const y = Math.max(floor, value)
    return [
      { x: Math.max(from, at), y, ...text },
      { x: Math.min(to, at + width), y, ...text },
    ]
  })
}

const twoCounts =
  'An attempt counts when a client begins it, refused ones included; a connection counts when the server accepts it. The two are counted separately because a busy server hides the peak that hits it: a client in its queue has arrived and is not accepted yet.'

/** What is drawn of one storm: a line of arrivals, or an area of what the server accepted. */
interface Track {
  readonly source: SeriesStorm
  readonly windows: Storm['arrivals']
  readonly label: string
  readonly area: boolean
}

/** The lines of all techniques, then what the server accepted; requests are counted by the server alone. */
function tracksOf(all: readonly SeriesStorm[]): Track[] {
  const arrivals = all.map(source => {
    const { series, storm } = source
    return { source, windows: storm.arrivals, label: series.name, area: false }
  })
  const taken = arrivals
    .filter(({ source: { storm } }) => storm.of === 'connections' && storm.accepted.length > 0)
    .map(({ source, label }) => ({
      source,
      windows: source.storm.accepted,
      label: `${label}, accepted by the server`,
      area: true,
    }))
  return [...arrivals, ...taken]
}

/** The fullest window in each of the rows. */
function numbersOf(tracks: readonly Track[], span: Span): NumberTable {
  const { starts, step } = rowStarts(span)
  const fullest = ({ windows, source: { storm } }: Track, from: number): number =>
    windows
      .map(({ atMicros, count }) => ({ at: atMicros - storm.faultAtMicros, count }))
      .filter(({ at }) => at >= from && at < from + step)
      .reduce((most, { count }) => Math.max(most, count), 0)
  return {
    corner: 'largest per 100 ms, from',
    heads: tracks.map(({ source, label }) => ({ text: label, series: source.series.place })),
    rows: starts.map(from => ({
      head: timeName(from),
      cells: tracks.map(track =>
        numberCell(from >= lastOf(track.source, span) ? null : fullest(track, from), 'count'),
      ),
    })),
  }
}

/** The highest peak, as attempts for each client where clients try repeatedly. */
function peakTitle(policy: string | null, storms: readonly SeriesStorm[]): string {
  const peaks = storms.map(({ series }) => ({
    name: series.name,
    peak: typical(series, 'storm.peakArrivals') ?? 0,
    perClient: typical(series, 'storm.peakPerClient') ?? 0,
  }))
  const highest = peaks.reduce((most, each) => (each.peak > most.peak ? each : most))
  const share = highest.perClient > 1 ? `, ${show(highest.perClient, 'count')} per client` : ''
  const of = storms.length > 1 ? ` (${highest.name})` : ''
  return `${policy === null ? 'Up' : `${policy}: up`} to ${show(highest.peak, 'count')} in 100 ms${share}${of}`
}

/**
 * Arrivals per window, a line for each technique, with what the server accepted as areas behind.
 * @param storms the storms of one policy, or herds; at least one
 * @param explained whether the notes explain the two counts: once on a page is enough
 * @param most the largest count of all charts that stand next to this one: they share an axis
 * @param wide where no other chart stands next to it
 */
export function arrivalsFigure(
  id: string,
  storms: readonly SeriesStorm[],
  span: Span,
  explained: boolean,
  most: number,
  wide: boolean,
): Figure {
  const size = Math.ceil((span.to - span.from) / stormWindow / mostWindows)
  const tracks = tracksOf(storms)
  const of = storms[0]?.storm.of ?? 'connections'
  const policy = of === 'connections' ? (storms[0]?.series.backoff ?? '') : null
  const isAlone = storms.length === 1
  return {
    id: `${id}-arrivals`,
    subject: policy === null ? 'Requests at the server' : `Arrivals, backoff ${policy}`,
    title: peakTitle(policy, storms),
    unit: 'per 100 ms',
    reading:
      of === 'requests'
        ? ''
        : isAlone
          ? 'Line: attempts. Pale area: accepted connections.'
          : 'Attempts to connect.',
    notes: [
      ...(explained && of === 'connections' ? [twoCounts] : []),
      ...(size > 1 ? [`Each step is the largest of ${size} windows of 100 ms.`] : []),
      ...repeatNotes(storms),
    ],
    wide,
    chart: {
      kind: 'lines',
      ...timeAxis(storms, span),
      value: { scale: 'log', size: 1, unit: '', floor, most },
      lines: tracks
        .filter(({ area }) => isAlone || !area)
        .map(({ source, source: { series, storm }, windows, label, area }) => ({
          series: series.place,
          doubtful: series.state !== 'passed',
          label,
          area,
          points: stairs(
            largestOf(countsIn({ ...span, to: lastOf(source, span) }, storm, windows), size),
            size * stormWindow,
            span,
          ),
        })),
    },
    numbers: numbersOf(tracks, span),
  }
}
