/** Everything that one run yields. */
import { z } from 'zod'
import { kind } from './kind.ts'
import { ceiling, load, relay } from './load.ts'
import { amount, count, summary } from './parts.ts'
import { storm } from './storm.ts'
import { warning } from './warning.ts'
import { workload } from './workload.ts'

const settingValue = z.union([z.string(), z.number(), z.boolean()])

const errors = z.object({
  refused: count,
  reset: count,
  timeout: count,
  protocol: count,
  status: count,
})

const timelinePoint = z.object({
  atMicros: z
    .number()
    .describe('start of the bin, from the start of the measured window; negative in the warm-up'),
  widthMicros: amount,
  connected: count,
  delivered: count.describe('events received in this bin, all clients'),
  requests: count.nullable().describe('requests that reached the server in this bin'),
  bytes: amount.nullable().describe('application bytes through the server sockets in this bin, both ways'),
  latencyP50Micros: amount.nullable(),
  latencyP99Micros: amount.nullable(),
})

const predicted = z
  .object({
    formula: z.string().describe('the closed form and what was put into it, in words'),
    gapMicros: amount
      .nullable()
      .describe('mean of the re-arm gap r, or of the time between requests, that was put in'),
    holdMicros: amount.nullable().describe('the hold H or the lifetime S that was put in'),
    waitMeanMicros: amount
      .nullable()
      .describe('mean time that an event waits in the server for what can carry it'),
    emptyRatio: amount.nullable().describe('share of responses without an event'),
    responsesPerEvent: amount.nullable(),
    heartbeatRatio: amount.nullable().describe('share of the writes of a stream that are heartbeats'),
    deliveredShare: amount
      .nullable()
      .describe('share of the events that are not overtaken before they can be delivered'),
  })
  .describe('the closed form for this setting; stands next to the measured values and never replaces them')

const subject = z
  .object({
    kind: z
      .enum(['module', 'target'])
      .describe('module: one given by --server; target: one that already ran'),
    name: z.string().describe('the module as it was given, or the URL at which clients subscribed'),
  })
  .describe('the server that was measured in place of the built-in one')

/** One measurement: one technique under one workload, once. */
export const measurement = z.object({
  technique: z.string(),
  subject: subject.optional(),
  scenario: z.string(),
  run: z.int().min(1).describe('repetition, counted from 1'),
  settings: z.record(z.string(), settingValue).describe('technique settings, units in the names'),
  workload,
  passed: z.boolean().describe('false when the run is invalid: see the failures'),
  failures: z.array(z.string()).describe('why the run is invalid; empty when it passed'),
  clients: z.object({
    asked: count,
    connected: count.describe('clients connected when the measured window opened'),
    reconnects: count.describe('connections lost and opened again within the measured window'),
    connectMicros: summary
      .nullable()
      .describe('from the first attempt until the server would deliver the next event'),
  }),
  latencyMicros: summary.nullable().describe('from the intended instant of an event to its receipt'),
  serviceMicros: summary.nullable().describe('from the actual publication of an event to its receipt'),
  waitMicros: summary
    .nullable()
    .describe(
      'time that an event waits in the server for a request or connection that can carry it; null for a server that does not observe it',
    ),
  rearmMicros: summary
    .nullable()
    .describe(
      "from the end of a response to the arrival of the same client's next request; null where there is none",
    ),
  skewMicros: summary
    .nullable()
    .describe('from the first to the last receiver of one event; null for an individual audience'),
  events: z.object({
    published: count.describe('events published within the measured window, all streams'),
    expected: count.describe('deliveries due: each published event once for every client of its stream'),
    delivered: count.describe('deliveries due that came, each counted once'),
    lost: count.describe(
      'expected - delivered - outstanding - heldBack - superseded - takenByOther, at the end of the drain',
    ),
    outstanding: count
      .optional()
      .describe(
        'deliveries that clients had yet to ask for, because a fault had left them without a connection when the run ended; absent without a fault, and counted as lost in older results',
      ),
    heldBack: count
      .optional()
      .describe(
        'deliveries that the buffer of the link still held at the end of the drain; absent without a buffer',
      ),
    superseded: count.describe('deliveries that a newer state overtook, where only the last value is kept'),
    takenByOther: count.describe('deliveries that another page of the same session took from its queue'),
    duplicated: count.describe('deliveries beyond the first of the same event to the same client'),
    outOfOrder: count.describe('first deliveries that came after a later event of the same stream'),
    overrun: count.describe('events that the server said were no longer in its log'),
  }),
  responses: z.object({
    total: count.describe('completed responses within the measured window'),
    empty: count,
    emptyRatio: amount.nullable().describe('empty / total'),
    emptyRatioError: amount
      .nullable()
      .optional()
      .describe(
        'standard error of emptyRatio over streams, whose clients share events; null with fewer than 10 streams and where none or all were empty, absent in older results',
      ),
    perDelivery: amount.nullable().describe('total / delivered'),
    errors,
  }),
  pages: z
    .array(z.object({ page: z.int().min(1), expected: count, delivered: count, missed: count }))
    .nullable()
    .describe('what the pages of a session were given, by their number in it; null where each has its own'),
  backendPolls: count
    .nullable()
    .describe('polls of the backend within the measured window, all servers; null where none is polled'),
  heartbeats: z
    .object({ sent: count, ratio: amount.nullable().describe('sent / (sent + events handed over)') })
    .nullable()
    .describe(
      'heartbeats that the server wrote within the measured window; null where it does not count them',
    ),
  bytes: z
    .object({
      toServer: count.nullable(),
      toClients: count.nullable(),
      deliveries: count.nullable().describe('events handed to connections within the same span as the bytes'),
      payload: count.nullable().describe('payloadBytes x deliveries'),
      perDelivery: amount.nullable().describe('(toServer + toClients) / deliveries'),
      overheadRatio: z.number().nullable().describe('(toServer + toClients - payload) / payload'),
    })
    .describe(
      'application bytes at the server sockets, at those of the clients where the server is a target, within the measured window: HTTP headers and framing included, TCP and IP not',
    ),
  server: load,
  fleet: load,
  kinds: z
    .array(kind)
    .optional()
    .describe('wire clients and page clients side by side; absent where there were only wire clients'),
  relay: relay.nullable().describe('null when there was no link'),
  ceiling: ceiling
    .nullable()
    .describe('null for a technique whose clients do not ask, and where it was not measured'),
  publisher: z.object({
    lagP99Micros: amount.nullable().describe('actual - intended publication, 99th percentile'),
  }),
  otherCpuShare: amount
    .max(1)
    .nullable()
    .optional()
    .describe(
      "share of the machine's CPU time in the measured window that processes outside the run took, steal included; null where it is not known, absent in older results",
    ),
  timeline: z.array(timelinePoint),
  predicted: predicted.nullable(),
  storm: storm.optional().describe('absent where no fault was asked for'),
  warnings: z.array(warning),
})

export type Measurement = z.infer<typeof measurement>
export type TimelinePoint = z.infer<typeof timelinePoint>
export type Predicted = z.infer<typeof predicted>
