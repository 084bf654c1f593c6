/** What one kind of client received and asked: wire clients, or page clients in jsdom or Chromium. */
import { z } from 'zod'
import { amount, count, summary } from './parts.ts'

const requestParts = z
  .object({
    requests: count.describe(
      'requests for events that the means are of: those of the measured window, or of connecting where a kind made none in it',
    ),
    lineBytes: amount.describe('request line without the numbers in it, and the end of the head'),
    numberBytes: amount.describe('digits of the numbers in the URL, of streams and cursors'),
    headerBytes: z.record(z.string(), amount).describe('whole header lines by lower-case name'),
    bodyBytes: amount,
  })
  .describe('the parts of requestBytes, each the mean over the same requests')

/** The figures of one kind of client in a measurement. */
export const kind = z.object({
  kind: z.enum(['wire', 'dom', 'browser']).describe('bare HTTP, the page in jsdom, the page in Chromium'),
  clients: count,
  connected: count.describe('clients connected when the measured window opened'),
  latencyMicros: summary.nullable().describe('from the intended instant of an event to its receipt'),
  events: z.object({
    expected: count,
    delivered: count,
    lost: count,
    heldBack: count.optional().describe('absent where the link held none back'),
    duplicated: count,
    outOfOrder: count,
  }),
  requestBytes: amount
    .nullable()
    .describe('mean bytes of a request for events as the server saw it, head and body; null: not measured'),
  requestParts: requestParts.optional(),
  requestDifferences: z
    .array(
      z.object({
        part: z
          .string()
          .describe('a header by lower-case name, the request line, the numbers in the URL, or the body'),
        bytes: z
          .number()
          .describe('mean bytes beyond those of the wire clients; negative where there are fewer'),
        reason: z.string().nullable().describe('null: not explained'),
      }),
    )
    .optional()
    .describe('where a mean request differs from that of the wire clients by a byte or more'),
  clockErrorMicros: amount
    .nullable()
    .describe("how far the kind's clock may be from the run's; null where it is the run's"),
  deviation: z.string().nullable().describe('how the kind differs from the technique, with the reason'),
})

export type KindFigures = z.infer<typeof kind>
export type RequestParts = z.infer<typeof requestParts>
