/**
 * Clients that run the page's own code, next to the wire clients of a run: in jsdom or in a browser. Their samples
 * are kept apart; the figures at the top of a measurement are those of the wire clients alone.
 */

import { type Micros, micros, milliseconds } from '../../model/units.ts'
import type { KindFigures, RequestParts } from '../../results/result.ts'
import type { PageReport } from '../messages/page-fleet.ts'
import type { ClientReport, ServerReport } from '../messages/report.ts'
import type { RequestSums } from '../messages/server-counts.ts'
import { unmarkedKind } from '../server/request-meter.ts'
import { addRequests, merged, sum } from './over-processes.ts'

/** Two kinds agree in a latency when they differ by no more than the larger of these. */
const [tolerance, toleratedShare] = [milliseconds(10), 0.1]

/** By how much a latency of the wire clients and one of another kind may differ and still agree. */
export const toleranceOf = (wire: number): Micros => micros(Math.max(tolerance, toleratedShare * wire))

/** Counters in URLs and bodies vary by a digit; means that differ by less than a byte count as equal. */
const alike = 1

/** The figures of each kind side by side; the wire clients come first. */
export function kindsOf(
  wireClients: number,
  wire: readonly ClientReport[],
  pages: readonly PageReport[],
  servers: readonly Pick<ServerReport, 'requests'>[],
): KindFigures[] {
  const names = [unmarkedKind, ...pages.map(({ fleet }) => fleet.kind)]
  const requests = requestsOf(names, servers)
  const parts = requests.get(unmarkedKind) ?? null
  return [
    figuresOf('wire', wireClients, wire, parts, null),
    ...pages.map(({ fleet, report }) => {
      const own = requests.get(fleet.kind) ?? null
      const figures = figuresOf(
        fleet.kind,
        fleet.clients,
        report === null ? [] : [report],
        own,
        fleet.deviation,
      )
      return parts === null || own === null
        ? figures
        : { ...figures, requestDifferences: differencesOf(parts, own, fleet.requestReasons) }
    }),
  ]
}

/** The parts of a mean request by name, in bytes. */
function partsOf({ lineBytes, numberBytes, headerBytes, bodyBytes }: RequestParts): Record<string, number> {
  return { 'request line': lineBytes, 'numbers in the URL': numberBytes, ...headerBytes, body: bodyBytes }
}

/** The parts in which a mean request differs from that of the wire clients, the largest difference first. */
function differencesOf(
  wire: RequestParts,
  own: RequestParts,
  reasons: Readonly<Record<string, string>>,
): NonNullable<KindFigures['requestDifferences']> {
  const [theirs, ours] = [partsOf(wire), partsOf(own)]
  return [...new Set([...Object.keys(theirs), ...Object.keys(ours)])]
    .map(part => ({
      part,
      bytes: Math.round(10 * ((ours[part] ?? 0) - (theirs[part] ?? 0))) / 10,
      reason: reasons[part] ?? null,
    }))
    .filter(({ bytes }) => Math.abs(bytes) >= alike)
    .sort((one, other) => Math.abs(other.bytes) - Math.abs(one.bytes))
}

/**
 * The mean request of each kind. Requests within the window are compared; where streams stay open and there are none,
 * those before the window are.
 */
function requestsOf(
  names: readonly string[],
  servers: readonly Pick<ServerReport, 'requests'>[],
): Map<string, RequestParts> {
  const sums = (phase: 'before' | 'within'): Map<string, RequestSums> =>
    new Map(
      names.map(name => [
        name,
        addRequests(servers.flatMap(({ requests }) => requests?.[name]?.[phase] ?? [])),
      ]),
    )
  const within = sums('within')
  const chosen = names.every(name => within.get(name)?.requests) ? within : sums('before')
  return new Map(
    [...chosen].flatMap(([name, total]) => (total.requests === 0 ? [] : [[name, meansOf(total)] as const])),
  )
}

function meansOf({ requests, line, number, header, body }: RequestSums): RequestParts {
  return {
    requests,
    lineBytes: line / requests,
    numberBytes: number / requests,
    headerBytes: Object.fromEntries(Object.entries(header).map(([name, bytes]) => [name, bytes / requests])),
    bodyBytes: body / requests,
  }
}

function figuresOf(
  kind: KindFigures['kind'],
  clients: number,
  reports: readonly ClientReport[],
  parts: RequestParts | null,
  deviation: string | null,
): KindFigures {
  const counts = reports.map(report => report.counts)
  const heldBack = sum(counts, 'heldBack')
  const errors = reports.flatMap(({ clockError }) => clockError ?? [])
  return {
    kind,
    clients,
    connected: sum(counts, 'connected'),
    latencyMicros: merged(counts, 'latency').summary(),
    events: {
      expected: sum(counts, 'expected'),
      delivered: sum(counts, 'delivered'),
      lost: sum(counts, 'lost'),
      ...(heldBack > 0 && { heldBack }),
      duplicated: sum(counts, 'duplicated'),
      outOfOrder: sum(counts, 'outOfOrder'),
    },
    requestBytes: parts && Object.values(partsOf(parts)).reduce((total, bytes) => total + bytes, 0),
    ...(parts && { requestParts: parts }),
    clockErrorMicros: errors.length === 0 ? null : Math.max(...errors),
    deviation,
  }
}

const pageNames = { dom: 'pages in jsdom', browser: 'pages in Chromium' } as const

/** What page clients did not receive as they should: of kinds with a documented deviation, or of the others. */
export function pageTrouble(
  kinds: readonly KindFigures[] | undefined,
  which: 'unexplained' | 'recorded',
): string | null {
  const seen = (kinds ?? []).flatMap(({ kind, clients, connected, events, deviation }) => {
    if (kind === 'wire' || (deviation === null) !== (which === 'unexplained')) return []
    const { expected, lost, duplicated, outOfOrder } = events
    const words = [
      connected < clients ? `${connected} of ${clients} were connected when the window opened` : null,
      lost > 0 ? `${lost} of ${expected} deliveries never came` : null,
      duplicated > 0 ? `${duplicated} came more than once` : null,
      outOfOrder > 0 ? `${outOfOrder} came after a later event` : null,
    ].filter(each => each !== null)
    return words.length === 0 ? [] : [`${pageNames[kind]}: ${words.join(', ')}`]
  })
  return seen.length === 0 ? null : seen.join('; ')
}
