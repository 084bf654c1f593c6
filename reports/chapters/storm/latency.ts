/** Latency over time around a fault that ended no connection. */
import { listed, show, showPlain } from '../../display.ts'
import type { Figure, Point } from '../figure.ts'
import { numberCell } from '../table.ts'
import { coarsened, timeName } from '../timeline-figures.ts'
import { beforeFault, repeatNotes, rowStarts, type Span, timeAxis } from './axis.ts'
import { rowName, type SeriesStorm } from './storms.ts'

/** More points than this make a line no clearer. */
const mostPoints = 160

/** A stretch of a run, from the fault, with the worst p99 of what came in it. */
interface Stretch {
  readonly at: number
  readonly width: number
  readonly p99: number | null
}

/** The timeline of a run, its instants counted from the fault. */
const stretchesOf = ({ run, storm }: SeriesStorm): Stretch[] =>
  coarsened(run.timeline, mostPoints).map(({ atMicros, widthMicros, p99Micros }) => ({
    at: atMicros - storm.faultAtMicros,
    width: widthMicros,
    p99: p99Micros,
  }))

/** A series with its timeline. */
interface Track {
  readonly source: SeriesStorm
  readonly stretches: readonly Stretch[]
}

const pointOf = ({ at, width, p99 }: Stretch): Point => ({
  x: at + width / 2,
  y: p99,
  at: timeName(at),
  text: show(p99, 'µs'),
  marked: false,
})

/** The worst p99 from the fault on, and whose it is. */
function titleOf(tracks: readonly Track[]): string {
  const worst = tracks
    .flatMap(({ source: { series }, stretches }) =>
      stretches.flatMap(({ at, p99 }) => (at < 0 || p99 === null ? [] : [{ p99, name: series.name }])),
    )
    .reduce<{ p99: number; name: string } | null>(
      (most, each) => (most === null || each.p99 > most.p99 ? each : most),
      null,
    )
  if (worst === null) return 'Nothing arrived after the fault'
  return `p99 up to ${show(worst.p99, 'µs')}${tracks.length > 1 ? ` (${worst.name})` : ''}`
}

/** p99 by when events arrived, a line for each series. */
export function latencyFigure(storms: readonly SeriesStorm[]): Figure {
  const tracks: Track[] = storms.map(source => ({ source, stretches: stretchesOf(source) }))
  const all = tracks.flatMap(({ stretches }) => stretches)
  const span: Span = {
    from: -beforeFault,
    to: all.reduce((last, { at, width }) => Math.max(last, at + width), beforeFault),
  }
  const { starts, step } = rowStarts(span)
  const widths = [...new Set(all.map(({ width }) => width))]
  const worst = (stretches: readonly Stretch[], from: number): number | null => {
    const within = stretches.flatMap(({ at, p99 }) => (at >= from && at < from + step ? (p99 ?? []) : []))
    return within.length === 0 ? null : Math.max(...within)
  }
  return {
    id: 'latency-timeline',
    subject: 'p99 latency, by when events arrived',
    title: titleOf(tracks),
    unit: '',
    reading: 'Each event counts from the instant at which it was due: what had to wait comes in a peak.',
    notes: [
      all.length === 0
        ? 'No data: no run kept a timeline.'
        : `Bins of ${listed(widths.map(each => showPlain(each, 'µs')))}.`,
      ...repeatNotes(storms),
    ],
    wide: true,
    chart:
      all.length === 0
        ? null
        : {
            kind: 'lines',
            ...timeAxis(storms, span),
            value: { scale: 'log', size: 1_000, unit: ' ms' },
            lines: tracks.map(({ source: { series }, stretches }) => ({
              series: series.place,
              doubtful: series.state !== 'passed',
              label: rowName(
                series,
                storms.map(each => each.series),
              ),
              points: stretches.filter(({ at }) => at >= span.from).map(pointOf),
            })),
          },
    numbers: {
      corner: 'from',
      heads: tracks.map(({ source: { series } }) => ({ text: series.name, series: series.place })),
      rows: starts.map(from => ({
        head: timeName(from),
        cells: tracks.map(({ stretches }) => numberCell(worst(stretches, from), 'µs')),
      })),
    },
  }
}
