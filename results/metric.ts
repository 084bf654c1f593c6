/**
 * What a metric is, and how the entries of the catalogue in `metrics.ts` are written.
 */
import type { Load, Measurement, Summary } from './result.ts'

/** The unit of a metric's stored value. A ratio is 0.135, not 13.5; only a report turns it into per cent. */
export type MetricUnit = 'µs' | 'bytes' | 'ratio' | 'count' | 'per second'

/** Which way is an improvement; `neither` where a change is not good or bad in itself. */
export type Better = 'lower' | 'higher' | 'neither'

/** One entry of the catalogue. */
export interface Metric {
  /** What `--threshold`, `compare` and the CSV header call it, such as `latency.p99`. */
  readonly name: string
  readonly unit: MetricUnit
  readonly better: Better
  /** One line, without a full stop. */
  readonly description: string
  /** The value in `unit`; null when the run did not measure it, `Infinity` for a time that never came. */
  readonly read: (measurement: Measurement) => number | null
}

/** A metric before the catalogue gives it its name. */
export type Entry = Omit<Metric, 'name'>

/** The order statistics of a duration, as metrics name them, with their words. */
const statistics = {
  min: 'minimum',
  mean: 'mean',
  p50: 'median',
  p90: '90th percentile',
  p95: '95th percentile',
  p99: '99th percentile',
  p999: '99.9th percentile',
  max: 'maximum',
} as const satisfies Partial<Record<keyof Summary, string>>

type Statistic = keyof typeof statistics

/** `<prefix>.<statistic>` for every order statistic of one duration, and `<prefix>.count`. */
export function duration<P extends string>(
  prefix: P,
  meaning: string,
  of: (measurement: Measurement) => Summary | null,
): Record<`${P}.${Statistic | 'count'}`, Entry> {
  const entries = Object.entries(statistics).map(([statistic, words]): [string, Entry] => [
    `${prefix}.${statistic}`,
    {
      unit: 'µs',
      better: 'lower',
      description: `${words} of the time ${meaning}`,
      read: measurement => of(measurement)?.[statistic as Statistic] ?? null,
    },
  ])
  entries.push([
    `${prefix}.count`,
    {
      unit: 'count',
      better: 'neither',
      description: `samples of the time ${meaning}`,
      read: measurement => of(measurement)?.count ?? null,
    },
  ])
  return Object.fromEntries(entries) as Record<`${P}.${Statistic | 'count'}`, Entry>
}

/** The application bytes of one direction: egress is what a network bills, ingress mostly is not. */
export const direction = <P extends string>(prefix: P, words: string, key: 'toClients' | 'toServer') =>
  ({
    [`${prefix}.total`]: lower('bytes', `application bytes ${words}`, m => m.bytes[key]),
    [`${prefix}.perDelivery`]: lower('bytes', `application bytes ${words}, per event`, m =>
      share(m.bytes[key], m.bytes.deliveries),
    ),
  }) as Record<`${P}.total` | `${P}.perDelivery`, Entry>

/** Below this many clients memory per client is mostly the heap's own growth, so that nothing shows or gates it. */
export const clientsForMemory = 5_000

/** What one side of the run (server or fleet) used. */
export function load<P extends string>(prefix: P, side: string, of: (measurement: Measurement) => Load) {
  const metrics = {
    cpuPerDelivery: lower('µs', `CPU time of ${side} per delivered event`, m => of(m).cpuMicrosPerDelivery),
    cpu: lower('µs', `CPU time of ${side} within the measured window`, m => scaled(of(m).cpuSeconds, 1e6)),
    rss: lower('bytes', `resident memory of ${side} at the end of the window`, m => of(m).rssBytes),
    rssPerClient: lower(
      'bytes',
      `growth of ${side}'s resident memory per client, from ${clientsForMemory.toLocaleString('en')} clients on`,
      m => (m.clients.asked < clientsForMemory ? null : of(m).rssBytesPerClient),
    ),
    loopDelayP99: lower(
      'µs',
      `99th percentile of the event-loop delay of ${side}`,
      m => of(m).loopDelayP99Micros,
    ),
    utilization: lower(
      'ratio',
      `share of time that the event loop of ${side} was busy, waiting for a core included, worst process`,
      m => of(m).utilization,
    ),
  } as const
  return Object.fromEntries(
    Object.entries(metrics).map(([name, entry]) => [`${prefix}.${name}`, entry]),
  ) as Record<`${P}.${keyof typeof metrics}`, Entry>
}

const entry =
  (better: Better) =>
  (unit: MetricUnit, description: string, read: Metric['read']): Entry => ({
    unit,
    better,
    description,
    read,
  })
/** A metric of which less is better. */
export const lower = entry('lower')
/** A metric of which more is better. */
export const higher = entry('higher')
/** A metric that is not good or bad in itself. */
export const neither = entry('neither')

/** `value` in another unit; null stays null. */
export const scaled = (value: number | null, factor: number): number | null =>
  value === null ? null : value * factor

/** `part / whole`; null where either is missing or the whole is 0. */
export const share = (part: number | null, whole: number | null): number | null =>
  part === null || whole === null || whole === 0 ? null : part / whole
