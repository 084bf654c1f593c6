/**
 * `npm run bench`: the figures that `docs/performance.md` quotes. Ratios are of pairs measured side by side in
 * this run; a figure is the median of its blocks with the least and the most beside it. Nothing is asserted.
 */
import { cpus } from 'node:os'
import { performance } from 'node:perf_hooks'
import { formats, type Result, run, type Technique, UsageError } from '../index.ts'
import { readEnvironment } from '../measure/environment.ts'
import { measureFleet } from './fleet.ts'

const blocks = 5

/** The benches by name; `npm run bench -- fleet` runs one. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  fleet: benchFleet,
  size: benchSize,
  default: benchDefault,
}

async function benchFleet(): Promise<void> {
  row(
    'technique',
    'clients',
    'shard / bare loop',
    'shard, µs a delivery',
    'bare loop, µs a delivery',
    'KB a client',
  )
  row(...Array<string>(6).fill('---'))
  for (const technique of ['sse', 'websocket'] satisfies Technique[]) {
    const figures = await measureFleet(technique, 5_000, blocks)
    row(
      technique,
      String(figures.clients),
      spread(figures.ratios, 2),
      spread(figures.shardMicros, 1),
      spread(figures.bareMicros, 1),
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
