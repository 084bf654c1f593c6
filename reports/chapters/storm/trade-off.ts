/** What a low peak costs in time: every technique and policy as a point. */

import { typical } from '../../../results/across-runs.ts'
import { stormWindow } from '../../../simulation/storm-figures.ts'
import { listed, show } from '../../display.ts'
import type { Figure } from '../figure.ts'
import { numberCell } from '../table.ts'
import { timeTicks } from '../timeline-figures.ts'
import { rowName, type SeriesStorm } from './storms.ts'

/** Which series have no point, and why. */
function missingNotes(storms: readonly SeriesStorm[]): string[] {
  const missing = storms
    .map(({ series }) => series)
    .filter(each => !Number.isFinite(typical(each, 'storm.backP99') ?? Number.NaN))
  return missing.length === 0
    ? []
    : [
        `Not drawn, because fewer than 99 % of the clients came back: ${listed(missing.map(({ label }) => label))}.`,
      ]
}

/** What a low peak costs: each technique and policy as a point of t99 and peak. */
export function tradeOffFigure(storms: readonly SeriesStorm[]): Figure {
  const all = storms.map(({ series }) => ({
    series,
    index: series.place,
    t99: typical(series, 'storm.backP99'),
    peak: typical(series, 'storm.peakArrivals'),
  }))
  const drawn = all.flatMap(({ series, index, t99, peak }) =>
    t99 === null || !Number.isFinite(t99) || peak === null ? [] : { series, index, t99, peak },
  )
  const to = 1.12 * drawn.reduce<number>((most, { t99 }) => Math.max(most, t99), stormWindow)
  return {
    id: 'trade-off',
    title: 'What a low peak costs',
    unit: 'peak arrivals per 100 ms, log scale, against t99 back',
    reading:
      'Lower is easier on the server, further left is faster for the clients. Colours are policies, shapes are techniques.',
    notes: missingNotes(storms),
    wide: true,
    chart:
      drawn.length === 0
        ? null
        : {
            kind: 'lines',
            scattered: true,
            x: {
              title: 'time from the fault until 99 % of the clients were back',
              min: 0,
              max: to,
              ticks: timeTicks(0, to),
            },
            value: { scale: 'log', size: 1, unit: '' },
            shade: null,
            lines: drawn.map(({ series, index, t99, peak }) => ({
              series: index,
              doubtful: series.state !== 'passed',
              label: rowName(
                series,
                all.map(one => one.series),
              ),
              tag: series.backoff,
              points: [
                {
                  x: t99,
                  y: Math.max(1, peak),
                  at: `t99 ${show(t99, 'µs')}`,
                  text: `${show(peak, 'count')} per 100 ms`,
                  marked: true,
                },
              ],
            })),
          },
    numbers: {
      corner: 'technique',
      heads: [{ text: 't99 back' }, { text: 'peak per 100 ms' }],
      rows: all.map(({ series, index, t99, peak }) => ({
        head: rowName(
          series,
          all.map(one => one.series),
        ),
        series: index,
        cells: [numberCell(t99, 'µs'), numberCell(peak, 'count')],
      })),
    },
  }
}
