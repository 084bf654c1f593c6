/** The timeline of a run: what its client processes and servers counted in each bin, as one. */
import { mergeHistograms } from '../../results/histogram.ts'
import type { TimelinePoint } from '../../results/result.ts'
import { binWidth, type FleetBin, type ServerTimeline } from '../messages/timeline.ts'

/** A reading of bytes that is late for the edge of a bin by no more than this is one at the edge. */
const edgeSlack = binWidth / 20

/** The timeline of a run from the bins of all its client processes and servers. */
export function mergeTimelines(
  fleet: readonly (readonly FleetBin[])[],
  servers: readonly ServerTimeline[],
): TimelinePoint[] {
  const byIndex = Map.groupBy(fleet.flat(), bin => bin.index)
  const traffic = servers.map(trafficOf)
  return [...byIndex.keys()]
    .sort((a, b) => a - b)
    .map(index => {
      const bins = byIndex.get(index) ?? []
      const latency = mergeHistograms(
        bins.map(bin => bin.latency),
        2,
      )
      return {
        atMicros: index * binWidth,
        widthMicros: binWidth,
        connected: bins.reduce((sum, bin) => sum + bin.connected, 0),
        delivered: bins.reduce((sum, bin) => sum + bin.delivered, 0),
        requests: sumOfKnown(traffic.map(of => of.requests(index))),
        bytes: sumOfKnown(traffic.map(of => of.bytes(index))),
        latencyP50Micros: latency.percentile(50),
        latencyP99Micros: latency.percentile(99),
      }
    })
}

/** What passed through a server within the bin of an index; null where it was not read. */
function trafficOf({ requests, bytes }: ServerTimeline) {
  const totals = new Map(requests.map(({ index, requests: total }) => [index, total]))
  return {
    requests: (index: number) => difference(totals.get(index - 1) ?? null, totals.get(index) ?? null),
    bytes: (index: number) =>
      difference(bytesAt(bytes, index * binWidth), bytesAt(bytes, (index + 1) * binWidth)),
  }
}

/** The running total at an instant, on the straight line between the readings around it. */
function bytesAt(readings: ServerTimeline['bytes'], at: number): number | null {
  let [low, high] = [0, readings.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((readings[middle]?.at ?? at) < at) low = middle + 1
    else high = middle
  }
  const [from, to] = [readings[low - 1], readings[low]]
  if (to === undefined) return null
  if (from === undefined) return to.at - at <= edgeSlack ? to.bytes : null
  return from.bytes + ((to.bytes - from.bytes) * (at - from.at)) / (to.at - from.at)
}

const difference = (from: number | null, to: number | null): number | null =>
  from === null || to === null ? null : to - from

/** The sum of what is known; null where nothing is. */
const sumOfKnown = (values: readonly (number | null)[]): number | null =>
  values.reduce((sum, value) => (value === null ? sum : (sum ?? 0) + value), null)
