/**
 * From the requests that a server answers at its limit to the clients that it can serve at the most. Streams have no
 * such figure: their CPU time per event was taken far below their limit, and holds for that load alone.
 */
import { connectionsPerProcess, connectionsPerServer } from '../../measure/run/limits.ts'
import { typical } from '../../results/across-runs.ts'
import type { Scenario, Series } from '../../results/reading.ts'
import type { Ceiling, Result } from '../../results/result.ts'
import { listed, show } from '../display.ts'
import type { Finding } from './block.ts'

/** Latencies that may be acceptable, in seconds. */
export const acceptableSeconds = [0.5, 1, 2, 5, 10] as const

/** Clients that each ask once in the acceptable latency (Van de Vyvere et al. 2020). */
export const pollingClients = (requestsPerSecond: number, latencySeconds: number): number =>
  Math.floor(requestsPerSecond * latencySeconds)

/** A technique whose clients poll, with the ceiling of its server. */
export interface Asked {
  readonly series: Series
  readonly requestsPerSecond: number
  readonly cpuMicrosPerRequest: number | null
  /** Of the server's event loop during the measurement; CPU time per request holds for this load alone. */
  readonly serverUtilization: number | null
  /** What set the pace, in any of its runs. */
  readonly boundBy: readonly Ceiling['boundBy'][]
}

/** The techniques of a scenario whose ceiling was measured; invalid runs are left out. */
export const askedOf = ({ series }: Scenario): Asked[] =>
  series.flatMap(each => {
    const rate = typical(each, 'ceiling.requestsPerSecond')
    return rate === null || each.state !== 'passed'
      ? []
      : {
          series: each,
          requestsPerSecond: rate,
          cpuMicrosPerRequest: typical(each, 'ceiling.cpuPerRequest'),
          serverUtilization: typical(each, 'ceiling.serverUtilization'),
          boundBy: [...new Set(each.runs.flatMap(run => run.ceiling?.boundBy ?? []))],
        }
  })

/** What set the pace of the ceilings, in words. */
export function paceWords(all: readonly Asked[]): string[] {
  const labels = (bound: Ceiling['boundBy']): string[] =>
    all.filter(({ boundBy }) => boundBy.includes(bound)).map(({ series }) => series.label)
  const [server, asking, unclear] = [labels('server'), labels('generator'), labels('unclear')]
  return [
    ...(server.length === 0 ? [] : [`With ${listed(server)} the server was at its limit.`]),
    ...(asking.length === 0
      ? []
      : [
          `With ${listed(asking)} the asking process was at its limit, not the server: the true figure is higher.`,
        ]),
    ...(unclear.length === 0
      ? []
      : [
          `With ${listed(unclear)} neither or both were at their limit: something else on the machine may have set the pace, and the true figure is at least this.`,
        ]),
  ]
}

/** Descriptors and ports in words: what limits connections, for polling and streams alike. */
export function connectionWords({ environment: { fdLimit, portRange } }: Result): string {
  const [low, high] = (portRange ?? '')
    .trim()
    .split(/[\s-]+/)
    .map(Number)
  const ports = low !== undefined && high !== undefined && high > low ? high - low + 1 : null
  const machine = { cores: 1, descriptors: fdLimit, ports }
  const process = connectionsPerProcess(machine)
  const host = connectionsPerServer({ ...machine, descriptors: null })
  const bounds = [
    ...(Number.isFinite(process) ? [`${show(process, 'count')} by the file descriptors of one process`] : []),
    ...(Number.isFinite(host)
      ? [`${show(host, 'count')} by the ports of one client host to one server address`]
      : []),
  ]
  return bounds.length === 0
    ? 'The limits of descriptors and ports are not known for this machine.'
    : `Each client also holds a connection. On this machine connections are limited too: ${listed(bounds)}.`
}

/** Ceilings in a sentence or two; empty where none was measured. */
export function ceilingFindings(all: readonly Asked[]): Finding[] {
  const asked = all.toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond)
  const [low, high] = [asked[0], asked.at(-1)]
  if (low === undefined || high === undefined) return []
  const clients = ({ series, requestsPerSecond: rate }: Asked): string =>
    `${show(pollingClients(rate, 1), 'count')} clients with ${series.label} (${show(rate, 'per second')})`
  const polls = `Where 1 s of latency is acceptable, one server process serves at most ${
    low === high ? clients(low) : `${clients(low)} to ${clients(high)}`
  }.`
  return [{ topic: 'Ceiling', text: `${polls} This counts empty polls; with events the number is lower.` }]
}
