/**
 * What passed between servers and clients within the measured window: bytes, events handed over, heartbeats. A
 * server that is not ours may tell nothing of the last two, and then nothing is said of them; the sockets of a target
 * are out of reach, so its bytes are those at the clients'.
 */

import { can } from '../../model/subject.ts'
import type { Measurement } from '../../results/result.ts'
import type { ClientReport, ClientTotals, ServerReport, ServerTotals } from '../messages/job.ts'
import type { RunFacts } from './run-facts.ts'

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

/** How much a running total of the servers grew from the opening of the window to its end. */
export function totalWithin(servers: readonly ServerReport[], key: keyof ServerTotals): number | null {
  let sum = 0
  for (const { atOpen, atClose } of servers) {
    if (atOpen === null || atClose === null) return null
    sum += atClose[key] - atOpen[key]
  }
  return servers.length === 0 ? null : sum
}

/** False where no server told of an event that it handed over: one of another's making need not. */
const tellsHandOvers = ({ plan, servers }: RunFacts): boolean =>
  can(plan.pair, 'delivery-counts') || servers.some(({ atClose }) => (atClose?.handedOver ?? 0) > 0)

/** Heartbeats within the window, and their share of what the streams wrote; null where no server told of any. */
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
  const atClients = (key: keyof ClientTotals): number | null => clientTotalWithin(clientReports, key)
  if (!can(plan.pair, 'server-sockets'))
    return figuresOf(atClients('toServer'), atClients('toClients'), atClients('received'), plan.workload)
  const deliveries =
    tellsHandOvers(facts) || servers.length === 0 ? atServers('handedOver') : atClients('received')
  return figuresOf(atServers('toServer'), atServers('toClients'), deliveries, plan.workload)
}

/** How much a running total of the client processes grew from the opening of the window to its end. */
export function clientTotalWithin(
  clientReports: readonly ClientReport[],
  key: keyof ClientTotals,
): number | null {
  let sum = 0
  for (const { totals } of clientReports) {
    const [open = null, close = null] = [totals.atOpen?.[key], totals.atClose?.[key]]
    if (open === null || close === null) return null
    sum += close - open
  }
  return clientReports.length === 0 ? null : sum
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
