/**
 * The closed catalogue of metrics: every number that a table, a threshold or a CSV column can name. A metric
 * reads one measurement; what was not measured reads as `null`, never as 0.
 */
import {
  direction,
  duration,
  type Entry,
  higher,
  load,
  lower,
  type Metric,
  neither,
  scaled,
  share,
} from './metric.ts'
import { stormMetrics } from './storm-metrics.ts'
import { tieBandOf } from './tie-band.ts'

export type { Better, Metric, MetricUnit } from './metric.ts'

const catalogue = {
  ...duration('latency', 'from the intended instant of an event to its receipt', m => m.latencyMicros),
  ...duration('service', 'from the actual publication of an event to its receipt', m => m.serviceMicros),
  ...duration('wait', 'an event waits in the server for a request that can carry it', m => m.waitMicros),
  ...duration('rearm', "from a response to the same client's next request", m => m.rearmMicros),
  ...duration('skew', 'from the first to the last receiver of one event', m => m.skewMicros),
  ...duration(
    'connect',
    "from a client's first attempt until it would get events",
    m => m.clients.connectMicros,
  ),
  tieBand: lower('µs', 'part of the median latency that may be measurement error of the bench', tieBandOf),
  'clients.asked': neither('count', 'clients that the run asked for', m => m.clients.asked),
  'clients.connected': higher('count', 'clients connected when the window opened', m => m.clients.connected),
  'clients.reconnects': lower('count', 'connections lost and opened again', m => m.clients.reconnects),
  'events.published': neither('count', 'events published within the window', m => m.events.published),
  'events.expected': neither('count', 'deliveries that were due', m => m.events.expected),
  'events.delivered': higher('count', 'deliveries due that came', m => m.events.delivered),
  'events.deliveredRatio': higher('ratio', 'deliveries that came, of those that were due', m =>
    share(m.events.delivered, m.events.expected),
  ),
  'events.lost': lower('count', 'deliveries that never came', m => m.events.lost),
  'events.outstanding': lower(
    'count',
    'deliveries that clients had yet to ask for, because they were not back from a fault when the run ended',
    m => m.events.outstanding ?? null,
  ),
  'events.heldBack': lower(
    'count',
    'deliveries that the buffer of the link still held at the end',
    m => m.events.heldBack ?? null,
  ),
  'events.lostRatio': lower('ratio', 'deliveries that never came, of those that were due', m =>
    share(m.events.lost, m.events.expected),
  ),
  'events.superseded': neither('count', 'deliveries that a newer state overtook', m => m.events.superseded),
  'events.takenByOther': lower(
    'count',
    'deliveries that another page of the session took',
    m => m.events.takenByOther,
  ),
  'events.duplicated': lower(
    'count',
    'deliveries beyond the first of the same event',
    m => m.events.duplicated,
  ),
  'events.outOfOrder': lower('count', 'deliveries after a later event', m => m.events.outOfOrder),
  'events.overrun': lower('count', "events that had left the server's log", m => m.events.overrun),
  emptyRatio: lower('ratio', 'responses without an event, of all responses', m => m.responses.emptyRatio),
  'responses.total': neither('count', 'completed responses', m => m.responses.total),
  'responses.empty': lower('count', 'completed responses without an event', m => m.responses.empty),
  'responses.perDelivery': lower('count', 'responses per delivered event', m => m.responses.perDelivery),
  'errors.total': lower('count', 'failed requests and connections of every kind', m =>
    Object.values(m.responses.errors).reduce((sum, each) => sum + each, 0),
  ),
  'errors.refused': lower('count', 'connections refused', m => m.responses.errors.refused),
  'errors.reset': lower('count', 'connections reset', m => m.responses.errors.reset),
  'errors.timeout': lower(
    'count',
    'requests and connections that timed out',
    m => m.responses.errors.timeout,
  ),
  'errors.protocol': lower('count', 'answers that break the protocol', m => m.responses.errors.protocol),
  'errors.status': lower(
    'count',
    'answers with an HTTP status that is not a success',
    m => m.responses.errors.status,
  ),
  ...direction('egress', 'from server to clients', 'toClients'),
  'egress.overheadRatio': lower(
    'ratio',
    'bytes to clients that are not payload, per byte of payload',
    ({ bytes: { toClients, payload } }) =>
      share(toClients === null || payload === null ? null : toClients - payload, payload),
  ),
  ...direction('ingress', 'from clients to server', 'toServer'),
  'bytes.toServer': lower('bytes', 'ingress.total by its older name', m => m.bytes.toServer),
  'bytes.toClients': lower('bytes', 'egress.total by its older name', m => m.bytes.toClients),
  'bytes.payload': neither('bytes', 'payload bytes handed to connections', m => m.bytes.payload),
  'bytes.perDelivery': lower('bytes', 'egress and ingress together, per event', m => m.bytes.perDelivery),
  'bytes.toServerPerDelivery': lower('bytes', 'ingress.perDelivery by its older name', m =>
    share(m.bytes.toServer, m.bytes.deliveries),
  ),
  'bytes.toClientsPerDelivery': lower('bytes', 'egress.perDelivery by its older name', m =>
    share(m.bytes.toClients, m.bytes.deliveries),
  ),
  'bytes.payloadPerDelivery': neither('bytes', 'payload bytes per event', m =>
    share(m.bytes.payload, m.bytes.deliveries),
  ),
  'bytes.overheadRatio': lower(
    'ratio',
    'bytes that are not payload, both ways, per byte of payload',
    m => m.bytes.overheadRatio,
  ),
  ...load('server', 'the server', m => m.server),
  ...load('fleet', 'the fleet', m => m.fleet),
  'relay.addedP50': lower(
    'µs',
    'median of what the relay itself adds one way',
    m => m.relay?.addedP50Micros ?? null,
  ),
  'relay.addedP99': lower(
    'µs',
    '99th percentile of what the relay itself adds one way',
    m => m.relay?.addedP99Micros ?? null,
  ),
  'relay.cpu': lower('µs', 'CPU time of the relay within the measured window', m =>
    scaled(m.relay?.cpuSeconds ?? null, 1e6),
  ),
  'relay.utilization': lower(
    'ratio',
    'share of time that the event loop of the relay was busy, waiting for a core included, worst process',
    m => m.relay?.utilization ?? null,
  ),
  'relay.idleCuts': lower(
    'count',
    'connections that the relay closed because they were idle',
    m => m.relay?.idleCuts ?? null,
  ),
  'ceiling.requestsPerSecond': higher(
    'per second',
    'empty polls that the server answers at the most',
    m => m.ceiling?.requestsPerSecond ?? null,
  ),
  'ceiling.cpuPerRequest': lower(
    'µs',
    'CPU time of the server per empty poll at its ceiling',
    m => m.ceiling?.serverCpuMicrosPerRequest ?? null,
  ),
  'ceiling.serverUtilization': neither(
    'ratio',
    'share of time that the event loop of the server was busy at its ceiling',
    m => m.ceiling?.serverUtilization ?? null,
  ),
  'backend.polls': neither('count', 'polls of the backend', m => m.backendPolls),
  'publisher.lagP99': lower(
    'µs',
    '99th percentile of actual - intended publication',
    m => m.publisher.lagP99Micros,
  ),
  'machine.otherCpuShare': neither(
    'ratio',
    "share of the machine's CPU time in the measured window that processes outside the run took",
    m => m.otherCpuShare ?? null,
  ),
  'predicted.emptyRatio': neither(
    'ratio',
    'empty responses by the closed form',
    m => m.predicted?.emptyRatio ?? null,
  ),
  'predicted.waitMean': neither(
    'µs',
    'mean wait in the server by the closed form',
    m => m.predicted?.waitMeanMicros ?? null,
  ),
  'predicted.deliveredShare': neither(
    'ratio',
    'deliveries that are not overtaken by the closed form',
    m => m.predicted?.deliveredShare ?? null,
  ),
  'predicted.responsesPerEvent': neither(
    'count',
    'responses per event by the closed form',
    m => m.predicted?.responsesPerEvent ?? null,
  ),
  ...stormMetrics,
} as const satisfies Record<string, Entry>

/** Every name that a metric can have; the compiler knows them all. */
export type MetricName = keyof typeof catalogue

/** The catalogue, in the order that lists and CSV columns show. */
export const metrics: readonly (Metric & { readonly name: MetricName })[] = Object.entries(catalogue).map(
  ([name, each]) => ({ name: name as MetricName, ...each }),
)

/** The metric of that name. */
export const metric = (name: MetricName): Metric => ({ name, ...catalogue[name] })

/** The metric of a name that a user wrote; undefined when there is none. */
export const findMetric = (name: string): Metric | undefined => metrics.find(each => each.name === name)
