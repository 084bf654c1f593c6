/**
 * What the instrument costs: CPU per delivered event of a client process against the bare loop over the same library,
 * block by block in one run, and memory per simulated client.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { pairOf, scenarios, type Technique } from '../index.ts'
import type { ClientJob, ServerJob, Start } from '../measure/messages/job.ts'
import type { ProcessLoad } from '../measure/messages/process-load.ts'
import type { ClientReport } from '../measure/messages/report.ts'
import { Child } from '../measure/run/child.ts'
import { clockFrom, type Origin, originNow } from '../model/clock.ts'
import { defaults } from '../model/settings.ts'
import { after, type Micros, micros, milliseconds, seconds } from '../model/units.ts'
import type { BareJob, BareReport, Pace } from './bare-client.ts'

/** One process in one block. */
interface Block {
  /** CPU time per delivered event, or per request. */
  readonly cpuMicros: number
  /** Growth of resident memory per client. */
  readonly bytesPerClient: number
}

/** Figures of one technique: a client process and the bare loop, block by block. */
export interface FleetFigures {
  readonly clientProcess: readonly Block[]
  readonly bare: readonly Block[]
}

const schedule = { seed: 1, arrivals: 'periodic', ratePerSecond: 4 } as const
/** The two of a pair get their events in turns: at the same instants they would compete for the same cores. */
const halfPeriod = milliseconds(125)
const window = seconds(5)

/** The pace of a technique's own client under its default settings; null for one that does not ask again. */
function paceOf(technique: Technique): Pace | null {
  const { interval, pause, action, timing } = defaults(pairOf(technique).client.settings)
  if (typeof action === 'number') return { timing: 'poisson', intervalMs: action / 1_000 }
  if (typeof pause === 'number') return { timing: 'fixed-delay', intervalMs: pause / 1_000 }
  if (typeof interval !== 'number') return null
  return { timing: timing === 'fixed-rate' ? timing : 'fixed-delay', intervalMs: interval / 1_000 }
}

/** What the cost of a technique is counted by: requests where it makes them, events elsewhere. */
export const unitOf = (technique: Technique): 'request' | 'event' =>
  paceOf(technique) === null ? 'event' : 'request'

/**
 * Measures a technique in `blocks` pairs, each in fresh processes. The two of a pair run at the same time, each
 * against a server of its own, so that other load on the machine disturbs both.
 */
export async function measureFleet(
  technique: Technique,
  clients: number,
  blocks: number,
): Promise<FleetFigures> {
  const clientProcess: Block[] = []
  const bare: Block[] = []
  for (let block = 0; block < blocks; block++) {
    const origin = originNow()
    const together = startTogether(technique, origin, 2)
    const [shardFigures, bareFigures] = await Promise.all([
      shardBlock(technique, clients, origin, together),
      bareBlock(technique, clients, origin, together),
    ])
    clientProcess.push(shardFigures)
    bare.push(bareFigures)
  }
  return { clientProcess, bare }
}

/** Called by each of `sides` once it is connected; all get the same instants when the last has called. */
function startTogether(technique: Technique, origin: Origin, sides: number): () => Promise<Start> {
  const { promise, resolve } = Promise.withResolvers<Start>()
  let awaited = sides
  return () => {
    if (--awaited === 0) resolve(startNow(technique, origin))
    return promise
  }
}

/** A block from what its process said of itself. */
function blockOf(load: ProcessLoad | null, units: number, clients: number): Block {
  if (load === null || units === 0) throw new Error('a block ended without figures')
  return {
    cpuMicros: (load.cpuSeconds * 1e6) / units,
    bytesPerClient: (load.rssBytes - load.rssBaselineBytes) / clients,
  }
}

/** One side of a pair. */
type Side = (
  technique: Technique,
  clients: number,
  origin: Origin,
  connected: () => Promise<Start>,
) => Promise<Block>

const shardBlock: Side = (technique, clients, origin, connected) =>
  withServer(technique, origin, async (server, url) => {
    const { client, clientModule } = pairOf(technique)
    const clientProcess = new Child('client-process', 'the client process')
    const job: ClientJob = {
      role: 'client',
      origin,
      adapter: { module: clientModule, technique },
      settings: defaults(client.settings),
      endpoints: [{ url, from: 0, to: clients }],
      from: 0,
      to: clients,
      audience: 'broadcast',
      delivery: 'log',
      pagesPerSession: 1,
      schedule,
      headers: 'browser',
      backoff: scenarios.steady.workload.backoff,
      patience: seconds(60),
    }
    clientProcess.send({ type: 'job', job })
    await clientProcess.next('ready', 15_000)
    clientProcess.send({ type: 'ramp', clients })
    await clientProcess.next('ramped', 60_000)
    const start = await connected()
    for (const child of [server, clientProcess]) child.send({ type: 'start', start })
    const { report } = await clientProcess.next('report', 60_000)
    await clientProcess.close()
    const { counts, load } = report as ClientReport
    if (counts.lost > 0) throw new Error(`${technique}: the client process lost ${counts.lost} events`)
    const responses = counts.responses.reduce((sum, [, total]) => sum + total, 0)
    return blockOf(load, unitOf(technique) === 'request' ? responses : counts.delivered, clients)
  })

const bareBlock: Side = (technique, clients, origin, connected) =>
  withServer(technique, origin, async (server, url) => {
    const bare = fork(new URL('./bare-client.ts', import.meta.url), { execArgv: ['--max-semi-space-size=4'] })
    const job: BareJob = { technique, url: `${url}?stream=0`, clients, origin, pace: paceOf(technique) }
    bare.send({ job })
    await once(bare, 'message')
    const start = later(await connected(), halfPeriod)
    server.send({ type: 'start', start })
    bare.send({ window: start.window, origin })
    const [{ report }] = (await once(bare, 'message')) as [{ report: BareReport }]
    const { load, deliveries, responses } = report
    return blockOf(load, unitOf(technique) === 'request' ? responses : deliveries, clients)
  })

async function withServer<T>(
  technique: Technique,
  origin: Origin,
  use: (server: Child, url: string) => Promise<T>,
): Promise<T> {
  const { server: adapter, serverModule } = pairOf(technique)
  const server = new Child('server-process', 'the server')
  const job: ServerJob = {
    role: 'server',
    origin,
    adapter: { module: serverModule, technique },
    settings: defaults(adapter.settings),
    address: { host: '127.0.0.1', port: 0 },
    streams: [0],
    countedStreams: [0],
    schedule,
    payloadBytes: 128,
    logEvents: 1_000,
    delivery: 'log',
    backendPoll: seconds(0),
  }
  try {
    server.send({ type: 'job', job })
    const { url } = await server.next('listening', 15_000)
    return await use(server, url)
  } finally {
    await server.close()
  }
}

function startNow(technique: Technique, origin: Origin): Start {
  const { client } = pairOf(technique)
  const startAt = after(clockFrom(origin)(), milliseconds(100))
  // Between two events, so that no event falls on an edge that two processes place differently.
  const from = after(startAt, milliseconds(2_125))
  const to = after(from, window)
  // Losses are counted elsewhere; here every event must have arrived, on a busy machine too.
  const drain = micros(client.drain(defaults(client.settings)) + seconds(10))
  return { startAt, window: { from, to }, drainUntil: after(to, drain) }
}

const later = ({ startAt, window, drainUntil }: Start, delay: Micros): Start => ({
  startAt: after(startAt, delay),
  window: { from: after(window.from, delay), to: after(window.to, delay) },
  drainUntil: after(drainUntil, delay),
})
