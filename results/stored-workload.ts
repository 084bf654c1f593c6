/** A workload as results carry it: plain JSON, units in the names. */
import { formatAudience } from '../model/audience.ts'
import { formatBackoff } from '../model/backoff-text.ts'
import type { Link } from '../model/link.ts'
import type { Layout, Workload } from '../model/workload.ts'
import type { StoredLink, Workload as StoredWorkload } from './result.ts'

/** A link as results carry it. */
export const storedLink = (link: Link): StoredLink => ({
  rttMicros: link.rtt,
  jitterMicros: link.jitter,
  bandwidthBitsPerSecond: link.bandwidth,
  bufferBytes: link.buffer,
  rechunkBytes: link.rechunk,
  idleCutMicros: link.idleCut,
})

/**
 * A workload as results carry it.
 * @param fault what the run is to meet, as `--fault` reads it
 */
export function storedWorkload(
  workload: Workload,
  layout: Layout,
  fault: string | null = null,
): StoredWorkload {
  const {
    clients,
    audience,
    arrivals,
    ratePerSecond,
    payloadBytes,
    warmup,
    lead,
    duration,
    logEvents,
    delivery,
    pagesPerSession,
    headers,
    link,
    seed,
  } = workload
  return {
    clients,
    audience: formatAudience(audience),
    arrivals,
    ratePerSecond,
    payloadBytes,
    warmupMicros: warmup,
    ...(lead && { effectiveWarmupMicros: warmup + lead.length, warmupReason: lead.reason }),
    durationMicros: duration,
    durationAskedMicros: duration,
    logEvents,
    delivery,
    pagesPerSession,
    backendPollMicros: workload.backendPoll,
    headers,
    backoff: formatBackoff(workload.backoff),
    fault,
    acceptRatePerSecond: workload.acceptRate ?? null,
    shards: layout.clientProcesses,
    servers: layout.servers,
    link: link && storedLink(link),
    relays: layout.relays,
    seed,
  }
}
