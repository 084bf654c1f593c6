/**
 * What several processes of a run counted, as one: counters are added, histograms merged, extremes taken. A counter
 * that a process reports by a name needs no line here.
 */
import { elapsed, type Instant } from '../../model/units.ts'
import { type EncodedHistogram, Histogram, mergeHistograms } from '../../results/histogram.ts'
import type { FleetCounts, PageCounts, SpreadPart } from '../messages/fleet-counts.ts'
import { noRequests, type RequestSums } from '../messages/server-counts.ts'

/** The counts of one type. */
type KeysOf<T> = { [K in keyof FleetCounts]: FleetCounts[K] extends T ? K : never }[keyof FleetCounts]

/** A count over all client processes. */
export const sum = (counts: readonly FleetCounts[], key: KeysOf<number>): number =>
  counts.reduce((total, count) => total + count[key], 0)

/** A histogram over all client processes. */
export const merged = (counts: readonly FleetCounts[], key: KeysOf<EncodedHistogram>): Histogram =>
  mergeHistograms(counts.map(count => count[key]))

/**
 * Tables of counters as one: counters of one name are added.
 * @param zero the counters that are there in any case, at 0
 */
export function added<K extends string>(
  zero: Readonly<Record<K, number>>,
  tables: readonly Readonly<Record<K, number>>[],
): Record<K, number> {
  const total: Record<K, number> = { ...zero }
  for (const table of tables)
    for (const key of Object.keys(table) as K[]) total[key] = (total[key] ?? 0) + table[key]
  return total
}

/** The skew of every event that at least one client received. */
export function skewOf(parts: readonly (readonly SpreadPart[])[]): Histogram {
  const spans = new Map<string, { first: Instant; last: Instant }>()
  for (const [stream, seq, first, last] of parts.flat()) {
    const key = `${stream}/${seq}`
    const span = spans.get(key)
    if (span === undefined) {
      spans.set(key, { first, last })
    } else {
      if (first < span.first) span.first = first
      if (last > span.last) span.last = last
    }
  }
  const skew = new Histogram()
  for (const { first, last } of spans.values()) skew.record(elapsed(first, last))
  return skew
}

/** The pages of the same number, over all client processes. */
export const pagesOf = (processes: readonly (readonly PageCounts[])[]): PageCounts[] =>
  [...Map.groupBy(processes.flat(), ({ page }) => page)].map(([page, same]) => ({
    ...added({ page, expected: 0, delivered: 0, missed: 0 }, same),
    page,
  }))

/** The requests of several servers. */
export const addRequests = (all: readonly RequestSums[]): RequestSums => {
  const { header, ...counters } = noRequests()
  return {
    ...added(
      counters,
      all.map(({ header: _, ...each }) => each),
    ),
    header: added(
      header,
      all.map(each => each.header),
    ),
  }
}
