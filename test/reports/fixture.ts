/** Results to render: valid by the schema, with real histograms, from a few words about each technique. */

import { milliseconds } from '../../model/units.ts'
import { Histogram } from '../../results/histogram.ts'
import {
  type Ceiling,
  type Load,
  type Measurement,
  type RelayFigures,
  type Result,
  resultSchema,
  type StoredLink,
  type Summary,
  type TimelinePoint,
  type Warning,
} from '../../results/result.ts'

/** How techniques differ in a fixture. Times in milliseconds, bytes per delivered event. */
export interface Traits {
  readonly technique: string
  readonly scenario?: string
  readonly run?: number
  readonly settings?: Measurement['settings']
  /** Latencies are spread evenly between the two, and one sample in 200 takes four times the longest. */
  readonly fastest?: number
  readonly slowest?: number
  readonly toServer?: number
  readonly overhead?: number
  /** Of responses; null for a technique that has none. */
  readonly emptyRatio?: number | null
  readonly predictedEmptyRatio?: number | null
  readonly cpu?: number
  readonly memory?: number
  readonly lost?: number
  /** Of a link with a buffer. */
  readonly heldBack?: number
  readonly failures?: readonly string[]
  readonly warnings?: readonly Warning[]
  /** Through a relay; straight over loopback without. */
  readonly link?: StoredLink
  readonly relay?: Partial<RelayFigures>
  readonly ceiling?: Ceiling
}

/** A summary of 1,000 samples between `from` and `to` milliseconds, with a few stragglers. */
export function summaryOf(from: number, to: number): Summary {
  const histogram = new Histogram()
  for (let sample = 0; sample < 1_000; sample++) {
    const share = (sample + 0.5) / 1_000
    histogram.record(milliseconds(sample % 200 === 7 ? to * 4 : from + (to - from) * share))
  }
  const summary = histogram.summary()
  if (summary === null) throw new Error('a fixture without samples')
  return summary
}

const clients = 100
const payload = 128
const published = 10

const load = (cpu: number, memory: number): Load => ({
  cpuSeconds: (cpu * clients * published) / 1e6,
  cpuMicrosPerDelivery: cpu,
  rssBytes: 60_000_000 + memory * clients,
  rssBytesPerClient: memory,
  loopDelayP99Micros: 1_200,
  utilization: 0.12,
})

const relayFigures: RelayFigures = {
  cpuSeconds: 0.2,
  utilization: 0.04,
  loopDelayP99Micros: 900,
  segments: 2_400,
  addedP50Micros: 110,
  addedP99Micros: 620,
  idleCuts: 0,
}

const unmeasuredLoad: Load = {
  cpuSeconds: null,
  cpuMicrosPerDelivery: null,
  rssBytes: null,
  rssBytesPerClient: null,
  loopDelayP99Micros: null,
  utilization: null,
}

/** 1 s of warm-up and 5 s measured in bins of 250 ms, with a pause that no report may draw as 0 latency. */
const timelineOf = (latency: Summary): TimelinePoint[] =>
  Array.from({ length: 24 }, (_, bin) => ({
    atMicros: (bin - 4) * 250_000,
    widthMicros: 250_000,
    connected: clients,
    delivered: bin === 11 ? 0 : 30 + ((bin * 7 + Math.round(latency.p50 / 100)) % 40),
    requests: 10,
    bytes: 20_000,
    latencyP50Micros: bin === 11 ? null : latency.p50,
    latencyP99Micros: bin === 11 ? null : latency.p99 * (1 + (bin % 5) / 10),
  }))

/** One measurement that passed, unless the traits say otherwise. */
export function measurementOf(traits: Traits): Measurement {
  const {
    fastest = 0.4,
    slowest = 3,
    toServer = 0,
    overhead = 10,
    lost = 0,
    heldBack,
    cpu = 14,
    memory = 9_000,
  } = traits
  const latency = summaryOf(fastest, slowest)
  const expected = clients * published
  const delivered = expected - lost - (heldBack ?? 0)
  const emptyRatio = traits.emptyRatio ?? null
  const predicted = traits.predictedEmptyRatio ?? null
  const failures = [...(traits.failures ?? [])]
  return {
    technique: traits.technique,
    scenario: traits.scenario ?? 'steady',
    run: traits.run ?? 1,
    settings: traits.settings ?? {},
    workload: {
      clients,
      audience: 'individual',
      arrivals: 'poisson',
      ratePerSecond: 2,
      payloadBytes: payload,
      warmupMicros: 1_000_000,
      durationMicros: 5_000_000,
      logEvents: 1_024,
      delivery: 'log',
      pagesPerSession: 1,
      backendPollMicros: 0,
      headers: 'browser',
      backoff: 'rfc6455',
      fault: null,
      acceptRatePerSecond: null,
      shards: 1,
      servers: 1,
      link: traits.link ?? null,
      relays: traits.link ? 1 : 0,
      seed: 1,
    },
    passed: failures.length === 0,
    failures,
    clients: { asked: clients, connected: clients, reconnects: 0, connectMicros: summaryOf(1, 40) },
    latencyMicros: latency,
    serviceMicros: latency,
    waitMicros: null,
    rearmMicros: null,
    skewMicros: summaryOf(0.2, 2),
    events: {
      published: expected,
      expected,
      delivered,
      lost,
      ...(heldBack !== undefined && { heldBack }),
      duplicated: 0,
      outOfOrder: 0,
      overrun: 0,
      superseded: 0,
      takenByOther: 0,
    },
    responses: {
      total: emptyRatio === null ? 0 : 2_000,
      empty: Math.round((emptyRatio ?? 0) * 2_000),
      emptyRatio,
      perDelivery: emptyRatio === null ? 0 : 2,
      errors: { refused: 0, reset: 0, timeout: 0, protocol: 0, status: 0 },
    },
    bytes: {
      toServer: toServer * delivered,
      toClients: (payload + overhead) * delivered,
      deliveries: delivered,
      payload: payload * delivered,
      perDelivery: toServer + payload + overhead,
      overheadRatio: (toServer + overhead) / payload,
    },
    pages: null,
    backendPolls: null,
    heartbeats: { sent: 0, ratio: 0 },
    server: load(cpu, memory),
    fleet: load(cpu * 2, memory * 2),
    relay: traits.link ? { ...relayFigures, ...traits.relay } : null,
    ceiling: traits.ceiling ?? null,
    publisher: { lagP99Micros: 180 },
    timeline: timelineOf(latency),
    predicted:
      predicted === null
        ? null
        : {
            formula: 'exp(-lambda (r + H))',
            gapMicros: 1_000_000,
            holdMicros: 0,
            waitMeanMicros: 500_000,
            emptyRatio: predicted,
            responsesPerEvent: 1.2,
            heartbeatRatio: null,
            deliveredShare: null,
          },
    warnings: [...(traits.warnings ?? [])],
  }
}

/** A measurement of a technique that never came up: every number that can be missing is. */
export const unmeasured = (technique: string): Measurement => ({
  ...measurementOf({ technique, failures: ['the server did not boot within 10 s'] }),
  clients: { asked: clients, connected: 0, reconnects: 0, connectMicros: null },
  latencyMicros: null,
  serviceMicros: null,
  skewMicros: null,
  events: {
    published: 0,
    expected: 0,
    delivered: 0,
    lost: 0,
    duplicated: 0,
    outOfOrder: 0,
    overrun: 0,
    superseded: 0,
    takenByOther: 0,
  },
  responses: {
    total: 0,
    empty: 0,
    emptyRatio: null,
    perDelivery: null,
    errors: { refused: 0, reset: 0, timeout: 0, protocol: 0, status: 0 },
  },
  bytes: {
    toServer: null,
    toClients: null,
    deliveries: null,
    payload: null,
    perDelivery: null,
    overheadRatio: null,
  },
  server: unmeasuredLoad,
  fleet: unmeasuredLoad,
  publisher: { lagP99Micros: null },
  timeline: [],
})

/** A whole result around some measurements, checked against the schema. */
export const resultOf = (measurements: readonly Measurement[], more: Partial<Result> = {}): Result =>
  resultSchema.parse({
    schemaVersion: 1,
    tool: { name: 'pushbench', version: '0.1.0' },
    startedAt: '2026-01-31T12:34:56.000Z',
    finishedAt: '2026-01-31T12:35:40.000Z',
    aborted: false,
    environment: {
      node: 'v26.10.0',
      cpu: 'Example CPU 2.4 GHz',
      cores: 2,
      memoryBytes: 8 * 1024 ** 3,
      kernel: 'Linux 6.1.0',
      fdLimit: 65_536,
      portRange: '32768 60999',
      congestionControl: 'cubic',
      loadAverage: 0.2,
      gitCommit: null,
      packages: { ws: '8.23.0', undici: '8.12.4' },
    },
    command: { argv: ['run', '-c', '100', '-d', '5s'], seed: 1 },
    measurements: [...measurements],
    ...more,
  } satisfies Result)

/** A warning as a run writes it. */
export const warningOf = (
  code: Warning['code'],
  message: string,
  advice = `What to do about ${code}.`,
): Warning => ({ code, message, advice })
