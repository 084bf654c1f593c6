/**
 * What passed between servers and clients within the measured window: bytes, events handed over, heartbeats. A foreign
 * server may not report the last two, and then they are left out. The sockets of a target cannot be read, so its bytes
 * are counted at the clients.
 */

import { can } from '../../model/subject.ts'
import type { Measurement } from '../../results/result.ts'
import type { AtEdges, ClientTotals, ServerTotals } from '../messages/report.ts'
import type { RunFacts } from './run-facts.ts'

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

/** How much a running total of several processes grew within the window; null where one of them did not count it. */
export function totalWithin<K extends string>(
  reports: readonly AtEdges<Readonly<Record<K, number | null>>>[],
  key: K,
): number | null {
  let sum = 0
  for (const { atOpen, atClose } of reports) {
    const [open = null, close = null] = [atOpen?.[key], atClose?.[key]]
    if (open === null || close === null) return null
    sum += close - open
  }
  return reports.length === 0 ? null : sum
}

/** False where no server reported an event that it handed over: a foreign server need not. */
const reportsHandOvers = ({ plan, servers }: RunFacts): boolean =>
  can(plan.pair, 'delivery-counts') || servers.some(({ atClose }) => (atClose?.handedOver ?? 0) > 0)

/** Heartbeats within the window, and their share of what the streams wrote; null where no server reported any. */
export function heartbeatsOf(facts: RunFacts): Measurement['heartbeats'] {
  const { plan, servers } = facts
  const [sent, handedOver] = [totalWithin(servers, 'heartbeats'), totalWithin(servers, 'handedOver')]
  if (sent === null || handedOver === null || (sent === 0 && !can(plan.pair, 'delivery-counts'))) return null
  return { sent, ratio: ratio(sent, sent + handedOver) }
}

/** Bytes and deliveries between the two moments at which totals were read. */
export function bytesOf(facts: RunFacts): Measurement['bytes'] {
  const { plan, servers, clientReports } = facts
  const atServers = (key: keyof ServerTotals): number | null => totalWithin(servers, key)
  const atClients = (key: keyof ClientTotals): number | null => totalWithin(clientReports, key)
  if (!can(plan.pair, 'server-sockets'))
    return figuresOf(atClients('toServer'), atClients('toClients'), atClients('received'), plan.workload)
  const deliveries =
    reportsHandOvers(facts) || servers.length === 0 ? atServers('handedOver') : atClients('received')
  return figuresOf(atServers('toServer'), atServers('toClients'), deliveries, plan.workload)
}

function figuresOf(
  toServer: number | null,
  toClients: number | null,
  deliveries: number | null,
  { payloadBytes }: { readonly payloadBytes: number },
): Measurement['bytes'] {
  if (toServer === null || toClients === null || deliveries === null) {
    return { toServer, toClients, deliveries, payload: null, perDelivery: null, overheadRatio: null }
  }
  const payload = deliveries * payloadBytes
  return {
    toServer,
    toClients,
    deliveries,
    payload,
    perDelivery: ratio(toServer + toClients, deliveries),
    overheadRatio: ratio(toServer + toClients - payload, payload),
  }
}
