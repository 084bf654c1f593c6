/**
 * `npm run bench`: the figures that `docs/performance.md` quotes. Ratios are of pairs measured side by side in
 * this run; a figure is the median of its blocks with the least and the most beside it. Nothing is asserted.
 */
import { cpus } from 'node:os'
import { performance } from 'node:perf_hooks'
import { formats, pairOf, type Result, run, type Technique, UsageError } from '../index.ts'
import { readEnvironment } from '../measure/environment.ts'
import { measureFleet, unitOf } from './fleet.ts'
import { measureSlowReaders } from './slow-readers.ts'

const blocks = 5
/** Blocks where there are many techniques to get through. */
const fewBlocks = 3

/** The benches by name; `npm run bench -- fleet` runs one. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  fleet: () => benchFleet(['sse', 'websocket'], 5_000, blocks),
  streams: () => benchFleet(streams, 5_000, fewBlocks),
  requests: () => benchFleet(requests, 2_000, fewBlocks),
  size: benchSize,
  slow: benchSlow,
  default: benchDefault,
}

/** Streaming techniques beside those of `fleet`. */
const streams = [
  'forever-frame',
  'page-streaming',
  'xhr-streaming',
  'multipart-xhr',
  'server-push',
  'fetch-streaming',
] as const satisfies readonly Technique[]
/** Techniques that ask. `piggyback` is left out: its user is part of the client, so there is no bare loop of it. */
const requests = [
  'page-refresh',
  'busy-polling',
  'polling',
  'jsonp-polling',
  'long-polling',
  'script-long-polling',
] as const satisfies readonly Technique[]

async function benchFleet(techniques: readonly Technique[], clients: number, count: number): Promise<void> {
  row('technique', 'clients', 'shard / bare loop', 'shard, µs', 'bare loop, µs', 'of one', 'KB a client')
  row(...Array<string>(7).fill('---'))
  for (const technique of techniques) {
    const figures = await measureFleet(technique, clients, count)
    row(
      technique,
      String(figures.clients),
      spread(figures.ratios, 2),
      spread(figures.shardMicros, 1),
      spread(figures.bareMicros, 1),
      unitOf(technique),
      spread(
        figures.bytesPerClient.map(bytes => bytes / 1_000),
        1,
      ),
    )
  }
}

/** Ten thousand clients: everyone connected, nothing lost. */
async function benchSize(): Promise<void> {
  const result = await run({ technique: ['sse', 'websocket'], clients: 10_000 })
  row('technique', 'connected', 'delivered', 'lost', 'p50, ms', 'p99, ms')
  row(...Array<string>(6).fill('---'))
  for (const { technique, clients, events, latencyMicros } of result.measurements) {
    const [p50, p99] = [latencyMicros?.p50 ?? Number.NaN, latencyMicros?.p99 ?? Number.NaN]
    row(
      technique,
      `${clients.connected} of ${clients.asked}`,
      String(events.delivered),
      String(events.lost),
      (p50 / 1e3).toFixed(1),
      (p99 / 1e3).toFixed(1),
    )
  }
}

/** A hundred readers that take nothing among a thousand: what the other nine hundred notice of them. */
async function benchSlow(): Promise<void> {
  row('technique', 'p99 beside slow readers, ms', 'p99 without, ms', 'ratio', 'lost')
  row(...Array<string>(5).fill('---'))
  for (const technique of ['sse', ...streams] satisfies Technique[]) {
    const { server, client } = pairOf(technique)
    const load = { brisk: 900, slow: 100, events: 30, everyMs: 100 }
    const { beside, alone, lost } = await measureSlowReaders(server, client, load)
    row(
      technique,
      (beside / 1e3).toFixed(1),
      (alone / 1e3).toFixed(1),
      (beside / alone).toFixed(2),
      String(lost),
    )
  }
}

/** How long a user waits for the default run and for its report. */
async function benchDefault(): Promise<void> {
  const started = performance.now()
  const result: Result = await run()
  const measured = performance.now()
  const renders: number[] = []
  for (let block = 0; block < blocks; block++) {
    const from = performance.now()
    formats.html.render(result)
    renders.push(performance.now() - from)
  }
  row('what', 'time')
  row('---', '---')
  row(
    `the default run of ${result.measurements.length} techniques`,
    `${((measured - started) / 1_000).toFixed(1)} s`,
  )
  row('rendering its report', `${spread(renders, 0)} ms`)
}

const row = (...cells: string[]): void => console.log(`| ${cells.join(' | ')} |`)

function spread(values: readonly number[], digits: number): string {
  const sorted = [...values].sort((a, b) => a - b)
  const [least = Number.NaN, most = Number.NaN] = [sorted[0], sorted.at(-1)]
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  return `${median.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`
}

const wanted = process.argv.slice(2)
const unknown = wanted.find(name => benches[name] === undefined)
if (unknown !== undefined)
  throw new UsageError(`no bench "${unknown}": choose from ${Object.keys(benches).join(', ')}`)
const { node, cpu, kernel } = readEnvironment()
console.log(
  `${new Date().toISOString().slice(0, 10)}, Node.js ${node}, ${cpus().length} x ${cpu}, ${kernel}\n`,
)
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`### ${name}\n`)
  await bench()
  console.log()
}
