/**
 * What the instrument costs: CPU per delivered event of a shard against the bare loop over the same library,
 * block by block in one run, and memory per simulated client.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { pairOf, scenarios, type Technique } from '../index.ts'
import { Child } from '../measure/child.ts'
import { clockFrom, type Origin, originNow } from '../measure/clock.ts'
import type { ServerJob, ShardJob, ShardReport, Start } from '../measure/job.ts'
import { defaults } from '../measure/settings.ts'
import { after, milliseconds, seconds } from '../measure/units.ts'
import type { BareReport } from './bare-client.ts'

/** Figures of one technique. */
export interface FleetFigures {
  readonly technique: Technique
  readonly clients: number
  /** CPU per event or request of the shard over that of the bare loop, a pair a block. */
  readonly ratios: readonly number[]
  readonly shardMicros: readonly number[]
  readonly bareMicros: readonly number[]
  /** Growth of the shard's resident memory per client, a value a block. */
  readonly bytesPerClient: readonly number[]
}

const schedule = { seed: 1, arrivals: 'periodic', ratePerSecond: 4 } as const
const window = seconds(5)

/** Time between two requests of the bare loop: what the technique's own default is. */
const intervals: Partial<Record<Technique, number>> = {
  polling: 1_000,
  'jsonp-polling': 1_000,
  'page-refresh': 1_000,
  'busy-polling': 200,
  'long-polling': 0,
  'script-long-polling': 0,
}

/** What the cost of a technique is counted by: requests where it makes them, events elsewhere. */
export const unitOf = (technique: Technique): 'request' | 'event' =>
  intervals[technique] === undefined ? 'event' : 'request'

/** Measures a technique in `blocks` pairs of blocks, each in fresh processes. */
export async function measureFleet(
  technique: Technique,
  clients: number,
  blocks: number,
): Promise<FleetFigures> {
  const [ratios, shardMicros, bareMicros, bytesPerClient]: number[][] = [[], [], [], []]
  for (let block = 0; block < blocks; block++) {
    // Whichever comes first meets the machine as the other left it; taking turns evens that out.
    const order = block % 2 === 0 ? ['shard', 'bare'] : ['bare', 'shard']
    let [shard, bare] = [0, 0]
    for (const kind of order) {
      if (kind === 'bare') {
        const { cpuSeconds, deliveries, responses } = await bareBlock(technique, clients)
        bare = (cpuSeconds * 1e6) / (unitOf(technique) === 'request' ? responses : deliveries)
      } else {
        const { counts, load } = await shardBlock(technique, clients)
        if (load === null || counts.lost > 0)
          throw new Error(`${technique}: the shard lost ${counts.lost} events`)
        shard =
          (load.cpuSeconds * 1e6) / (unitOf(technique) === 'request' ? counts.responses : counts.delivered)
        bytesPerClient?.push((load.rssBytes - load.rssBaselineBytes) / clients)
      }
    }
    shardMicros?.push(shard)
    bareMicros?.push(bare)
    ratios?.push(shard / bare)
  }
  return {
    technique,
    clients,
    ratios: ratios ?? [],
    shardMicros: shardMicros ?? [],
    bareMicros: bareMicros ?? [],
    bytesPerClient: bytesPerClient ?? [],
  }
}

async function shardBlock(technique: Technique, clients: number): Promise<ShardReport> {
  return withServer(technique, async (server, url, origin) => {
    const { client, clientModule } = pairOf(technique)
    const shard = new Child('shard-process', 'the shard')
    const job: ShardJob = {
      role: 'shard',
      origin,
      half: { module: clientModule, technique },
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
    shard.send({ type: 'job', job })
    await shard.next('ramped', 60_000)
    const start = startNow(origin)
    for (const child of [server, shard]) child.send({ type: 'start', start })
    const { report } = await shard.next('report', 60_000)
    await shard.close()
    return report as ShardReport
  })
}

async function bareBlock(technique: Technique, clients: number): Promise<BareReport> {
  return withServer(technique, async (server, url, origin) => {
    const bare = fork(new URL('./bare-client.ts', import.meta.url), { execArgv: ['--max-semi-space-size=4'] })
    bare.send({
      job: { technique, url: `${url}?stream=0`, clients, origin, intervalMs: intervals[technique] ?? 0 },
    })
    await once(bare, 'message')
    const start = startNow(origin)
    server.send({ type: 'start', start })
    bare.send({ window: start.window, origin })
    const [{ report }] = (await once(bare, 'message')) as [{ report: BareReport }]
    return report
  })
}

async function withServer<T>(
  technique: Technique,
  use: (server: Child, url: string, origin: Origin) => Promise<T>,
): Promise<T> {
  const { server: half, serverModule } = pairOf(technique)
  const origin = originNow()
  const server = new Child('server-process', 'the server')
  const job: ServerJob = {
    role: 'server',
    origin,
    half: { module: serverModule, technique },
    settings: defaults(half.settings),
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
    return await use(server, url, origin)
  } finally {
    await server.close()
  }
}

function startNow(origin: Origin): Start {
  const startAt = after(clockFrom(origin)(), milliseconds(100))
  const from = after(startAt, seconds(2))
  const to = after(from, window)
  return { startAt, window: { from, to }, drainUntil: after(to, seconds(5)) }
}
