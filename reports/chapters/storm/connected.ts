/** The curve of the clients that are connected, through a storm. */

import { typical } from '../../../results/across-runs.ts'
import { stormWindow } from '../../../simulation/storm-figures.ts'
import { show, showSpan } from '../../display.ts'
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

/** When 99 % of the affected clients were back, over the techniques of a policy. */
function returnTitle(policy: string, storms: readonly SeriesStorm[]): string {
  const times = storms.flatMap(({ series }) => typical(series, 'storm.backP99') ?? [])
  const back = times.filter(Number.isFinite)
  return back.length < times.length
    ? `${policy}: fewer than 99 % came back`
    : `${policy}: 99 % were back after ${showSpan(back, 'µs')}`
}

/**
 * Clients connected over time with one backoff policy, a line for each technique.
 * @param storms at least one, all with the policy
 * @param wide where no other policy stands next to it
 */
export function connectedFigure(
  id: string,
  storms: readonly SeriesStorm[],
  span: Span,
  wide: boolean,
): Figure {
  const drawn = storms.map(each => ({ ...each, levels: levelsOf(each, span) }))
  const lines = drawn.map(({ series, levels }) => ({
    series: series.place,
    doubtful: series.state !== 'passed',
    label: series.name,
    points: levelPoints(levels, span),
  }))
  const policy = storms[0]?.series.backoff ?? ''
  const { starts } = rowStarts(span)
  return {
    id: `${id}-connected`,
    subject: `Clients connected, backoff ${policy}`,
    title: returnTitle(policy, storms),
    unit: '',
    reading: '',
    notes: [...returnNotes(storms), ...repeatNotes(storms)],
    wide,
    chart: {
      kind: 'lines',
      ...timeAxis(storms, span),
      value: { ...linearAxis('count', []), most: Math.max(...storms.map(({ run }) => run.clients.asked)) },
      lines,
    },
    numbers: {
      corner: 'at',
      heads: drawn.map(({ series }) => ({ text: series.name, series: series.place })),
      rows: starts.map(at => ({
        head: timeName(at),
        cells: drawn.map(({ levels }) => numberCell(levelAt(levels, at), 'count')),
      })),
    },
  }
}
