/** What a low peak costs in time: every technique and policy as a point. */

import { typical } from '../../../results/across-runs.ts'
import { listed } from '../../display.ts'
import { coordinateOf, spreadNotes } from '../across-figures.ts'
import { linearAxis } from '../cost-figures.ts'
import type { Figure, PointsChart } from '../figure.ts'
import { numberCell } from '../table.ts'
import { type Back, backOf, unequalReturns } from './back.ts'
import { rowName, type SeriesStorm } from './storms.ts'

/** Which series have no point, and why. */
function missingNotes(storms: readonly SeriesStorm[]): string[] {
  const missing = storms
    .map(({ series }) => series)
    .filter(each => typical(each, 'storm.backP99') === Number.POSITIVE_INFINITY)
  return missing.length === 0
    ? []
    : [
        `Not drawn, because fewer than 99 % of the clients came back: ${listed(missing.map(({ label }) => label))}.`,
      ]
}

/** The lowest peak and what it took, against the soonest return. */
function titleOf(points: readonly PointsChart['points'][number][], { words }: Back): string {
  const least = (axis: 'x' | 'y') =>
    points.reduce<(typeof points)[number] | null>(
      (best, each) => (best === null || each[axis].value < best[axis].value ? each : best),
      null,
    )
  const [soonest, lowest] = [least('x'), least('y')]
  if (soonest === null || lowest === null || points.length === 1) return 'What a low peak costs'
  return soonest === lowest
    ? `${lowest.label} had the lowest peak and was back the soonest`
    : `${lowest.label} kept the peak at ${lowest.y.text} and was back ${words(lowest.x.text)}; ${soonest.label} ${words(soonest.x.text)}, with a peak of ${soonest.y.text}`
}

/** What a low peak costs: each technique and policy as a point of t99 and peak. */
export function tradeOffFigure(storms: readonly SeriesStorm[]): Figure {
  const all = storms.map(({ series }) => series)
  const since = backOf(all)
  const points = all.flatMap(series => {
    const [x, y] = [coordinateOf(series, since.metric), coordinateOf(series, 'storm.peakArrivals')]
    const label = rowName(series, all)
    return x === null || y === null
      ? []
      : [
          {
            series: series.place,
            doubtful: series.state !== 'passed',
            label,
            x,
            y: { ...y, value: Math.max(1, y.value) },
          },
        ]
  })
  const time = linearAxis(
    'µs',
    points.map(({ x }) => x.value),
  )
  return {
    id: 'trade-off',
    subject: 'What a low peak costs: peak arrivals per 100 ms and time until 99 % were back',
    title: titleOf(points, since),
    unit: '',
    reading: 'Lower is easier on the server, further left is faster for the clients.',
    notes: [...missingNotes(storms), ...unequalReturns(all), ...spreadNotes(all)],
    wide: true,
    chart:
      points.length === 0
        ? null
        : {
            kind: 'points',
            x: { ...time, title: `time from the ${since.origin} until 99 % of the clients were back` },
            y: { scale: 'log', size: 1, unit: '', title: 'peak arrivals per 100 ms' },
            band: null,
            points,
          },
    numbers: {
      corner: 'technique',
      heads: [{ text: `t99 from the ${since.origin}` }, { text: 'peak per 100 ms' }],
      rows: all.map(series => ({
        head: rowName(series, all),
        series: series.place,
        cells: [
          numberCell(typical(series, since.metric), 'µs'),
          numberCell(typical(series, 'storm.peakArrivals'), 'count'),
        ],
      })),
    },
  }
}
