/** What became of a condition that a result had to meet. */
import { z } from 'zod'
import { count } from './parts.ts'

const failure = z.object({
  series: z
    .string()
    .describe('the technique, with its settings, fault or backoff where the result has several'),
  scenario: z.string(),
  runs: count.describe('runs that do not meet the condition; for a median the runs that it is of'),
  of: count.describe('runs of the series'),
  withoutValue: count.describe('runs in which the metric was not measured'),
  broken: count
    .optional()
    .describe('runs that broke, so that their numbers do not count; absent where none did'),
  worst: z
    .number()
    .nullable()
    .describe(
      'the value farthest beyond the limit, in the stored unit of the metric; null where there is none, or the time never came',
    ),
})

/** A condition, and where it was not met. */
export const thresholdOutcome = z.object({
  condition: z.string().describe('as it was written'),
  met: z.boolean().describe('false as well where nothing was measured that the condition speaks of'),
  failures: z.array(failure).describe('one for each series that does not meet it, over all its runs'),
})

export type ThresholdOutcome = z.infer<typeof thresholdOutcome>
export type ThresholdFailure = z.infer<typeof failure>
