/**
 * The noise of a machine: how much the runs of one series scatter when nothing changes, from A/A runs. It says how
 * many runs a gate needs, and which effects it cannot see; a comparison that reads it raises a minimum effect
 * that the machine cannot resolve.
 */
import { z } from 'zod'
import { UsageError } from '../model/usage-error.ts'
import { type MetricName, metric, metrics } from '../results/metrics.ts'
import { readingOf, type Series } from '../results/reading.ts'
import { type Result, ResultError } from '../results/result.ts'
import { effectKinds } from '../statistics/effect-size.ts'
import { median } from '../statistics/order-statistics.ts'
import { Power, usualDemand } from '../statistics/power.ts'
import { shamos } from '../statistics/shamos.ts'
import { differenceSentence, differing, environmentFacts } from './differences.ts'
import { type GatedMetric, gatedMetricsWith, type MinimumEffects, minimumSize } from './gated-metrics.ts'
import { sortRuns } from './validity.ts'

const metricName = z.enum(metrics.map(({ name }) => name) as [MetricName, ...MetricName[]])
const noise = z
  .number()
  .min(0)
  .describe(
    'standard deviation between runs: relative for a ratio, otherwise in the stored unit of the metric',
  )
const minimumDetectable = z
  .number()
  .nullable()
  .describe('the effect that runsASide find 8 times in 10, in the unit of the noise; null: too few for any')
const recommended = z
  .int()
  .nullable()
  .describe('runs a side that resolve the minimum effect; null where no sensible number does')

/** The file that `calibrate` writes. */
export const calibrationSchema = z
  .object({
    schemaVersion: z.literal(1),
    kind: z.literal('calibration'),
    madeAt: z.iso.datetime().describe('when the last of the runs ended'),
    tool: z.object({ name: z.literal('pushbench'), version: z.string() }),
    environment: z
      .record(z.string(), z.string())
      .describe('the machine and software, as a comparison checks them'),
    runsASide: z.int().min(2).describe('the runs a side that minimumDetectable is for'),
    series: z
      .array(
        z.object({
          series: z.string(),
          scenario: z.string(),
          metric: metricName,
          runs: z.int().min(2).describe('runs that the noise was taken from'),
          median: z.number(),
          noise,
          minimumEffect: z.number().describe('the least effect that matters, in the unit of the noise'),
          minimumDetectable,
          recommendedRuns: recommended,
        }),
      )
      .describe('each metric of each series'),
    metrics: z
      .array(
        z.object({
          metric: metricName,
          noise: noise.describe('of the series in the middle'),
          minimumDetectable: minimumDetectable.describe('of the series with the most noise'),
          recommendedRuns: recommended.describe('of the series with the most noise'),
        }),
      )
      .describe('each metric over all series'),
    recommendedRuns: recommended.describe(
      'runs a side that resolve every metric that can be resolved at all',
    ),
  })
  .describe('noise of a machine, for pushbench compare')

export type Calibration = z.infer<typeof calibrationSchema>
type Entry = Calibration['series'][number]

/** What can be asked of a calibration. */
export interface CalibrationOptions {
  /** Runs a side of the comparisons to come. Unless given, 10. */
  readonly runsASide?: number
  readonly minimumEffects?: MinimumEffects
}

/**
 * Measures the noise of a machine.
 * @param results runs of the same code on the same machine; all runs of one series count as one sample
 * @throws {UsageError} when they are of different machines, or no series has two valid runs
 */
export function calibrate(results: readonly Result[], options: CalibrationOptions = {}): Calibration {
  const { runsASide = 10, minimumEffects = {} } = options
  const [first] = results
  if (first === undefined) throw new UsageError('calibrate: there is no result; give at least one')
  const environment = commonEnvironment(first, results)
  const { scenarios } = readingOf({
    ...first,
    measurements: results.flatMap(({ measurements }) => measurements),
  })
  const noises = scenarios
    .flatMap(({ series }) => series)
    .flatMap(series => gatedMetricsWith(minimumEffects).flatMap(gate => noiseOf(series, gate) ?? []))
  if (noises.length === 0)
    throw new UsageError('calibrate: no technique has two valid runs; measure with --runs 10 or more')
  const power = new Power({ ...usualDemand, family: noises.length })
  const series = noises.map(each => ({
    ...each,
    minimumDetectable: power.detectable(each.noise, runsASide),
    recommendedRuns: power.recommendedRuns(each.noise, each.minimumEffect),
  }))
  return {
    schemaVersion: 1,
    kind: 'calibration',
    madeAt: results.map(({ finishedAt }) => finishedAt).reduce((a, b) => (a > b ? a : b)),
    tool: first.tool,
    environment,
    runsASide,
    series,
    metrics: [...Map.groupBy(series, each => each.metric)].map(([name, entries]) =>
      overSeries(name, entries),
    ),
    recommendedRuns: largest(series.flatMap(each => each.recommendedRuns ?? [])),
  }
}

function commonEnvironment(first: Result, results: readonly Result[]): Calibration['environment'] {
  const facts = environmentFacts(first)
  const [other] = results.flatMap(result => differing(facts, environmentFacts(result)))
  if (other !== undefined)
    throw new UsageError(
      `calibrate: the results are not of one machine and version: ${differenceSentence(other)}; measure all on one`,
    )
  return Object.fromEntries(facts)
}

/** The scatter of one metric between the runs of one series; null where fewer than two have it. */
function noiseOf(
  { label, scenario, runs }: Series,
  { metric: name, kind, minimum }: GatedMetric,
): Omit<Entry, 'minimumDetectable' | 'recommendedRuns'> | null {
  const values = sortRuns(runs).usable.flatMap(run => metric(name).read(run) ?? [])
  const spread = shamos(values.map(effectKinds[kind].scaled))
  if (spread === null || !Number.isFinite(spread)) return null
  return {
    series: label,
    scenario,
    metric: name,
    runs: values.length,
    median: median(values),
    noise: spread,
    minimumEffect: minimumSize(kind, minimum, values),
  }
}

const largest = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.max(...values)

function overSeries(name: MetricName, entries: readonly Entry[]): Calibration['metrics'][number] {
  const worst = entries.reduce((a, b) => (b.noise > a.noise ? b : a))
  return {
    metric: name,
    noise: median(entries.map(each => each.noise)),
    minimumDetectable: worst.minimumDetectable,
    recommendedRuns: worst.recommendedRuns,
  }
}

/** The noise of a metric in a series; of one that was not calibrated, that of the metric's middle series. */
export function calibratedNoise(
  calibration: Calibration,
  series: string,
  scenario: string,
  { metric: name, kind }: GatedMetric,
): number | null {
  const own = calibration.series.find(
    each => each.metric === name && each.series === series && each.scenario === scenario,
  )
  if (own !== undefined) return own.noise
  // Noise in a unit, unlike relative noise, says nothing about another series.
  return kind === 'ratio' ? (calibration.metrics.find(each => each.metric === name)?.noise ?? null) : null
}

/**
 * Reads the text of a calibration.
 * @param name what to call the file in an error
 * @throws {ResultError} when the text is not a calibration of this version
 */
export function parseCalibration(text: string, name: string): Calibration {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ResultError(`${name} is not complete JSON: give the file that "pushbench calibrate" wrote`)
  }
  const parsed = calibrationSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ResultError(
    `${name} is not a calibration of this version at "${issue?.path.join('.')}": ${issue?.message}; run "pushbench calibrate" again`,
  )
}
