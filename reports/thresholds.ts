/** Conditions that a result does not meet, in words: one sentence for all runs of a series. */
import type { ThresholdFailure, ThresholdOutcome } from '../results/result.ts'
import { readThreshold, type Threshold } from '../results/thresholds.ts'
import { noData, showApart } from './display.ts'

/** What is said before a sentence where nothing around it says so. */
export const thresholdHeading = 'threshold failed'

/**
 * A sentence for each series that does not meet a condition, without a full stop:
 * `latency.p99 < 200ms: sse has 212 ms in 3 of 10 runs`.
 */
export function thresholdSentences(outcomes: readonly ThresholdOutcome[] = []): string[] {
  const failed = outcomes.filter(({ met }) => !met)
  const scenarios = new Set(failed.flatMap(({ failures }) => failures.map(({ scenario }) => scenario)))
  return failed.flatMap(({ condition, failures }) => {
    const read = readThreshold(condition)
    if (failures.length === 0 || !('value' in read))
      return `${condition}: nothing was measured that it speaks of`
    return failures.map(failure => {
      const where = scenarios.size > 1 ? `${failure.series} in ${failure.scenario}` : failure.series
      return `${condition}: ${where} ${failureText(failure, read.value)}`
    })
  })
}

function failureText(failure: ThresholdFailure, threshold: Threshold): string {
  const { runs, of, withoutValue, broken = 0, worst } = failure
  if (broken === of) return `has no valid run: ${of === 1 ? 'it' : `all ${of}`} broke`
  const { isOfMedian, bound, metric, text } = threshold
  const inRuns = (count: number): string => (of === 1 ? '' : ` in ${count} of ${of} runs`)
  const why = broken > 0 ? `, ${broken} of which broke` : ''
  const missing = withoutValue === 0 ? [] : [`has ${noData}${inRuns(withoutValue)}${why}`]
  if (isOfMedian && withoutValue > 0) return `${missing.join()}, and so no median`
  const count = runs - withoutValue
  if (count === 0) return missing.join()
  const over = isOfMedian && of > 1 ? ` as the median of ${of} runs` : inRuns(count)
  if (worst === null) return [`never got there${over}`, ...missing].join('; ')
  const [value, limit] = showApart(worst, bound, metric.unit)
  // A limit that reads as it was written need not be said again.
  const isSaid = bare(text).includes(bare(limit))
  return [`has ${value}${over}${isSaid ? '' : `, limit ${limit}`}`, ...missing].join('; ')
}

/** A number with its unit without what its digits alone say. */
const bare = (text: string): string => text.replaceAll(' ', '').replace(/\.0+(?!\d)/g, '')
