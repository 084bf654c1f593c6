/** Charts of latency over percentiles. */

import { quantiles } from '../../results/histogram.ts'
import type { Scenario, Series } from '../../results/reading.ts'
import type { Measurement, Summary } from '../../results/result.ts'
import { median } from '../../statistics/order-statistics.ts'
import { listed, show } from '../display.ts'
import { ends, endsWords } from './extremes.ts'
import type { Figure, ValueAxis } from './figure.ts'
import { numberCell } from './table.ts'

/** Time on a log axis in one unit all along, so that a decade is a decade. */
export const milliseconds: ValueAxis = { scale: 'log', size: 1_000, unit: ' ms' }

/** HDR plots space percentiles by 1 / (1 - p): each nine takes as much room as the one before. */
const place = (percentile: number): number => -Math.log10(1 - percentile / 100)

const ticked = [50, 90, 99, 99.9]
const shown = [0, ...ticked]
const named = [50, 75, 90, 95, 99, 99.5, 99.9]

/** 0 to 99.9, evenly spaced on the axis, with the named ones among them. */
const percentiles: readonly number[] = [
  ...new Set([0, ...Array.from({ length: 30 }, (_, step) => 100 * (1 - 10 ** (-(step + 1) / 10))), ...named]),
].sort((a, b) => a - b)

const percentileName = (percentile: number): string => `p${Number(percentile.toFixed(2))}`

/** The value at each of {@link percentiles}. A histogram that cannot be read leaves the stored quantiles. */
function curve(summary: Summary): (number | null)[] {
  // A bucket's upper end can lie beyond the samples; a log axis has no place for 0.
  const within = (micros: number) => Math.max(1, Math.min(Math.max(micros, summary.min), summary.max))
  try {
    return quantiles(summary.histogram, percentiles).map(point => within(point.micros))
  } catch {
    const stored = new Map([
      [0, summary.min],
      [50, summary.p50],
      [90, summary.p90],
      [95, summary.p95],
      [99, summary.p99],
      [99.9, summary.p999],
    ])
    return percentiles.map(percentile => {
      const value = stored.get(percentile)
      return value === undefined ? null : within(value)
    })
  }
}

type ReadSummary = (measurement: Measurement) => Summary | null

/** The median across runs at each percentile; null where no run has samples. */
function curveOf(series: Series, read: ReadSummary): (number | null)[] | null {
  const curves = series.runs.flatMap(run => {
    const summary = read(run)
    return summary === null ? [] : [curve(summary)]
  })
  if (curves.length === 0) return null
  return percentiles.map((_, at) => median(curves.flatMap(each => each[at] ?? [])))
}

/** What a latency chart leaves out, and why, as notes. Latency of a lossy technique is that of its survivors. */
export function leftOut(scenario: Scenario): string[] {
  const failed = scenario.series.filter(each => each.state !== 'passed').map(each => each.label)
  const silent = scenario.series
    .filter(each => each.state === 'passed' && each.runs.every(run => run.latencyMicros === null))
    .map(each => each.label)
  return [
    ...(failed.length === 0
      ? []
      : [
          `Not drawn, because the latencies of an invalid run mean nothing: ${listed(failed)}. The table above gives the reasons.`,
        ]),
    ...(silent.length === 0 ? [] : [`No data: ${listed(silent)}.`]),
  ]
}

/** The series whose latencies mean something. */
export const sound = (scenario: Scenario): Series[] => scenario.series.filter(each => each.state === 'passed')

interface PercentileWords extends Pick<Figure, 'id' | 'subject' | 'title' | 'reading' | 'notes'> {
  /** What the x axis shares out: `deliveries`. */
  readonly samples: string
}

/** A duration over percentiles, to p99.9. */
export function percentileFigure(
  all: readonly Series[],
  read: ReadSummary,
  { samples, ...words }: PercentileWords,
): Figure {
  const curves = all.flatMap(series => {
    const values = curveOf(series, read)
    return values === null ? [] : [{ series, index: series.place, values }]
  })
  return {
    ...words,
    unit: 'ms',
    wide: true,
    chart:
      curves.length === 0
        ? null
        : {
            kind: 'lines',
            x: {
              title: `share of ${samples} that took no longer`,
              min: 0,
              max: place(99.9),
              ticks: ticked.map(each => ({ at: place(each), label: `${each} %` })),
            },
            value: milliseconds,
            shade: null,
            lines: curves.map(({ index, values }) => ({
              series: index,
              doubtful: false,
              points: percentiles.map((percentile, at) => ({
                x: place(percentile),
                y: values[at] ?? null,
                at: percentileName(percentile),
                text: show(values[at] ?? null, 'µs'),
                marked: shown.includes(percentile),
              })),
            })),
          },
    numbers: {
      corner: 'percentile',
      heads: curves.map(({ series, index }) => ({ text: series.label, series: index })),
      rows: percentiles.flatMap((percentile, at) =>
        percentile === 0 || named.includes(percentile)
          ? {
              head: percentile === 0 ? 'minimum' : percentileName(percentile),
              cells: curves.map(({ values }) => numberCell(values[at] ?? null, 'µs')),
            }
          : [],
      ),
    },
  }
}

/** Latency over percentiles, to p99.9. */
export function latencyByPercentile(scenario: Scenario): Figure {
  const tail = ends(scenario.series, 'latency.p99')
  const subject = 'Latency by percentile'
  return percentileFigure(sound(scenario), run => run.latencyMicros, {
    id: 'latency-curve',
    subject,
    title: tail === null ? subject : `99 % of the events came within ${endsWords(tail)}`,
    samples: 'deliveries',
    reading:
      'A line that stays low to the right has no slow stragglers. At 99 %, one event in a hundred takes longer than the line shows.',
    notes: leftOut(scenario),
  })
}
