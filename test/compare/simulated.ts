/**
 * Simulated results: what a machine with known noise would have measured, run by run. Every run draws its own noise
 * for every metric; a handicap changes what the head really is.
 */

import type { Random } from '../../model/random.ts'
import { clientsForMemory } from '../../results/metric.ts'
import type { Measurement, Result } from '../../results/result.ts'
import { measurementOf, resultOf } from '../reports/fixture.ts'
import { type Noise, noises } from './random-samples.ts'

/** The noise between runs that short runs on a small machine have, as coefficients of variation. */
export interface Spreads {
  readonly p50: number
  readonly p99: number
  readonly cpu: number
  readonly bytes: number
  readonly memory: number
  /** Absolute. */
  readonly empty: number
}

export const realistic: Spreads = { p50: 0.05, p99: 0.1, cpu: 0.04, bytes: 0.002, memory: 0.05, empty: 0.004 }
/** So noisy that chance alone often exceeds every minimum effect: only the tests hold it back. */
export const wild: Spreads = { p50: 0.4, p99: 0.5, cpu: 0.4, bytes: 0.4, memory: 0.4, empty: 0.1 }

/** What the code really does. */
export interface Truth {
  /** Median latency in microseconds; p99 is four times it. */
  readonly latencyMicros: number
  readonly bytes: number
  readonly cpuMicros: number
  readonly memoryBytes: number
  /** Null for a technique without responses. */
  readonly empty: number | null
  /** Deliveries lost, of 20,000 due in a run. */
  readonly lossRatio: number
}

export const usual: Truth = {
  latencyMicros: 2_000,
  bytes: 200,
  cpuMicros: 15,
  memoryBytes: 9_000,
  empty: 0.6,
  lossRatio: 0,
}

export const deliveries = 20_000

/** How results are drawn. */
export interface World {
  readonly random: Random
  readonly noise?: Noise
  readonly spreads?: Spreads
  /** By how much the machine is slower in a block than in the first. */
  readonly drift?: (block: number) => number
}

/** So many clients that memory per client is compared. */
const withManyClients = (measurement: Measurement): Measurement => ({
  ...measurement,
  clients: { ...measurement.clients, asked: clientsForMemory, connected: clientsForMemory },
})

const templates = new Map<string, Measurement>()
function template(technique: string): Measurement {
  const known = templates.get(technique) ?? withManyClients(measurementOf({ technique }))
  templates.set(technique, known)
  return known
}

/** One run. */
export function runOf(technique: string, run: number, truth: Truth, world: World): Measurement {
  const { random, noise = noises['log-normal'], spreads = realistic, drift = () => 1 } = world
  const like = template(technique)
  const slowdown = drift(run)
  const around = (typical: number, cv: number): number => typical * noise(random, cv)
  const lost = truth.lossRatio === 0 ? 0 : poisson(random, truth.lossRatio * deliveries)
  const load = {
    ...like.server,
    cpuMicrosPerDelivery: around(truth.cpuMicros, spreads.cpu) * slowdown,
    rssBytesPerClient: around(truth.memoryBytes, spreads.memory),
  }
  const { latencyMicros } = like
  if (latencyMicros === null) throw new Error('a template without latency')
  const emptyRatio = truth.empty === null ? null : truth.empty + (noise(random, spreads.empty) - 1)
  return {
    ...like,
    run,
    workload: { ...like.workload, seed: run },
    latencyMicros: {
      ...latencyMicros,
      p50: around(truth.latencyMicros, spreads.p50) * slowdown,
      p99: around(truth.latencyMicros * 4, spreads.p99) * slowdown,
    },
    events: { ...like.events, expected: deliveries, delivered: deliveries - lost, lost },
    responses: {
      ...like.responses,
      emptyRatio,
      perDelivery: emptyRatio === null ? null : 1 / Math.max(0.05, 1 - Math.min(0.95, emptyRatio)),
    },
    bytes: { ...like.bytes, ...bytesOf(around(truth.bytes, spreads.bytes)) },
    server: load,
    ...(lost === 0 ? {} : spoiled(lost)),
  }
}

/** Egress alone, as of a stream. */
const bytesOf = (perDelivery: number): Partial<Measurement['bytes']> => ({
  toServer: 0,
  toClients: Math.round(perDelivery * deliveries),
  deliveries,
  perDelivery,
})

/** What a run that lost events says, as the pipeline writes it. */
export function spoiled(lost: number): Pick<Measurement, 'passed' | 'failures' | 'warnings'> {
  const message = `${lost} of ${deliveries} deliveries never came`
  return {
    passed: false,
    failures: [message],
    warnings: [{ code: 'lost-events', message, advice: 'find the loss' }],
  }
}

/** Knuth's method, for small means. */
function poisson(random: Random, mean: number): number {
  const least = Math.exp(-mean)
  let count = 0
  for (let product = random(); product > least; product *= random()) count++
  return count
}

/** A result of some techniques with so many runs each. The envelope is checked against the schema once. */
export function simulate(
  techniques: readonly string[],
  runs: number,
  world: World,
  truthOf: (technique: string) => Truth = () => usual,
): Result {
  const measurements = Array.from({ length: runs }, (_, block) =>
    techniques.map(technique => runOf(technique, block + 1, truthOf(technique), world)),
  ).flat()
  return { ...envelope, measurements }
}

const envelope = resultOf([])
