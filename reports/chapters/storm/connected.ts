/** The curve of the clients that are connected, through a storm. */
import { stormWindow } from '../../../simulation/storm-figures.ts'
import { show } from '../../display.ts'
import { linearAxis } from '../cost-figures.ts'
import type { Figure, Point } from '../figure.ts'
import { numberCell } from '../table.ts'
import { timeName } from '../timeline-figures.ts'
import { type Level, repeatNotes, returnNotes, rowStarts, type Span, timeAxis } from './axis.ts'
import type { SeriesStorm } from './storms.ts'

/** Connected clients at the end of each window in which that changed, with the level at the start of the span. */
function levelsOf({ storm, run }: SeriesStorm, { from }: Span): Level[] {
  // What is kept is finer than what a chart can show. Later entries of a window take the place of earlier ones.
  const ends = new Map(
    storm.connected.map(({ atMicros, clients }) => [
      Math.floor((atMicros - storm.faultAtMicros) / stormWindow) * stormWindow,
      clients,
    ]),
  )
  const all = [...ends].map(([at, value]) => ({ at, value }))
  const earlier = all.findLast(({ at }) => at + stormWindow <= from)
  return [{ at: from - stormWindow, value: earlier?.value ?? run.clients.connected }].concat(
    all.filter(({ at }) => at + stormWindow > from),
  )
}

/** A line through levels: flat until the window of a change, then to the new level at that window's end. */
function levelPoints(levels: readonly Level[], { from, to }: Span): Point[] {
  const point = (x: number, value: number): Point => ({
    x: Math.max(from, x),
    y: value,
    at: timeName(x),
    text: show(value, 'count'),
    marked: false,
  })
  const points = levels.flatMap(({ at, value }, index) => {
    const previous = levels[index - 1]
    return [...(previous === undefined ? [] : [point(at, previous.value)]), point(at + stormWindow, value)]
  })
  const last = levels.at(-1)
  return last === undefined ? points : [...points, point(to, last.value)]
}

/** The level at an instant. */
const levelAt = (levels: readonly Level[], at: number): number | null =>
  levels.findLast(each => each.at + stormWindow <= at)?.value ?? levels[0]?.value ?? null

/** Clients connected over time, a line for each policy. */
export function connectedFigure(id: string, storms: readonly SeriesStorm[], span: Span): Figure {
  const drawn = storms.map(each => ({ ...each, levels: levelsOf(each, span) }))
  const lines = drawn.map(({ series, levels }) => ({
    series: series.place,
    doubtful: series.state !== 'passed',
    label: series.backoff,
    points: levelPoints(levels, span),
  }))
  const { starts } = rowStarts(span)
  return {
    id: `${id}-connected`,
    title: `${storms[0]?.series.name ?? ''}: clients connected`,
    unit: 'clients',
    reading: 'A steep line: clients return soon and all at once. A long slope: they return gradually.',
    notes: [...returnNotes(storms), ...repeatNotes(storms)],
    wide: false,
    chart: {
      kind: 'lines',
      ...timeAxis(storms, span),
      value: linearAxis(
        'count',
        lines.flatMap(line => line.points.map(({ y }) => y)),
      ),
      lines,
    },
    numbers: {
      corner: 'at',
      heads: drawn.map(({ series }) => ({ text: series.backoff, series: series.place })),
      rows: starts.map(at => ({
        head: timeName(at),
        cells: drawn.map(({ levels }) => numberCell(levelAt(levels, at), 'count')),
      })),
    },
  }
}
