/** The metrics of storms. All read null where no fault was asked for. */
import * as metrics from './metric.ts'
import { type Entry, type MetricUnit, share } from './metric.ts'
import type { Measurement, Storm, StormBackTimes, StormTimes } from './result.ts'

/** The entries of numbers that only a storm has. */
const ofStorm =
  (entry: typeof metrics.lower) =>
  (unit: MetricUnit, description: string, read: (storm: Storm, run: Measurement) => number | null): Entry =>
    entry(unit, description, run => (run.storm === undefined ? null : read(run.storm, run)))
const lower = ofStorm(metrics.lower)
const higher = ofStorm(metrics.higher)
const neither = ofStorm(metrics.neither)

/** The statistics of a time that each client has, with the clients that they stand for. */
const quantiles = {
  P50: { key: 'p50', words: 'half of the clients' },
  P90: { key: 'p90', words: '90 % of the clients' },
  P99: { key: 'p99', words: '99 % of the clients' },
  Max: { key: 'max', words: 'all clients' },
} as const satisfies Record<string, { key: keyof StormTimes; words: string }>

type Quantile = keyof typeof quantiles

/**
 * A time that too few clients reached is infinite, not unknown; null where no client has any, and where the run was
 * aborted: nobody knows how it would have gone on.
 */
const reached = (
  times: StormBackTimes | null | undefined,
  key: keyof StormTimes,
  run: Measurement,
): number | null => (times ? (times[key] ?? (isAborted(run) ? null : Number.POSITIVE_INFINITY)) : null)

const isAborted = ({ warnings }: Measurement): boolean => warnings.some(({ code }) => code === 'aborted')

/** `<prefix><Quantile>` for a duration that each client has. */
function times<P extends string>(
  prefix: P,
  meaning: string,
  read: (storm: Storm) => StormBackTimes | null,
): Record<`${P}${Quantile}`, Entry> {
  const entries = Object.entries(quantiles).map(([name, { key, words }]) => [
    `${prefix}${name}`,
    lower('µs', `time until ${words} ${meaning}`, (storm, run) => reached(read(storm), key, run)),
  ])
  return Object.fromEntries(entries) as Record<`${P}${Quantile}`, Entry>
}

/** Of the deliveries of events that came soon after another, the share that met a request that waited for them. */
function secondMet({ pulses }: Storm): number | null {
  const second = pulses?.filter(({ afterMicros }) => afterMicros !== null) ?? []
  const sum = (key: 'metArmed' | 'delivered' | 'lost'): number =>
    second.reduce((total, pulse) => total + pulse[key], 0)
  return share(sum('metArmed'), sum('delivered') + sum('lost'))
}

/** The entries of the catalogue, in the order that lists and CSV columns show. */
export const stormMetrics = {
  'storm.peakArrivals': lower(
    'count',
    'most attempts, or requests of a herd, that were begun within 100 ms',
    storm => storm.peakArrivalsPer100ms,
  ),
  'storm.peakArrivalsRatio': lower(
    'ratio',
    'the same, of the clients that the run asked for',
    (storm, { clients }) => share(storm.peakArrivalsPer100ms, clients.asked),
  ),
  'storm.peakPerClient': lower(
    'count',
    'most attempts that were begun within 100 ms, for each client that the run asked for',
    (storm, { clients }) => share(storm.peakArrivalsPer100ms, clients.asked),
  ),
  'storm.peakAfterReturn': lower(
    'count',
    "most attempts within 100 ms from the server's return on",
    storm => storm.peakAfterReturnPer100ms,
  ),
  'storm.meanArrivals': neither(
    'count',
    'mean attempts per 100 ms until the last client was back',
    storm => storm.meanArrivalsPer100ms,
  ),
  'storm.dispersion': lower(
    'count',
    'index of dispersion of attempts per 100 ms: variance / mean, 1 for a Poisson process',
    storm => storm.dispersion,
  ),
  'storm.affected': neither(
    'count',
    'clients that noticed the loss of their connection, or opened another in its place',
    storm => storm.affected,
  ),
  ...times('storm.noticed', 'that it affected noticed the fault', storm => storm.noticedMicros),
  ...times('storm.back', 'were back, from the fault', storm => storm.backMicros),
  ...times(
    'storm.backAfterReturn',
    "were back, from the server's return",
    storm => storm.backAfterReturnMicros,
  ),
  'storm.neverBack': lower('count', 'clients that were not connected when the run ended', (storm, run) =>
    isAborted(run) ? null : storm.neverBack,
  ),
  'storm.attempts': lower('count', 'attempts to connect from the fault on', storm => storm.attempts.total),
  'storm.refused': lower('count', 'attempts that were refused', storm => storm.attempts.refused),
  'storm.reset': lower('count', 'attempts that were reset', storm => storm.attempts.reset),
  'storm.timeout': lower('count', 'attempts that timed out', storm => storm.attempts.timeout),
  'storm.otherFailures': lower(
    'count',
    'attempts that were answered by a status or a broken protocol',
    storm => storm.attempts.other,
  ),
  'storm.wastedPerClient': lower(
    'count',
    'attempts that failed, per affected client',
    storm => storm.wastedPerClient,
  ),
  'storm.caughtUp': neither(
    'count',
    'deliveries that were due while a client was away and came later',
    storm => storm.missed.caughtUp,
  ),
  'storm.lost': lower('count', 'deliveries of events that never came', storm => storm.missed.lost),
  'storm.firstEventP50': lower(
    'µs',
    'median latency of the first event that a client got once it was back',
    storm => storm.firstEventLatencyMicros?.p50 ?? null,
  ),
  'storm.firstEventP99': lower(
    'µs',
    '99th percentile of the latency of the first event once back',
    storm => storm.firstEventLatencyMicros?.p99 ?? null,
  ),
  'storm.stalledClients': neither(
    'count',
    'clients that stopped reading',
    storm => storm.backlog?.clients ?? null,
  ),
  'storm.backlog': neither(
    'count',
    'deliveries that were due before stalled clients read again and came afterwards',
    storm => storm.backlog?.deliveries ?? null,
  ),
  'storm.backlogP50': lower(
    'µs',
    'median latency of these deliveries, from the instants at which they were due',
    storm => storm.backlog?.latencyMicros?.p50 ?? null,
  ),
  'storm.backlogP99': lower(
    'µs',
    '99th percentile of the latency of these deliveries',
    storm => storm.backlog?.latencyMicros?.p99 ?? null,
  ),
  'storm.backlogMax': lower(
    'µs',
    'longest latency of these deliveries',
    storm => storm.backlog?.latencyMicros?.max ?? null,
  ),
  'storm.backlogCleared': lower(
    'µs',
    'time from the end of the stall until the last of these deliveries came',
    storm => storm.backlog?.clearedMicros ?? null,
  ),
  'storm.serverPeakRss': lower(
    'bytes',
    'largest resident memory that a server process ever had',
    storm => storm.server.peakRssBytes,
  ),
  'storm.connectionsPerSecond': neither(
    'per second',
    'most connections that the server took within one second',
    storm => storm.server.peakConnectionsPerSecond,
  ),
  'storm.listenOverflows': lower(
    'count',
    'connections that the kernel of the host dropped because a listen queue was full',
    storm => storm.listenOverflows,
  ),
  'storm.secondMetArmedRatio': higher(
    'ratio',
    "deliveries of a herd's second events that met a request that waited for them",
    secondMet,
  ),
  'storm.simulatedPeakArrivals': neither(
    'count',
    'most attempts within 100 ms that met the returned server in the model of the same storm',
    storm => storm.simulated?.peakArrivalsPer100ms ?? null,
  ),
  'storm.simulatedBackP50': neither(
    'µs',
    'time until half of the clients were back in the model of the same storm',
    (storm, run) => reached(storm.simulated?.backMicros, 'p50', run),
  ),
  'storm.simulatedBackP99': neither(
    'µs',
    'time until 99 % of the clients were back in the model of the same storm',
    (storm, run) => reached(storm.simulated?.backMicros, 'p99', run),
  ),
} as const satisfies Record<string, Entry>
