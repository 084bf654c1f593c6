/** Charts over time: what was delivered and how late, bin by bin. */

import { middleRun } from '../../results/across-runs.ts'
import type { Scenario, Series } from '../../results/reading.ts'
import type { TimelinePoint } from '../../results/result.ts'
import { listed, show, showPlain, type Unit } from '../display.ts'
import { linearAxis } from './cost-figures.ts'
import type { Figure, LinesChart, Point } from './figure.ts'
import { numberCell } from './table.ts'
import { growthTitle, pauseTitle, type Track } from './timeline-titles.ts'

/** More points than this make a file large and a line no clearer. */
const mostPoints = 160
/** A table for reading, not for copying: the bins themselves are in results.json. */
const mostRows = 24

/** One stretch of time: deliveries added up, the worst p99 kept. */
interface Bin {
  readonly atMicros: number
  readonly widthMicros: number
  readonly perSecond: number | null
  readonly p99Micros: number | null
}

/** Bins as one: their deliveries added up, and the largest p99, a bound for that of all. */
function joined(points: readonly TimelinePoint[]): Bin {
  const widthMicros = points.reduce((sum, point) => sum + point.widthMicros, 0)
  const delivered = points.reduce((sum, point) => sum + point.delivered, 0)
  const tails = points.flatMap(point => point.latencyP99Micros ?? [])
  return {
    atMicros: points[0]?.atMicros ?? 0,
    widthMicros,
    perSecond: widthMicros > 0 ? (delivered / widthMicros) * 1e6 : null,
    p99Micros: tails.length === 0 ? null : Math.max(...tails),
  }
}

/** Joins neighbouring bins until at most `most` are left. */
export function coarsened(points: readonly TimelinePoint[], most: number): Bin[] {
  const size = Math.max(1, Math.ceil(points.length / most))
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) =>
    joined(points.slice(index * size, (index + 1) * size)),
  )
}

/** The time of a bin relative to the start of the measured window: `-0.5 s`, `2.25 s`. */
export const timeName = (micros: number): string => `${Number((micros / 1e6).toFixed(2))} s`

/** About six ticks at round seconds. */
export function timeTicks(from: number, to: number): LinesChart['x']['ticks'] {
  const rough = Math.max(1, (to - from) / 6)
  const decade = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map(factor => factor * decade).find(each => each >= rough) ?? rough
  const first = Math.ceil(from / step)
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, index) => {
    const at = (first + index) * step
    return { at, label: timeName(at) }
  })
}

const tracksOf = (all: readonly Series[]): Track[] =>
  all.flatMap(series => {
    const { timeline, workload } = middleRun(series)
    const { durationMicros } = workload
    return timeline.length === 0 ? [] : [{ series, index: series.place, timeline, durationMicros }]
  })

function pointsOf(track: Track, read: (bin: Bin) => number | null, unit: Unit): Point[] {
  const bins = coarsened(track.timeline, mostPoints)
  // About eight shapes along a line; neighbouring series show theirs at different places.
  const every = Math.max(1, Math.round(bins.length / 8))
  // A bin between two without a value has no line on either side: only its shape can show it.
  const alone = (at: number) =>
    [bins[at - 1], bins[at + 1]].every(bin => bin === undefined || read(bin) === null)
  return bins.map((bin, at) => ({
    x: bin.atMicros + bin.widthMicros / 2,
    y: read(bin),
    at: timeName(bin.atMicros),
    text: show(read(bin), unit),
    marked: at % every === track.index % every || alone(at),
  }))
}

/** The rows of a table of these tracks: the stretches of time, of one length, in which any has a bin. */
function stretchesOf(tracks: readonly Track[]): {
  readonly starts: readonly number[]
  readonly length: number
} {
  const bins = tracks.flatMap(({ timeline }) => timeline)
  const widest = bins.reduce((most, { widthMicros }) => Math.max(most, widthMicros), 1)
  const [from, to] = [
    bins.reduce((least, { atMicros }) => Math.min(least, atMicros), Number.POSITIVE_INFINITY),
    bins.reduce(
      (most, { atMicros, widthMicros }) => Math.max(most, atMicros + widthMicros),
      Number.NEGATIVE_INFINITY,
    ),
  ]
  // The first and the last stretch may reach beyond the bins: one row is left for that.
  const length = widest * Math.max(1, Math.ceil((to - from) / widest / (mostRows - 1)))
  const starts = new Set(bins.map(({ atMicros }) => Math.floor(atMicros / length) * length))
  return { starts: [...starts].sort((a, b) => a - b), length }
}

/** The numbers as a table: time down, techniques across. A cell holds the bins that begin in the time of its row. */
function numbersOf(
  tracks: readonly Track[],
  read: (bin: Bin) => number | null,
  unit: Unit,
): Figure['numbers'] {
  const { starts, length } = stretchesOf(tracks)
  const columns = tracks.map(({ timeline }) =>
    Map.groupBy(timeline, ({ atMicros }) => Math.floor(atMicros / length) * length),
  )
  return {
    corner: 'from',
    heads: tracks.map(track => ({ text: track.series.label, series: track.index })),
    rows: starts.map(start => ({
      head: timeName(start),
      cells: columns.map(column => {
        const own = column.get(start)
        return numberCell(own === undefined ? null : read(joined(own)), unit)
      }),
    })),
  }
}

/** What the chart says below its lines: bin width, repeated runs, what is pale or missing. */
function notesOf(tracks: readonly Track[], missing: readonly Series[]): string[] {
  const bins = new Set(tracks.map(track => track.timeline[0]?.widthMicros ?? 0))
  const width = listed([...bins].map(each => showPlain(each, 'µs')))
  const repeated = tracks.some(track => track.series.runs.length > 1)
  return [
    ...(tracks.length === 0 ? ['No data: no run kept a timeline.'] : [`Bins of ${width}.`]),
    ...(repeated ? ['Of repeated runs, the chart shows the one with the median p99.'] : []),
    ...(missing.length === 0 ? [] : [`Not drawn: ${listed(missing.map(each => each.label))}.`]),
  ]
}

interface Words extends Pick<Figure, 'id' | 'subject' | 'reading'> {
  /** The title from what is drawn; null where it says nothing beyond the subject. */
  readonly point: (tracks: readonly Track[]) => string | null
  readonly unit: Unit
  readonly read: (bin: Bin) => number | null
  readonly log: boolean
}

function timelineFigure(scenario: Scenario, drawn: readonly Series[], words: Words): Figure {
  const { unit, read, log, point, ...rest } = words
  const tracks = tracksOf(drawn)
  const lines = tracks.map(track => ({
    series: track.index,
    doubtful: track.series.state !== 'passed',
    points: pointsOf(track, read, unit),
  }))
  const spans = tracks.flatMap(track =>
    track.timeline.flatMap(bin => [bin.atMicros, bin.atMicros + bin.widthMicros]),
  )
  const from = spans.reduce((a, b) => Math.min(a, b), 0)
  const to = spans.reduce((a, b) => Math.max(a, b), 1)
  const missing = scenario.series.filter(series => !tracks.some(track => track.series === series))
  const value = log
    ? ({ scale: 'log', size: 1_000, unit: ' ms' } as const)
    : linearAxis(
        unit,
        lines.flatMap(line => line.points.map(point => point.y)),
      )
  return {
    ...rest,
    title: point(tracks) ?? rest.subject,
    unit: log ? 'ms' : 'events per second',
    notes: notesOf(tracks, missing),
    wide: false,
    chart:
      tracks.length === 0
        ? null
        : {
            kind: 'lines',
            x: {
              title: 'time since the measured window began',
              min: from,
              max: to,
              ticks: timeTicks(from, to),
            },
            value,
            shade: from < 0 ? { from, to: 0, label: 'warm-up' } : null,
            lines: log
              ? lines.map(line => ({
                  ...line,
                  points: line.points.map(each => ({
                    ...each,
                    y: each.y === null ? null : Math.max(1, each.y),
                  })),
                }))
              : lines,
          },
    numbers: numbersOf(tracks, read, unit),
  }
}

/** Deliveries per second over the run. Those of an invalid run are drawn pale: they show where it broke. */
export const deliveredOverTime = (scenario: Scenario): Figure =>
  timelineFigure(scenario, scenario.series, {
    id: 'delivered-timeline',
    subject: 'Delivered events over time',
    point: pauseTitle,
    reading:
      'A gap followed by a peak: events were held back. With Poisson arrivals some unevenness comes from the workload itself.',
    unit: 'per second',
    read: bin => bin.perSecond,
    log: false,
  })

/** p99 latency over the run, of what passed. */
export const tailOverTime = (scenario: Scenario): Figure =>
  timelineFigure(
    scenario,
    scenario.series.filter(series => series.state === 'passed'),
    {
      id: 'tail-timeline',
      subject: 'p99 latency over time',
      point: growthTitle,
      reading: 'A flat line: the technique keeps up. A rising line: it falls behind.',
      unit: 'µs',
      read: bin => bin.p99Micros,
      log: true,
    },
  )
