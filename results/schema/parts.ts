/** What the parts of the schema share: counts, amounts and the summary of a duration. */
import { z } from 'zod'

/** A whole number from 0. */
export const count = z.int().min(0)

/** A number from 0; the unit stands in the name of the field. */
export const amount = z.number().min(0)

/** Order statistics of one duration, in microseconds. */
export const summary = z
  .object({
    count: z.int().min(1).describe('number of samples'),
    min: amount,
    mean: amount.describe('exact arithmetic mean, not derived from the histogram'),
    p50: amount,
    p90: amount,
    p95: amount,
    p99: amount,
    p999: amount,
    max: amount,
    histogram: z.string().describe('HDR histogram, compressed V2 encoding, base64, unit microseconds'),
  })
  .describe(
    'order statistics of one duration, in microseconds; quantiles carry the histogram resolution of 0.1 %',
  )

export type Summary = z.infer<typeof summary>
