/**
 * From what a server answers or delivers to the clients that it can serve at the most. Two limits of different
 * kinds: requests per second were measured at their limit; a stream's is extrapolated from a run far below it.
 */
import { connectionsPerProcess, connectionsPerServer } from '../measure/limits.ts'
import { metric } from '../measure/metrics.ts'
import type { Ceiling, Result } from '../measure/result.ts'
import { listed, show } from './display.ts'
import { type Scenario, type Series, typical } from './series.ts'

/** How late an event may be for the engineer who asks, in seconds. */
export const acceptableSeconds = [0.5, 1, 2, 5, 10] as const

/** Clients that each ask once in the acceptable latency (Van de Vyvere et al. 2020). */
export const pollingClients = (requestsPerSecond: number, latencySeconds: number): number =>
  Math.floor(requestsPerSecond * latencySeconds)

/** Clients whose deliveries take the whole of one core. */
export const streamClients = (cpuMicrosPerDelivery: number, deliveriesPerSecond: number): number =>
  Math.floor(1_000_000 / (cpuMicrosPerDelivery * deliveriesPerSecond))

/** A technique whose clients ask, with what its server answers at the most. */
export interface Asked {
  readonly series: Series
  readonly requestsPerSecond: number
  readonly cpuMicrosPerRequest: number | null
  /** What set the pace, in any of its runs. */
  readonly boundBy: readonly Ceiling['boundBy'][]
}

/** A technique whose clients are told, with what its server would deliver at the most. */
export interface Told {
  readonly series: Series
  readonly cpuMicrosPerDelivery: number
  /** To each client: the events of its stream. */
  readonly deliveriesPerSecond: number
  readonly clients: number
}

const requestsPerSecond = metric('ceiling.requestsPerSecond').read
const cpuPerRequest = metric('ceiling.cpuPerRequest').read
const cpuPerDelivery = metric('server.cpuPerDelivery').read
const responsesPerDelivery = metric('responses.perDelivery').read

/** The techniques of a scenario whose ceiling was measured; invalid runs are left out. */
export const askedOf = ({ series }: Scenario): Asked[] =>
  series.flatMap(each => {
    const rate = typical(each, requestsPerSecond)
    return rate === null || each.state !== 'passed'
      ? []
      : {
          series: each,
          requestsPerSecond: rate,
          cpuMicrosPerRequest: typical(each, cpuPerRequest),
          boundBy: [...new Set(each.runs.flatMap(run => run.ceiling?.boundBy ?? []))],
        }
  })

/** The streams of a scenario. A stream that is renewed has responses as well, but few for its deliveries. */
export const toldOf = ({ series }: Scenario): Told[] =>
  series.flatMap(each => {
    const cpu = typical(each, cpuPerDelivery)
    const asks = (typical(each, responsesPerDelivery) ?? 0) > 0.1 || typical(each, requestsPerSecond) !== null
    const { ratePerSecond } = each.runs[0].workload
    return asks || cpu === null || cpu === 0 || each.state !== 'passed'
      ? []
      : {
          series: each,
          cpuMicrosPerDelivery: cpu,
          deliveriesPerSecond: ratePerSecond,
          clients: streamClients(cpu, ratePerSecond),
        }
  })

/** What set the pace of the ceilings, in words. */
export function paceWords(all: readonly Asked[]): string[] {
  const labels = (bound: Ceiling['boundBy']): string[] =>
    all.filter(({ boundBy }) => boundBy.includes(bound)).map(({ series }) => series.label)
  const [server, generator, unclear] = [labels('server'), labels('generator'), labels('unclear')]
  return [
    ...(server.length === 0 ? [] : [`The server was at its limit with ${listed(server)}.`]),
    ...(generator.length === 0
      ? []
      : [
          `The process that asks was at its limit, not the server, with ${listed(generator)}: the true figure is higher.`,
        ]),
    ...(unclear.length === 0
      ? []
      : [
          `Neither or both were at their limit with ${listed(unclear)}: something else on the machine may have set the pace, and the true figure is at least this.`,
        ]),
  ]
}

/** Descriptors and ports in words: what bounds connections, whoever asks or is told over them. */
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
    ? 'What descriptors and ports allow is not known for this machine.'
    : `Each client also holds a connection, and on this machine their number is bounded besides: ${listed(bounds)}.`
}

/** The ceilings of a scenario in a sentence or two; empty where none was measured. */
export function ceilingFindings(scenario: Scenario): { topic: string; text: string }[] {
  const asked = askedOf(scenario).toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond)
  const [low, high] = [asked[0], asked.at(-1)]
  if (low === undefined || high === undefined) return []
  const told = toldOf(scenario).toSorted((a, b) => a.clients - b.clients)
  const [least, most] = [told[0], told.at(-1)]
  const clients = ({ series, requestsPerSecond: rate }: Asked): string =>
    `${show(pollingClients(rate, 1), 'count')} clients with ${series.label} (${show(rate, 'per second')})`
  const polls = `Where 1 s of latency is acceptable, one server process can serve at most ${
    low === high ? clients(low) : `${clients(low)} to ${clients(high)}`
  }.`
  const limit = ({ series, clients: count }: Told): string =>
    `${show(count, 'count')} clients with ${series.label}`
  const streams =
    least === undefined || most === undefined
      ? ''
      : ` Streams would fill one core with ${least === most ? limit(least) : `${limit(least)} to ${limit(most)}`} at ${show(
          least.deliveriesPerSecond,
          'count',
        )} events/s each: extrapolated from the CPU time of a delivery.`
  return [{ topic: 'Ceiling', text: `${polls} These are empty polls; with events it is fewer.${streams}` }]
}
