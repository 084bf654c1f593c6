/**
 * `npm run bench`: the figures that `docs/performance.md` quotes. Ratios are of pairs measured side by side in
 * this run; a figure is the median of its blocks, with the minimum and the maximum next to it. Nothing is asserted.
 */
import { cpus, loadavg } from 'node:os'
import { performance } from 'node:perf_hooks'
import { formats, pairOf, type Result, run, type Technique, techniques, UsageError } from '../index.ts'
import { readEnvironment } from '../measure/run/environment.ts'
import { wires } from './bare-wires.ts'
import { measureFleet, unitOf } from './fleet.ts'
import { benchGate } from './gate.ts'
import { benchSame } from './same.ts'
import { measureSlowReaders } from './slow-readers.ts'
import { largeStorms, measureLargeStorm, measureStormsInARow } from './storms.ts'

/** Odd, so that the median is a block; one disturbed block does not move it. */
const blocks = 5
/** Where there are many techniques to get through, each for long. */
const fewBlocks = 3

const streams = techniques.filter(technique => unitOf(technique) === 'event')
const requests = techniques.filter(technique => unitOf(technique) === 'request')

/** The benches by name; `npm run bench -- requests` runs one, `npm run bench -- polling sse` two techniques of them. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  streams: () => benchFleet(streams, fewBlocks),
  requests: () => benchFleet(requests, blocks),
  scale: benchScale,
  size: benchSize,
  slow: benchSlow,
  default: benchDefault,
  storms: benchStorms,
  gate: async () => benchGate(row),
  same: async () => benchSame(row),
  ...Object.fromEntries(techniques.map(technique => [technique, () => benchFleet([technique], fewBlocks)])),
}

/** What runs when nothing is named. */
const usual = ['streams', 'requests', 'scale', 'size', 'slow', 'default']

/** How many clients the instrument promises of a technique alone on two cores, with nothing lost. */
const clientsOf = (technique: Technique): number => (unitOf(technique) === 'event' ? 5_000 : 2_000)

/** Clients whose cost is measured where more would take all of the machine: up to 5 requests, or 4 pages of 30 KiB, a second each. */
const fewer: Partial<Record<Technique, number>> = {
  'busy-polling': 500,
  'long-polling': 500,
  'script-long-polling': 500,
  'server-push': 500,
}

async function benchFleet(measured: readonly Technique[], count: number): Promise<void> {
  const sides = [
    'client process, µs CPU',
    'bare loop, µs CPU',
    'client process, KB a client',
    'bare loop, KB a client',
  ]
  head('technique', 'clients', 'of one', 'shard / bare loop', ...sides)
  for (const technique of measured) {
    if (wires[technique] === undefined) {
      row(technique, 'left out: it has no bare loop in bench/bare-wires.ts to be compared with')
      continue
    }
    const clients = fewer[technique] ?? clientsOf(technique)
    const { clientProcess, bare } = await measureFleet(technique, clients, count)
    const cpu = [clientProcess, bare].map(side => side.map(({ cpuMicros }) => cpuMicros))
    const kilobytes = [clientProcess, bare].map(side =>
      side.map(({ bytesPerClient }) => bytesPerClient / 1_000),
    )
    const ratios = clientProcess.map(
      ({ cpuMicros }, block) => cpuMicros / (bare[block]?.cpuMicros ?? Number.NaN),
    )
    const cells = [...cpu, ...kilobytes].map(values => spread(values, 1))
    row(technique, String(clients), unitOf(technique), spread(ratios, 2), ...cells)
  }
}

/** What is published in a run that counts losses. */
const lively = { rate: '2/s', duration: '5s' }
/** 5,000 pages of 30 KiB every 4 s are 38 MB/s, which two cores write and read. */
const quiet: Partial<Record<Technique, typeof lively>> = { 'server-push': { rate: '15/m', duration: '20s' } }

/** As many clients as are promised of every technique, one after the other: everyone connected, nothing lost. */
async function benchScale(): Promise<void> {
  headRuns()
  for (const technique of techniques) {
    const load = quiet[technique] ?? lively
    rowRuns(await run({ technique: [technique], clients: clientsOf(technique), ...load, ceiling: 0 }), load)
  }
}

/** Ten thousand clients: everyone connected, nothing lost. */
async function benchSize(): Promise<void> {
  headRuns()
  rowRuns(await run({ technique: ['sse', 'websocket'], clients: 10_000, ...lively }), lively)
}

const headRuns = (): void =>
  head('technique', 'rate', 'connected', 'expected', 'delivered', 'lost', 'p50, ms', 'p99, ms', 'warnings')

function rowRuns({ measurements }: Result, { rate }: typeof lively): void {
  for (const { technique, clients, events, latencyMicros, warnings } of measurements) {
    const milliseconds = (micros: number | undefined): string =>
      micros === undefined ? '-' : (micros / 1e3).toFixed(1)
    row(
      technique,
      rate,
      `${clients.connected} of ${clients.asked}`,
      String(events.expected),
      String(events.delivered),
      String(events.lost),
      milliseconds(latencyMicros?.p50),
      milliseconds(latencyMicros?.p99),
      warnings.map(({ code }) => code).join(', ') || '-',
    )
  }
}

/** A hundred stalled readers among a thousand: how they affect the other nine hundred. */
async function benchSlow(): Promise<void> {
  head('technique', 'ratio', 'p99 with slow readers, ms', 'p99 without, ms', 'lost')
  for (const technique of streams) {
    const { server, client } = pairOf(technique)
    // A slow reader asks over HTTP and then takes nothing; over a WebSocket it would need a handshake first.
    if (wires[technique] === 'socket') continue
    const load = { brisk: 900, slow: 100, events: 20, everyMs: 250 }
    const figures = []
    for (let block = 0; block < fewBlocks; block++)
      figures.push(await measureSlowReaders(server, client, load))
    const percentiles = [
      figures.map(({ withSlow }) => withSlow / 1e3),
      figures.map(({ alone }) => alone / 1e3),
    ]
    const ratios = figures.map(({ withSlow, alone }) => withSlow / alone)
    const lost = figures.reduce((sum, { lost }) => sum + lost, 0)
    row(technique, spread(ratios, 2), ...percentiles.map(values => spread(values, 1)), String(lost))
  }
}

/** 5,000 clients whose server is killed, then many storms in one process. */
async function benchStorms(): Promise<void> {
  const figures = ['back', 'lost', 'peak per 100 ms', '99 % back, s', 'model, peak', 'model, 99 % back, s']
  head('technique', 'affected', ...figures)
  for (const technique of largeStorms) {
    const [measurement] = (await measureLargeStorm(technique)).measurements
    const storm = measurement?.storm
    const seconds = (micros: number | null | undefined): string =>
      micros == null ? '-' : (micros / 1e6).toFixed(2)
    row(
      technique,
      String(storm?.affected ?? '-'),
      storm === undefined ? '-' : String(storm.affected - storm.neverBack),
      String(measurement?.events.lost ?? '-'),
      String(storm?.peakAfterReturnPer100ms ?? '-'),
      seconds(storm?.backMicros?.p99),
      String(storm?.simulated?.peakArrivalsPer100ms ?? '-'),
      seconds(storm?.simulated?.backMicros?.p99),
    )
  }
  const held = await measureStormsInARow(20)
  head('storms in a row', 'heap of the parent, MB', 'descriptors')
  for (const [at, { heapBytes, descriptors }] of held.entries()) {
    if ([0, 4, 9, 14, 19].includes(at)) row(String(at + 1), (heapBytes / 1e6).toFixed(2), String(descriptors))
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
  head('what', 'time')
  row(
    `the default run of ${result.measurements.length} techniques`,
    `${((measured - started) / 1_000).toFixed(1)} s`,
  )
  row('rendering its report', `${spread(renders, 0)} ms`)
}

function head(...cells: string[]): void {
  row(...cells)
  row(...cells.map(() => '---'))
}

const row = (...cells: string[]): void => console.log(`| ${cells.join(' | ')} |`)

function spread(values: readonly number[], digits: number): string {
  const sorted = [...values].sort((a, b) => a - b)
  const [least = Number.NaN, most = Number.NaN] = [sorted[0], sorted.at(-1)]
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  return `${median.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`
}

const named = process.argv.slice(2)
const wanted = named.length > 0 ? named : usual
const unknown = wanted.find(name => benches[name] === undefined)
if (unknown !== undefined)
  throw new UsageError(`no bench "${unknown}": choose from ${Object.keys(benches).join(', ')}`)
const { node, cpu, kernel } = readEnvironment()
console.log(`${new Date().toISOString().slice(0, 10)}, Node.js ${node}, ${cpus().length} x ${cpu}, ${kernel}`)
for (const name of wanted) {
  console.log(`\n### ${name}\n`)
  await benches[name]?.()
  console.log(`\nload average ${loadavg()[0]?.toFixed(1)} over the last minute`)
}
