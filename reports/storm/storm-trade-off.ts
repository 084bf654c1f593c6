/** What a low peak costs in time: every technique and policy as a point. */
import { type MetricName, metric } from '../../results/metrics.ts'
import { stormWindow } from '../../simulation/storm-figures.ts'
import { listed, show } from '../display.ts'
import type { Figure } from '../page/figure.ts'
import type { Styles } from '../page/series-style.ts'
import { numberCell } from '../page/table-markup.ts'
import { timeTicks } from '../page/timeline-figures.ts'
import { type Series, typical } from '../series.ts'
import { rowName, type Told } from './storms.ts'

/** Which series have no point, and why. */
function missingNotes(told: readonly Told[]): string[] {
  const value = (series: Series, name: MetricName) => typical(series, metric(name).read)
  const missing = told
    .map(({ series }) => series)
    .filter(each => !Number.isFinite(value(each, 'storm.backP99') ?? Number.NaN))
  const [unaware, gone] = [
    missing.filter(each => value(each, 'storm.affected') === 0),
    missing.filter(each => value(each, 'storm.affected') !== 0),
  ].map(all => listed(all.map(({ label }) => label)))
  return [
    ...(unaware ? [`Not drawn, because no client noticed the fault: ${unaware}.`] : []),
    ...(gone ? [`Not drawn, because fewer than 99 % of the clients ever were back: ${gone}.`] : []),
  ]
}

/** What a low peak costs: each technique and policy as a point of t99 and peak. */
export function tradeOffFigure(told: readonly Told[], styles: Styles): Figure {
  const all = told.map(({ series }) => ({
    series,
    index: styles.indexOf(series),
    t99: typical(series, metric('storm.backP99').read),
    peak: typical(series, metric('storm.peakArrivals').read),
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
      'Down is gentler to the server, left is sooner for the clients. A colour is a policy, a shape a technique.',
    notes: missingNotes(told),
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
