/** What was asked of a run: its workload and the link between clients and server. */
import { z } from 'zod'
import { deliveries } from '../../model/delivery.ts'
import { amount, count } from './parts.ts'

const link = z
  .object({
    rttMicros: amount.describe('round-trip time, half of it each way'),
    jitterMicros: amount.describe('each segment takes up to this much longer one way, uniformly, in order'),
    bandwidthBitsPerSecond: amount
      .nullable()
      .describe('application bits for each connection and direction; null is without a limit'),
    bufferBytes: z
      .union([count, z.literal('until-end')])
      .nullable()
      .describe('bytes of a response body that are collected before they are passed on'),
    rechunkBytes: count.nullable().describe('bodies are split again into pieces of at most this many bytes'),
    idleCutMicros: amount.nullable().describe('a connection that is idle for this long is closed'),
  })
  .describe('what the relay between clients and server was asked to do')

/** The workload of a run, as it was asked for. */
export const workload = z
  .object({
    clients: count.describe('simulated clients, over all client processes'),
    audience: z.string().describe('broadcast, individual or rooms:<n>'),
    arrivals: z
      .enum(['poisson', 'periodic', 'pulses'])
      .describe('the process that spaces the events of a stream'),
    ratePerSecond: amount.describe('events per second and stream'),
    payloadBytes: count.describe('bytes of one encoded event text, its stamp included'),
    warmupMicros: amount,
    effectiveWarmupMicros: amount
      .optional()
      .describe('the warm-up as it was, where what is measured needs a longer one than was asked for'),
    warmupReason: z.string().optional().describe('why the warm-up was longer'),
    durationMicros: amount.describe('the measured window, as it was'),
    durationAskedMicros: amount
      .optional()
      .describe('the window as asked for: a storm ends when all are back; absent in older results'),
    logEvents: count.describe('events that the server keeps per stream for clients that come back'),
    delivery: z.enum(deliveries).describe('what the server promises: log, session-queue or last-value'),
    pagesPerSession: z.int().min(1).describe('consecutive clients that are pages of one session'),
    backendPollMicros: amount.describe(
      'how often the server asks its backend for events; 0 where the backend pushes them',
    ),
    headers: z.enum(['minimal', 'browser']).describe('which request headers the wire clients send'),
    backoff: z.string().describe('the reconnect policy of the clients, as `--backoff` reads it'),
    fault: z.string().nullable().describe('what was done to the server or the link, as `--fault` reads it'),
    acceptRatePerSecond: amount
      .nullable()
      .describe('connections that the server takes per second; null is without a limit'),
    shards: count.describe('client processes'),
    servers: count.describe('server processes'),
    link: link.nullable().describe('null when the clients are connected straight to the server'),
    relays: count.describe('relay processes'),
    seed: z.int().describe('what this run drew from: given as --seed with --runs 1 it repeats this run'),
  })
  .describe('what was asked of this run; enough to repeat it')

export type Workload = z.infer<typeof workload>
export type StoredLink = z.infer<typeof link>
