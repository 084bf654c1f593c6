/**
 * How far chance moves a median latency: another run draws other events, and its clients ask at other moments. The
 * interval comes from what a run measured, so that two techniques with the same wait are not ranked by luck.
 */
import { upperQuantile } from '../statistics/normal.ts'
import { median } from '../statistics/order-statistics.ts'
import { studentQuantile } from '../statistics/student.ts'
import { quantiles } from './histogram.ts'
import type { Series } from './reading.ts'
import type { Measurement } from './result.ts'
import { phaseError } from './shared-phase.ts'

/** How often an interval holds the median that many more runs would have. */
const confidence = 0.95

/** The median latency of a series, and between which values it lies; microseconds. */
export interface LatencyInterval {
  readonly median: number
  readonly low: number
  readonly high: number
}

/**
 * So many independent draws are behind the latencies of a run. Where an event is sent at once, all its receivers share
 * its moment: a draw is an event. Where clients ask at moments of their own, each receiver waits for its own request,
 * and a draw is a response with events: events that came in one pause of a client may share its length. With periodic
 * events such a client meets all of them at related phases: a draw is a client.
 */
export function independentDraws({ clients, events, predicted, responses, workload }: Measurement): number {
  const asksByItself = predicted !== null && predicted.waitMeanMicros !== null && !predicted.holdMicros
  if (!asksByItself) return events.published
  const answered = responses.total - responses.empty
  return workload.arrivals === 'periodic' ? Math.min(answered, clients.asked) : answered
}

/**
 * The interval of one run: the quantiles so far from the median as the share of samples below it may be off (Woodruff,
 * "Confidence intervals for medians and other position measures", 1952), and no narrower than shared phases ask for, which
 * the samples of one run do not show. Null where nothing was received.
 */
function intervalOf(run: Measurement): LatencyInterval | null {
  const { latencyMicros } = run
  if (latencyMicros === null) return null
  const { count, histogram, max, min, p50 } = latencyMicros
  const draws = Math.max(1, Math.min(count, independentDraws(run)))
  const off = Math.min(50, (50 * upperQuantile((1 - confidence) / 2)) / Math.sqrt(draws))
  const [low = min, high = max] = quantilesOf(histogram, [50 - off, 50 + off])
  const phase = phaseError(run, confidence)
  return {
    median: p50,
    low: Math.min(p50 - phase, Math.max(min, low)),
    high: Math.max(p50 + phase, Math.min(max, high)),
  }
}

/** The values at some percentiles; none where the histogram cannot be read, so that all samples are in the interval. */
function quantilesOf(histogram: string, percentiles: readonly number[]): number[] {
  try {
    return quantiles(histogram, percentiles).map(({ micros }) => micros)
  } catch {
    return []
  }
}

/** The standard error of a median of many normal values is so many times that of their mean; of two it is the same. */
const medianPenalty = (count: number): number => (count > 2 ? Math.sqrt(Math.PI / 2) : 1)

/** Fewer runs say less of how far runs differ than the samples within them do. */
const runsForSpread = 5

/** How far the median of some runs may be off, by how far these differ; 0 where they are too few to say. */
function betweenRuns(medians: readonly number[]): number {
  const count = medians.length
  if (count < runsForSpread) return 0
  const mean = medians.reduce((sum, each) => sum + each, 0) / count
  const variance = medians.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (count - 1)
  return studentQuantile(confidence, count - 1) * Math.sqrt(variance / count)
}

/**
 * The median across the runs of a series, and its interval: by the samples of each run, or, from five runs on, by how
 * far the runs differ, whichever is wider. Null where nothing was received.
 */
export function latencyInterval({ runs }: Pick<Series, 'runs'>): LatencyInterval | null {
  const each = runs.flatMap(run => intervalOf(run) ?? [])
  if (each.length === 0) return null
  const centre = median(each.map(one => one.median))
  const across = betweenRuns(each.map(one => one.median))
  const within = (width: (one: LatencyInterval) => number): number =>
    Math.hypot(...each.map(width)) / each.length
  const farthest = (width: (one: LatencyInterval) => number): number =>
    medianPenalty(each.length) * Math.max(across, within(width))
  return {
    median: centre,
    low: Math.max(0, centre - farthest(one => one.median - one.low)),
    high: centre + farthest(one => one.high - one.median),
  }
}

/**
 * By how much the second median may be above the first by chance alone, in microseconds: the two distances, squared and
 * added (Zou and Donner, "Construction of confidence limits about effect measures", 2008).
 */
export const chanceBetween = (fast: LatencyInterval, slow: LatencyInterval): number =>
  Math.hypot(fast.high - fast.median, slow.median - slow.low)
