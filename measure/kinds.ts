/**
 * Clients that run the page's own code, beside the wire clients of a run: in jsdom or in a browser. Their samples
 * are kept apart; what a measurement says at its top is of the wire clients alone.
 */
import { mergeHistograms } from './histogram.ts'
import type { ShardReport } from './job.ts'
import type { KindFigures } from './result.ts'

/** Page clients that a run is to have. They share the streams of its first wire clients. */
export interface PageFleet {
  readonly kind: 'dom' | 'browser'
  /** URL of a module that exports `clients`. */
  readonly module: string
  readonly clients: number
  /** How this kind differs from the technique, with the reason; null where it does not. */
  readonly deviation: string | null
}

/** What the page clients of one kind measured; null stands for a process that did not report. */
export interface PageReport {
  readonly fleet: PageFleet
  readonly report: ShardReport | null
}

/** The figures of each kind side by side; the wire clients come first. */
export function kindsOf(
  wireClients: number,
  wire: readonly ShardReport[],
  pages: readonly PageReport[],
): KindFigures[] {
  return [
    figuresOf('wire', wireClients, wire, null),
    ...pages.map(({ fleet, report }) =>
      figuresOf(fleet.kind, fleet.clients, report === null ? [] : [report], fleet.deviation),
    ),
  ]
}

function figuresOf(
  kind: KindFigures['kind'],
  clients: number,
  reports: readonly ShardReport[],
  deviation: string | null,
): KindFigures {
  const counts = reports.map(report => report.counts)
  const sum = (key: 'expected' | 'delivered' | 'lost' | 'duplicated' | 'outOfOrder'): number =>
    counts.reduce((total, count) => total + count[key], 0)
  const errors = reports.flatMap(({ clockError }) => clockError ?? [])
  return {
    kind,
    clients,
    connected: counts.reduce((total, count) => total + count.connected, 0),
    latencyMicros: mergeHistograms(counts.map(count => count.latency)).summary(),
    events: {
      expected: sum('expected'),
      delivered: sum('delivered'),
      lost: sum('lost'),
      duplicated: sum('duplicated'),
      outOfOrder: sum('outOfOrder'),
    },
    requestBytes: null,
    clockErrorMicros: errors.length === 0 ? null : Math.max(...errors),
    deviation,
  }
}
