/** Storms to render: clients come back by the product's own backoff policies to a server with a limited accept rate. */
import { type BackoffName, backoffOf, delayBefore } from '../../model/backoff.ts'
import { formatBackoff } from '../../model/backoff-text.ts'
import { randomFor } from '../../model/random.ts'
import { instant, type Micros } from '../../model/units.ts'
import type {
  Measurement,
  Result,
  Storm,
  StormBackTimes,
  StormPulse,
  StormTimes,
} from '../../results/result.ts'
import { returnTimes, windowFigures } from '../../simulation/storm-figures.ts'
import { measurementOf, resultOf, summaryOf } from './fixture.ts'
import { nastyText } from './results.ts'

/** How storms differ. Times in seconds from the fault. */
export interface StormTraits {
  readonly technique: string
  readonly backoff?: BackoffName
  readonly fault?: string
  readonly run?: number
  readonly clients?: number
  /** Connections that the server takes per second. */
  readonly acceptRate?: number
  readonly serverBack?: number
  /** How long clients take to notice the fault, at most. */
  readonly noticeWithin?: number
  /** Clients that give up for good. */
  readonly neverBack?: number
  readonly lost?: number
  readonly failures?: readonly string[]
}

const window = 100_000
const faultAt = 2_000_000
/** How long a busy client process takes to learn that it was refused. */
const answerTime = 40_000

const counted = (instants: readonly number[]): Storm['arrivals'] =>
  [...Map.groupBy(instants, at => Math.floor(at / window))]
    .map(([at, { length }]) => ({ atMicros: at * window, count: length }))
    .sort((a, b) => a.atMicros - b.atMicros)

const backTimes = (values: readonly number[], clients: number): StormBackTimes => {
  const { t50, t90, t99, t100 } = returnTimes(
    values.toSorted((a, b) => a - b),
    clients,
    instant(0),
  )
  return { p50: t50, p90: t90, p99: t99, max: t100 }
}

const timesOf = (values: readonly number[]): StormTimes => {
  const { p50, p90, p99, max } = backTimes(values, values.length)
  return { p50: p50 ?? 0, p90: p90 ?? 0, p99: p99 ?? 0, max: max ?? 0 }
}

/** Who set out when, who was taken when: a queue that is worked off at the accept rate. */
function comeBack(traits: Required<Omit<StormTraits, 'fault' | 'failures'>>) {
  const { clients, serverBack, acceptRate, noticeWithin, neverBack, run } = traits
  const backoff = backoffOf(traits.backoff)
  const random = randomFor(run, traits.technique, traits.backoff)
  const noticed = Array.from({ length: clients }, () => random() * noticeWithin * 1e6)
  const attempts: number[] = []
  const reached: number[] = []
  for (const [client, at] of noticed.entries()) {
    let now = at
    let previous: Micros | null = null
    for (let attempt = 0; ; attempt++) {
      previous = delayBefore(backoff, { attempt, previous, asked: null }, random)
      now += previous + (attempt === 0 ? 0 : answerTime)
      if (now >= serverBack * 1e6 + 20e6 || attempt > 5_000) break
      attempts.push(now)
      if (client >= neverBack && now >= serverBack * 1e6) {
        reached.push(now)
        break
      }
    }
  }
  let free = 0
  const taken = reached
    .sort((a, b) => a - b)
    .map(at => {
      free = Math.max(at, free) + 1e6 / acceptRate
      return free
    })
  return { noticed, attempts, taken }
}

/** The storm of one run by its traits. */
export function stormOf(given: StormTraits): Storm {
  const traits = {
    backoff: 'full-jitter' as const,
    run: 1,
    clients: 1_000,
    acceptRate: 500,
    serverBack: 2.05,
    noticeWithin: 0.004,
    neverBack: 0,
    lost: 0,
    ...given,
  }
  const { noticed, attempts, taken } = comeBack(traits)
  const { clients, serverBack, neverBack } = traits
  const arrivals = counted(attempts.map(at => at + faultAt))
  const inWindow = new Map(arrivals.map(({ atMicros, count }) => [(atMicros - faultAt) / window, count]))
  const windows = Array.from({ length: 1 + Math.max(...inWindow.keys()) }, (_, at) => inWindow.get(at) ?? 0)
  const figures = windowFigures(windows)
  const levels = new Map<number, number>()
  for (const at of noticed)
    levels.set(Math.floor(at / window), (levels.get(Math.floor(at / window)) ?? 0) - 1)
  for (const at of taken) levels.set(Math.floor(at / window), (levels.get(Math.floor(at / window)) ?? 0) + 1)
  let level = clients
  const peakAfterReturn = Math.max(
    0,
    ...arrivals.filter(each => each.atMicros >= faultAt + serverBack * 1e6 - window).map(each => each.count),
  )
  const refused = attempts.filter(at => at < serverBack * 1e6).length
  const back = backTimes(taken, clients)
  return {
    fault: traits.fault ?? 'restart:down=2s',
    backoff: formatBackoff(backoffOf(traits.backoff)),
    acceptRatePerSecond: traits.acceptRate,
    of: 'connections',
    faultAtMicros: faultAt,
    serverBackAtMicros: faultAt + serverBack * 1e6,
    connected: [...levels]
      .sort(([a], [b]) => a - b)
      .map(([at, change]) => {
        level += change
        return { atMicros: faultAt + at * window, clients: level }
      }),
    arrivals,
    accepted: counted(taken.map(at => at + faultAt)),
    requests: counted(taken.map(at => at + faultAt + 1_000)),
    peakArrivalsPer100ms: Math.max(0, ...arrivals.map(each => each.count)),
    peakAfterReturnPer100ms: peakAfterReturn,
    meanArrivalsPer100ms: figures.mean,
    dispersion: figures.dispersion,
    affected: clients,
    noticedMicros: timesOf(noticed),
    backMicros: back,
    backAfterReturnMicros: backTimes(
      taken.map(at => at - serverBack * 1e6),
      clients,
    ),
    neverBack,
    attempts: { total: attempts.length, refused, reset: 0, timeout: 0, other: 0 },
    wastedPerClient: (attempts.length - taken.length) / clients,
    missed: { caughtUp: clients * 4 - traits.lost, lost: traits.lost },
    firstEventLatencyMicros: taken.length === 0 ? null : timesOf(taken),
    server: { peakRssBytes: 92_000_000, peakConnectionsPerSecond: traits.acceptRate },
    listenOverflows: null,
    pulses: null,
    simulated: {
      peakArrivalsPer100ms: Math.round(1.04 * peakAfterReturn),
      backMicros: backTimes(
        taken.map(at => at * 0.98),
        clients,
      ),
      attempts: attempts.length,
      serviceMicros: 210,
      noticedWithinMicros: 4_000,
    },
  }
}

/** A measurement with a fault. */
export function stormMeasurementOf(traits: StormTraits): Measurement {
  return faulted(traits, stormOf(traits))
}

function faulted(traits: StormTraits, storm: Storm): Measurement {
  const measurement = measurementOf({
    technique: traits.technique,
    scenario: 'storm',
    run: traits.run ?? 1,
    lost: traits.lost ?? 0,
    failures: traits.failures ?? [],
  })
  return {
    ...measurement,
    workload: {
      ...measurement.workload,
      clients: traits.clients ?? 1_000,
      fault: storm.fault,
      backoff: storm.backoff,
      acceptRatePerSecond: storm.acceptRatePerSecond,
    },
    clients: { ...measurement.clients, asked: traits.clients ?? 1_000, connected: traits.clients ?? 1_000 },
    storm,
  }
}

/** Pairs of events 0.5, 1 and 2 gaps apart, of which the second meets the share of clients that asked again. */
function pulsesOf(clients: number, gap: number): StormPulse[] {
  const times = (scale: number): StormTimes => ({
    p50: gap * scale,
    p90: gap * scale * 1.7,
    p99: gap * scale * 2.1,
    max: gap * scale * 2.3,
  })
  return [0.5, 1, 2].flatMap((gapShare, pair) => {
    const at = faultAt + pair * 1_200_000
    const metArmed = Math.round(clients * Math.min(1, gapShare * 0.5))
    const event = { delivered: clients, lost: 0, rearmed: clients, rearmMicros: times(1) }
    return [
      {
        ...event,
        atMicros: at,
        afterMicros: null,
        gapShare: null,
        metArmed: clients,
        waited: 0,
        latencyMicros: times(0.8),
      },
      {
        ...event,
        atMicros: at + gapShare * gap,
        afterMicros: gapShare * gap,
        gapShare,
        metArmed,
        waited: clients - metArmed,
        latencyMicros: times(1.4),
      },
    ]
  })
}

/** A herd: nothing breaks, and everybody asks at once. */
export function herdMeasurementOf(technique: string, clients = 1_000, gap = 80_000): Measurement {
  const pulses = pulsesOf(clients, gap)
  const requests = pulses.flatMap(({ atMicros, rearmMicros }) => [
    { atMicros: Math.floor((atMicros + (rearmMicros?.p50 ?? 0)) / window) * window, count: clients / 2 },
    {
      atMicros: (Math.floor((atMicros + (rearmMicros?.p50 ?? 0)) / window) + 1) * window,
      count: clients / 2,
    },
  ])
  const perWindow = [...Map.groupBy(requests, each => each.atMicros)]
    .map(([atMicros, all]) => ({ atMicros, count: all.reduce((sum, each) => sum + each.count, 0) }))
    .sort((a, b) => a.atMicros - b.atMicros)
  const measurement = faulted(
    { technique, clients },
    {
      ...stormOf({ technique, clients, fault: 'herd' }),
      of: 'requests',
      serverBackAtMicros: null,
      connected: [],
      arrivals: perWindow,
      accepted: [],
      requests: perWindow,
      peakArrivalsPer100ms: Math.max(...perWindow.map(each => each.count)),
      affected: 0,
      noticedMicros: null,
      backMicros: null,
      backAfterReturnMicros: null,
      attempts: { total: 0, refused: 0, reset: 0, timeout: 0, other: 0 },
      wastedPerClient: null,
      missed: { caughtUp: 0, lost: 0 },
      firstEventLatencyMicros: null,
      pulses,
      simulated: null,
    },
  )
  return {
    ...measurement,
    workload: { ...measurement.workload, arrivals: 'pulses' },
    rearmMicros: summaryOf((gap / 1_000) * 0.2, (gap / 1_000) * 1.9),
  }
}

const techniques = ['polling', 'long-polling', 'sse', 'websocket']
const backoffs = ['none', 'eventsource', 'full-jitter'] as const

let suite: Result | undefined

/** The default suite: four techniques with three policies through a restart, and a herd for those that ask. */
export function stormSuite(): Result {
  suite ??= resultOf(
    [
      ...techniques.flatMap(technique =>
        backoffs.map(backoff => stormMeasurementOf({ technique, backoff, acceptRate: 1_000 })),
      ),
      herdMeasurementOf('polling'),
      herdMeasurementOf('long-polling', 1_000, 24_000),
    ],
    { command: { argv: ['storm'], seed: 1 } },
  )
  return suite
}

/** Of a storm in which no client loses its connection. */
const undisturbed = {
  connected: [],
  arrivals: [],
  accepted: [],
  affected: 0,
  noticedMicros: null,
  backMicros: null,
  backAfterReturnMicros: null,
  attempts: { total: 0, refused: 0, reset: 0, timeout: 0, other: 0 },
  wastedPerClient: null,
  peakArrivalsPer100ms: 0,
  peakAfterReturnPer100ms: 0,
  meanArrivalsPer100ms: null,
  dispersion: null,
  firstEventLatencyMicros: null,
  missed: { caughtUp: 0, lost: 0 },
  simulated: null,
} satisfies Partial<Storm>

/** A fifth of the clients stops reading for a second. */
export function stallMeasurementOf(technique: string): Measurement {
  const traits = { technique, fault: 'stall', serverBack: 1 }
  return faulted(traits, {
    ...stormOf(traits),
    ...undisturbed,
    of: 'deliveries',
    backlog: {
      clients: 200,
      deliveries: 4_000,
      latencyMicros: { p50: 500_000, p90: 900_000, p99: 990_000, max: 1_000_000 },
      clearedMicros: 12_000,
    },
  })
}

/** What is seldom seen: clients that never came back, a fault that nobody noticed, lost events, an invalid run. */
export const troubledStorms = (): Result => {
  const unnoticed = stormMeasurementOf({ technique: 'long-polling', fault: 'blackhole:for=5s' })
  const { storm } = unnoticed
  return resultOf([
    stormMeasurementOf({ technique: 'sse', neverBack: 37, lost: 120 }),
    stormMeasurementOf({
      technique: 'websocket',
      failures: ['the server did not come back'],
      neverBack: 1_000,
    }),
    {
      ...unnoticed,
      ...(storm && { storm: { ...storm, ...undisturbed, listenOverflows: 3 } }),
    },
    unbooted(),
  ])
}

/** A fault was asked for, and the run ended before it. */
function unbooted(): Measurement {
  const { storm: _, ...measurement } = stormMeasurementOf({
    technique: 'polling',
    failures: ['the server did not boot within 10 s'],
  })
  return measurement
}

/** Storms and baseline runs in one result, each storm three times. */
export const mixed = (): Result =>
  resultOf([
    measurementOf({ technique: 'sse' }),
    measurementOf({ technique: 'websocket' }),
    ...[1, 2, 3].flatMap(run =>
      (['none', 'full-jitter'] as const).map(backoff =>
        stormMeasurementOf({ technique: 'sse', backoff, run, clients: 200, acceptRate: 50 * run }),
      ),
    ),
  ])

/** Requests that expire together: events are reported one by one, and no gap was measured before. */
export const holdExpiry = (): Result => {
  const measurement = herdMeasurementOf('long-polling')
  const { storm, workload } = measurement
  const pulses = (storm?.pulses ?? []).slice(0, 2).map(pulse => ({ ...pulse, gapShare: null }))
  const fault = 'hold-expiry:hold=2s'
  return resultOf([
    {
      ...measurement,
      workload: { ...workload, fault },
      ...(storm && { storm: { ...storm, fault, pulses } }),
    },
  ])
}

/** A storm whose every free text is {@link nastyText}. */
export const hostileStorm = (): Result => {
  const measurement = stormMeasurementOf({ technique: nastyText, clients: 20, fault: nastyText })
  const hitBy = (backoff: string): Measurement => ({
    ...measurement,
    workload: { ...measurement.workload, backoff },
    ...(measurement.storm && { storm: { ...measurement.storm, backoff } }),
  })
  return resultOf([hitBy(nastyText), hitBy(`=${nastyText}`)])
}
