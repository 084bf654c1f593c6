/** What a run cost: the load of server, clients and relays, and how much a server answers at the most. */
import { z } from 'zod'
import { amount, count } from './parts.ts'

/** CPU, memory and event loop of one side of a run. */
export const load = z.object({
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
    .describe(
      'event-loop utilisation within the measured window, 0 to 1, worst process: by the clock, waiting for a core included',
    ),
})

/** What the relay processes cost and added. */
export const relay = z
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

/** The most requests that a server answers per second. */
export const ceiling = z
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

export type Load = z.infer<typeof load>
export type RelayFigures = z.infer<typeof relay>
export type Ceiling = z.infer<typeof ceiling>
