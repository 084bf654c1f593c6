/** The responses that ended in the window, and every failed connection. */

import type { Measurement } from '../../results/result.ts'
import { type Cluster, clusteredRatioError } from '../../statistics/clustered-ratio.ts'
import { type FleetCounts, noErrors } from '../messages/fleet-counts.ts'
import { added } from './over-processes.ts'

/** Responses over all client processes. */
export function responsesOf(counts: readonly FleetCounts[]): Measurement['responses'] {
  const streams = streamsOf(counts)
  const total = streams.reduce((sum, { whole }) => sum + whole, 0)
  const empty = streams.reduce((sum, { part }) => sum + part, 0)
  const delivered = counts.reduce((sum, count) => sum + count.delivered, 0)
  return {
    total,
    empty,
    emptyRatio: total === 0 ? null : empty / total,
    emptyRatioError: clusteredRatioError(streams),
    perDelivery: total === 0 || delivered === 0 ? null : total / delivered,
    errors: added(
      noErrors,
      counts.map(count => count.errors),
    ),
  }
}

/** Responses of each stream, and the empty ones of them; the clients of a room may be in several processes. */
function streamsOf(counts: readonly FleetCounts[]): Cluster[] {
  const streams = new Map<number, Cluster>()
  for (const [stream, total, empty] of counts.flatMap(({ responses }) => responses)) {
    const { whole, part } = streams.get(stream) ?? { whole: 0, part: 0 }
    streams.set(stream, { whole: whole + total, part: part + empty })
  }
  return [...streams.values()]
}
