/** Clients that run the page's own code in a run, next to its wire clients. */
import type { ClientReport } from './report.ts'
import type { ClientMark } from './server-counts.ts'

/** Page clients that a run is to have. They share the streams of its first wire clients. */
export interface PageFleet extends ClientMark {
  readonly kind: 'dom' | 'browser'
  /** URL of a module that exports `clients`. */
  readonly module: string
  readonly clients: number
  /** How this kind differs from the technique, with the reason; null where it does not. */
  readonly deviation: string | null
  /** Why its requests differ from those of the wire clients, for each part that differs; see {@link partsOf}. */
  readonly requestReasons: Readonly<Record<string, string>>
}

/** What the page clients of one kind measured; null stands for a process that did not report. */
export interface PageReport {
  readonly fleet: PageFleet
  readonly report: ClientReport | null
}
