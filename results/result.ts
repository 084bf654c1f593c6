/**
 * `results.json`, schema 1: the one thing that joins measuring and reporting. The zod schema below is the
 * single source of the TypeScript types, of the check when a file is read, and of the published JSON Schema.
 *
 * The room is the schema, the metrics and thresholds over it, and the one arrangement for reading (`reading.ts`). It
 * imports `model` and `statistics`; every room that writes or reads a result imports it.
 *
 * Rules of the format: units stand in the names; a number that was not measured is `null`, never 0; a
 * histogram is the base64 text of a compressed HDR histogram (V2 encoding) whose recorded unit is microseconds.
 */
import { z } from 'zod'
import { deliveries } from '../model/delivery.ts'
import { storm } from './storm-schema.ts'

/** The version written into `schemaVersion`. A reader refuses any other. */
export const schemaVersion = 1

const count = z.int().min(0)
const amount = z.number().min(0)

/** Order statistics of one duration, in microseconds. */
const summary = z
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

const settingValue = z.union([z.string(), z.number(), z.boolean()])

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

const workload = z
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

const load = z.object({
  cpuSeconds: amount
    .nullable()
    .describe('user + system CPU time within the measured window, all processes of this side'),
  cpuMicrosPerDelivery: amount
    .nullable()
    .describe(
      'cpuSeconds by the events handed over (server) or received (fleet) between the same two readings; depends on the load, so compare it at one load only',
    ),
  rssBytes: amount
    .nullable()
    .describe('resident memory at the end of the measured window, all processes of this side'),
  rssBytesPerClient: amount
    .nullable()
    .describe('growth of resident memory since before the first client, per client'),
  loopDelayP99Micros: amount.nullable().describe('99th percentile of the event-loop delay, worst process'),
  utilization: amount
    .nullable()
    .describe('event-loop utilisation within the measured window, 0 to 1, worst process'),
})

const relay = z
  .object({
    cpuSeconds: amount.nullable(),
    utilization: amount.nullable().describe('event-loop utilisation, 0 to 1, worst process'),
    loopDelayP99Micros: amount.nullable(),
    segments: count.describe('pieces of data that were forwarded'),
    addedP50Micros: amount
      .nullable()
      .describe('how much later than the link asked for a segment left the relay at the most, median'),
    addedP99Micros: amount.nullable(),
    idleCuts: count.describe('connections closed because they carried nothing for too long'),
  })
  .describe('what the relay itself cost and added within the measured window, all its processes')

const ceiling = z
  .object({
    requestsPerSecond: amount.describe('requests that reached the server in each second, by its own count'),
    seconds: amount.describe('how long they were counted, by the clock of the server'),
    connections: count.describe('connections that each asked again as soon as it was answered'),
    request: z.string().describe('what was asked; every answer was without an event'),
    serverCpuMicrosPerRequest: amount.nullable(),
    serverUtilization: amount.nullable().describe('event-loop utilisation of the server, 0 to 1'),
    generatorUtilization: amount.nullable().describe('that of the process that asked'),
    boundBy: z
      .enum(['server', 'generator', 'unclear'])
      .describe(
        'which of the two was at its limit; generator: the asking process; the server could do more, the figure is a lower bound',
      ),
    method: z.string().describe('how the figure was taken, in words'),
  })
  .describe('how many empty polls one server process answers at the most')

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

/** The closed list of things that a run says about its own numbers. */
export const warningCodes = [
  'aborted',
  'boot-failed',
  'connect-failed',
  'server-died',
  'shard-died',
  'relay-died',
  'ceiling-failed',
  'unpublished-events',
  'lost-events',
  'held-back-events',
  'duplicated-events',
  'out-of-order-events',
  'page-clients-lost',
  'page-clients-deviate',
  'shared-sessions',
  'log-overrun',
  'never-back',
  'fault-unnoticed',
  'fault-missed',
  'attempts-paced-by-machine',
  'connection-errors',
  'foreign-target',
  'no-samples',
  'generator-saturated',
  'generator-delay',
  'server-saturated',
  'late-readings',
  'relay-saturated',
  'publisher-lag',
  'few-samples',
  'few-draws',
  'short-window',
  'single-run',
  'phase-lock',
  'shared-cores',
  'memory-noise',
] as const

const warning = z.object({
  code: z.enum(warningCodes),
  message: z.string().describe('what was seen, with its numbers'),
  advice: z.string().describe('what it means for the reader and what to do about it'),
})

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

const kind = z.object({
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

const subject = z
  .object({
    kind: z
      .enum(['module', 'target'])
      .describe('module: one given by --server; target: one that already ran'),
    name: z.string().describe('the module as it was given, or the URL at which clients subscribed'),
  })
  .describe('the server that was measured in place of the built-in one')

const measurement = z.object({
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
      'expected - delivered - heldBack - superseded - takenByOther, at the end of the drain',
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
        'standard error of emptyRatio over streams, whose clients share events; null with fewer than 10 streams, absent in older results',
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
  timeline: z.array(timelinePoint),
  predicted: predicted.nullable(),
  storm: storm.optional().describe('absent where no fault was asked for'),
  warnings: z.array(warning),
})

/** The whole file. */
export const resultSchema = z
  .object({
    schemaVersion: z.literal(schemaVersion),
    tool: z.object({ name: z.literal('pushbench'), version: z.string() }),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime(),
    aborted: z.boolean().describe('true when a signal or an `abort` threshold ended the measuring early'),
    environment: z.object({
      node: z.string(),
      cpu: z.string(),
      cores: count,
      memoryBytes: amount,
      kernel: z.string(),
      fdLimit: count.nullable(),
      portRange: z.string().nullable().describe('net.ipv4.ip_local_port_range'),
      congestionControl: z.string().nullable().describe('net.ipv4.tcp_congestion_control'),
      loadAverage: z.number().nullable().describe('1-minute load average when the measuring began'),
      gitCommit: z.string().nullable(),
      packages: z.record(z.string(), z.string()).describe('versions of the libraries on the measured path'),
    }),
    command: z.object({ argv: z.array(z.string()), seed: z.int() }),
    measurements: z.array(measurement),
  })
  .describe('pushbench results, schema 1')

export type Result = z.infer<typeof resultSchema>
export type Measurement = z.infer<typeof measurement>
export type Summary = z.infer<typeof summary>
export type Workload = z.infer<typeof workload>
export type StoredLink = z.infer<typeof link>
export type Ceiling = z.infer<typeof ceiling>
export type RelayFigures = z.infer<typeof relay>
export type KindFigures = z.infer<typeof kind>
export type RequestParts = z.infer<typeof requestParts>
export type Load = z.infer<typeof load>
export type TimelinePoint = z.infer<typeof timelinePoint>
export type Predicted = z.infer<typeof predicted>
export type Warning = z.infer<typeof warning>
export type WarningCode = (typeof warningCodes)[number]

/** What a measurement is of, in words: a technique of ours, or of which server. */
export const subjectName = ({ technique, subject }: Pick<Measurement, 'technique' | 'subject'>): string =>
  subject === undefined ? technique : `${technique} · ${subject.name}`

/** The published JSON Schema (draft 2020-12) of `results.json`. */
export const resultJsonSchema = (): object =>
  z.toJSONSchema(resultSchema, { target: 'draft-2020-12', io: 'input' })

/** A result that cannot be read: `message` is one sentence for the user. */
export class ResultError extends Error {}

/**
 * Reads the text of a `results.json`.
 * @param name what to call the file in an error
 * @throws {ResultError} when the text is cut off, is not JSON, is from another tool or another schema version
 */
export function parseResult(text: string, name: string): Result {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ResultError(
      text.trim() === ''
        ? `${name} is empty: give the results.json that a run wrote`
        : `${name} is not complete JSON (${text.length} characters): the file was cut off or is not a results.json`,
    )
  }
  const head = value as { schemaVersion?: unknown; tool?: { name?: unknown } } | null
  if (typeof head !== 'object' || head === null || head.tool?.name !== 'pushbench') {
    throw new ResultError(`${name} was not written by pushbench: "tool.name" is missing or another`)
  }
  if (head.schemaVersion !== schemaVersion) {
    throw new ResultError(
      `${name} has schemaVersion ${JSON.stringify(head.schemaVersion)}; this version of pushbench reads ${schemaVersion}`,
    )
  }
  const parsed = resultSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ResultError(
    `${name} breaks schema ${schemaVersion} at "${issue?.path.join('.')}": ${issue?.message}`,
  )
}
