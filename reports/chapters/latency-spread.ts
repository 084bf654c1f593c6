/** The chart of the best-known numbers of latency, with the mean that the closed form predicts. */
import { typical } from '../../results/across-runs.ts'
import type { Scenario, Series } from '../../results/reading.ts'
import { seriesBand } from '../../results/tie-band.ts'
import { show } from '../display.ts'
import { spreadOf } from './across-figures.ts'
import { ends, endsWords } from './extremes.ts'
import type { Figure } from './figure.ts'
import { leftOut, milliseconds, sound } from './latency-figures.ts'
import { numberCell } from './table.ts'

const marks = [
  { label: 'p50', name: 'latency.p50', shape: 'circle' },
  { label: 'mean', name: 'latency.mean', shape: 'cross' },
  { label: 'p99', name: 'latency.p99', shape: 'rectRot' },
  { label: 'maximum', name: 'latency.max', shape: 'crossRot' },
] as const

/**
 * The mean latency that the closed form predicts: the wait in the server, and half a round trip with half of the
 * jitter. Null where there is no form, or where it predicts less than the measurement error.
 */
function predictedMean(series: Series): number | null {
  const wait = typical(series, 'predicted.waitMean')
  const { link } = series.runs[0].workload
  const mean = wait === null ? null : wait + ((link?.rttMicros ?? 0) + (link?.jitterMicros ?? 0)) / 2
  return mean === null || mean <= Math.max(seriesBand(series) ?? 0, shortestPrediction) ? null : mean
}

/** Below a millisecond the way to the client and the loops of both processes are all that is measured. */
const shortestPrediction = 1_000

const predictedMark = 'predicted mean'

/** How far the mean is from the closed form, of the technique that is the farthest; null where none has one. */
function worstPrediction(
  all: readonly Series[],
  predictions: readonly (number | null)[],
): { label: string; ratio: number } | null {
  const ratios = all.flatMap((series, at) => {
    const [mean, predicted = null] = [typical(series, 'latency.mean'), predictions[at]]
    return mean === null || predicted === null ? [] : [{ label: series.label, ratio: mean / predicted - 1 }]
  })
  return ratios.reduce<(typeof ratios)[number] | null>(
    (worst, each) => (worst === null || Math.abs(each.ratio) > Math.abs(worst.ratio) ? each : worst),
    null,
  )
}

/** From twice or half of the prediction on, a reader thinks of a factor and no longer of a share. */
function predictionTitle({ label, ratio }: { label: string; ratio: number }): string {
  if (Math.abs(ratio) <= 0.5)
    return `Measured mean latency is within ${show(Math.abs(ratio), 'ratio')} of the prediction (${label})`
  return `Measured mean latency is ${show(1 + ratio, 'count')} times the prediction (${label})`
}

function spreadTitle(
  all: readonly Series[],
  predictions: readonly (number | null)[],
  subject: string,
): string {
  const worst = worstPrediction(all, predictions)
  if (worst !== null) return predictionTitle(worst)
  const slowest = ends(all, 'latency.max')
  return slowest === null ? subject : `The slowest event took ${endsWords(slowest)}`
}

/** p50, mean, p99 and maximum of each technique, with the mean that the closed form predicts. */
export function latencySpread(scenario: Scenario): Figure {
  const rows = sound(scenario).filter(series => typical(series, 'latency.p50') !== null)
  const predictions = rows.map(predictedMean)
  const isPredicted = predictions.some(value => value !== null)
  const columns = [
    ...marks.map(({ label, shape, name }) => ({
      label,
      shape,
      values: rows.map(series => typical(series, name)),
    })),
    ...(isPredicted ? [{ label: predictedMark, shape: 'line' as const, values: predictions }] : []),
  ]
  const subject = 'Latency: p50, mean, p99 and maximum'
  const { dots } = spreadOf(rows, 'latency.p50')
  return {
    id: 'latency-spread',
    subject,
    title: spreadTitle(rows, predictions, subject),
    unit: 'ms',
    reading: `Further left is faster. A long bar: the slow deliveries are far slower than the usual ones.${
      isPredicted ? ' The vertical line is the mean by the closed form.' : ''
    }`,
    notes: [...leftOut(scenario), ...(dots === undefined ? [] : ['Small dots: p50 of each run.'])],
    wide: false,
    chart:
      rows.length === 0
        ? null
        : {
            kind: 'rows',
            value: milliseconds,
            rows: rows.map(series => ({ series: series.place, doubtful: false, text: '' })),
            showText: false,
            parts: [],
            marks: columns.map(({ label, shape, values }) => ({
              label,
              shape,
              values: values.map(value => (value === null ? null : Math.max(1, value))),
              texts: values.map(value => show(value, 'µs')),
            })),
            span: true,
            ...(dots && { dots }),
          },
    numbers: {
      corner: 'technique',
      heads: columns.map(({ label }) => ({ text: label })),
      rows: rows.map((series, row) => ({
        head: series.label,
        series: series.place,
        cells: columns.map(({ values }) => numberCell(values[row] ?? null, 'µs')),
      })),
    },
  }
}
