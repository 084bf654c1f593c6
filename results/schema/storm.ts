/**
 * What a storm leaves in `results.json`: both sides of the clients' coming back, apart. Clients report when they
 * set out, the server when it took them: a busy server hides the peak that hits it.
 */
import { z } from 'zod'
import { amount, count } from './parts.ts'

/** Counts per window of 100 ms; empty windows are left out. */
const perWindow = z.array(
  z.object({
    atMicros: z
      .number()
      .describe(
        'start of the window of 100 ms, from the start of the measured window; one of those of attempts begins when clients begin to notice the fault, one of the others when the fault is due',
      ),
    count,
  }),
)

/** Order statistics over clients, in microseconds. */
const times = z.object({ p50: amount, p90: amount, p99: amount, max: amount })

/** Times until 50, 90, 99 and 100 % of the affected clients were back; null where fewer came back. */
const backTimes = z.object({
  p50: amount.nullable(),
  p90: amount.nullable(),
  p99: amount.nullable(),
  max: amount.nullable(),
})

/** What one event of a herd met: events of a storm are few and are reported one by one. */
const pulse = z.object({
  atMicros: z.number().describe('when it was due, from the start of the measured window'),
  afterMicros: amount.nullable().describe('how long after the event before it; null for the first of a pair'),
  gapShare: amount
    .nullable()
    .describe('afterMicros in units of the median re-arm gap; null for the first of a pair'),
  delivered: count,
  lost: count,
  metArmed: count.describe('deliveries that met a request that was waiting for them'),
  waited: count.describe('deliveries that lay in the log until the client had asked again'),
  latencyMicros: times.nullable(),
  rearmed: count.describe('requests that followed answers given from this event on and before the next'),
  rearmMicros: times
    .nullable()
    .describe('from the end of such an answer to the arrival of the same client’s next request'),
})

/** The model of the same storm, computed with the same backoff code on a virtual clock. */
const simulated = z
  .object({
    peakArrivalsPer100ms: count.describe(
      'attempts that could meet the returned server; next to peakAfterReturnPer100ms',
    ),
    backMicros: backTimes.nullable(),
    attempts: count,
    serviceMicros: amount.describe(
      'time that the server takes for one connection and its request, round trips left out, as put into the model: that of the ramp before the fault',
    ),
    noticedWithinMicros: amount.describe('over how long the clients noticed the loss, as put into the model'),
  })
  .describe('what a discrete-event model of the same storm yields, next to the measured values')

/** What clients that stopped reading received late. */
const backlog = z
  .object({
    clients: count.describe('clients that stopped reading'),
    deliveries: count.describe('deliveries to them that were due before they read again and came afterwards'),
    latencyMicros: times
      .nullable()
      .describe('of these deliveries, from the instant at which each was due; null without any'),
    clearedMicros: amount
      .nullable()
      .describe('from the instant at which the clients read again until the last of these deliveries came'),
  })
  .describe('what came late to clients that had stopped reading; absent for a fault that lets clients read')

/** The storm of a measurement. */
/** What a storm was and what it did to clients and server. */
export const storm = z
  .object({
    fault: z.string().describe('what was done, with its parameters, as `--fault` reads it'),
    backoff: z.string().describe('the backoff policy of the clients, as `--backoff` reads it'),
    acceptRatePerSecond: amount
      .nullable()
      .describe('connections that the server takes per second; null: no limit'),
    of: z
      .enum(['connections', 'requests', 'deliveries'])
      .describe(
        'what comes all at once: clients that reconnect, requests on open connections, or deliveries that had to wait',
      ),
    faultAtMicros: z.number().describe('when it was done, from the start of the measured window'),
    serverBackAtMicros: z
      .number()
      .nullable()
      .describe('when connections could be made and used again; null where they always could'),
    connected: z
      .array(z.object({ atMicros: z.number(), clients: count }))
      .describe('clients connected at the end of each 10 ms in which that changed'),
    arrivals: perWindow.describe(
      'connections: attempts at the instant at which clients start them, after a loss or to replace a connection that the server closed between two requests; requests: as they reach the server',
    ),
    accepted: perWindow.describe('connections as the server takes them'),
    requests: perWindow.describe('requests as they reach the server'),
    peakArrivalsPer100ms: count,
    peakAfterReturnPer100ms: count.describe(
      'the peak of arrivals that could meet the returned server: in windows of which the first begins at serverBackAtMicros, over a link half a round trip before, or with the first attempt under way then that succeeded',
    ),
    meanArrivalsPer100ms: amount
      .nullable()
      .describe('from the first whole window after the fault until the last client is back'),
    dispersion: amount
      .nullable()
      .describe('variance / mean of arrivals per 100 ms over the same span; 1 for a Poisson process'),
    affected: count.describe(
      'clients that noticed the loss of their connection, or opened another because the server had closed it',
    ),
    moved: count
      .optional()
      .describe(
        'those of them that lost nothing: the server closed their connection between two requests or streams, and they opened another; absent in results of before they were counted',
      ),
    noticedMicros: times
      .nullable()
      .describe('per affected client: from the fault until it noticed, or opened another connection'),
    backMicros: backTimes
      .nullable()
      .describe(
        'per affected client: from the fault until connected again for good; null where none was affected',
      ),
    backAfterReturnMicros: backTimes.nullable().describe('the same from serverBackAtMicros'),
    neverBack: count.describe('clients that were not connected when the run ended'),
    attempts: z.object({
      total: count,
      refused: count,
      reset: count,
      timeout: count,
      other: count.describe('answered by a status or a broken protocol'),
    }),
    wastedPerClient: amount.nullable().describe('attempts that failed, per affected client'),
    missed: z.object({
      caughtUp: count.describe(
        'deliveries of events that were due while the client was away, recovered from the log later',
      ),
      lost: count.describe('deliveries of events that never came'),
    }),
    firstEventLatencyMicros: times
      .nullable()
      .describe(
        'the first event that reached a client once it was back, from the instant at which it was due',
      ),
    backlog: backlog.optional(),
    server: z.object({
      peakRssBytes: amount.nullable().describe('largest resident memory of a server process, ever'),
      peakConnectionsPerSecond: count
        .nullable()
        .describe('most connections taken within one second; null for a server whose sockets are not ours'),
    }),
    listenOverflows: count
      .nullable()
      .describe(
        'connections that the kernel dropped because a listen queue was full, on the whole host; null where the kernel does not report it',
      ),
    pulses: z.array(pulse).nullable().describe('each event of a herd; null for other faults'),
    simulated: simulated.nullable(),
  })
  .describe('a storm: what the clients did after the fault, and what the server saw of it')

export type Storm = z.infer<typeof storm>
export type StormTimes = z.infer<typeof times>
export type StormBackTimes = z.infer<typeof backTimes>
export type StormPulse = z.infer<typeof pulse>
