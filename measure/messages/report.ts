/**
 * What the processes of a run report to the parent: plain JSON. A report has everything that a process measured.
 */
import type { Instant } from '../../model/units.ts'
import type { EncodedHistogram } from '../../results/histogram.ts'
import type { FleetCounts } from './fleet-counts.ts'
import type { ProcessLoad } from './process-load.ts'
import type { ArrivalWindow, KindRequests, ServerCounts } from './server-counts.ts'
import type { PulseService } from './single-events.ts'
import type { SocketBytes } from './socket-meter.ts'
import type { ServerTimeline } from './timeline.ts'

/** Running totals of a process at the edges of the measured window; null while it has not opened or closed. */
export interface AtEdges<T> {
  readonly atOpen: T | null
  readonly atClose: T | null
}

/** What a server process measured. */
export interface ServerReport extends AtEdges<ServerTotals> {
  readonly role: 'server'
  readonly published: number
  readonly lag: EncodedHistogram
  readonly wait: EncodedHistogram
  readonly rearm: EncodedHistogram
  /** Requests for events by the kind of their client, where kinds are counted apart. */
  readonly requests?: Readonly<Record<string, KindRequests>>
  readonly load: ProcessLoad | null
  readonly timeline: ServerTimeline
  /** Windows of a storm with what the server took in them; empty where there is none. */
  readonly arrivals: readonly ArrivalWindow[]
  /** Each event where events come singly. */
  readonly pulses: readonly PulseService[]
  /** Largest resident memory of the process, ever; null where it is not known. */
  readonly peakRssBytes: number | null
  /** Events that a target did not take; absent where publishing cannot fail. */
  readonly unpublished?: Unpublished
}

/** Events of the measured window that a target did not take. */
export interface Unpublished {
  readonly count: number
  /** What happened to the first of them; empty when there is none. */
  readonly first: string
}

/** Running totals of a client process. */
export interface ClientTotals {
  /** Application bytes at its sockets; null unless they are counted there. */
  readonly toServer: number | null
  readonly toClients: number | null
  /** Events that came, whatever window they were due in. */
  readonly received: number
}

/** Running totals of a server process. */
export interface ServerTotals extends SocketBytes, Readonly<ServerCounts> {
  /** When these totals were read: a busy process is late for its alarm. */
  readonly readAt: Instant
}

/** What a client process measured. */
export interface ClientReport extends AtEdges<ClientTotals> {
  readonly role: 'client'
  readonly counts: FleetCounts
  /** Largest error of its clients' instants, in microseconds; null where they use the run's clock. */
  readonly clockError?: number | null
  readonly load: ProcessLoad | null
}

/** What a relay process measured in the window. */
export interface RelayReport {
  readonly role: 'relay'
  /** For each forwarded segment, how much later it left than the link asked for, at the most. */
  readonly added: EncodedHistogram
  readonly idleCuts: number
  /** The same from the first client to the last, the warm-up and the drain included. */
  readonly idleCutsInAll: number
  readonly load: ProcessLoad | null
}

/** The counts of a process that sent requests as fast as they were answered. */
export interface CeilingReport {
  readonly role: 'ceiling'
  /** Answers of any status that came within the window; null when it did not open or close. */
  readonly answered: number | null
  /** Answers by their status, the warm-up included. */
  readonly statuses: Readonly<Record<number, number>>
  /** Requests that got no answer, the warm-up included, and what the first of them ran into. */
  readonly errors: number
  readonly error: string
  readonly load: ProcessLoad | null
}

/** What any process measured. */
export type Report = ServerReport | ClientReport | RelayReport | CeilingReport

/** The progress of the clients of a client process. */
export interface FleetProgress {
  readonly connected: number
  /** Events received so far. */
  readonly received: number
  /** Clients that have lost their connection since the measured window opened. */
  readonly affected: number
  /** When this was so. */
  readonly at: Instant
}

/** To the parent; `listening` says since when. */
export type Answer =
  | { readonly type: 'listening'; readonly url: string; readonly at: Instant }
  | { readonly type: 'ready' }
  | { readonly type: 'drained' }
  /** No event that is due at `at` or later was or will be published. */
  | { readonly type: 'halted'; readonly at: Instant }
  | { readonly type: 'ramped'; readonly connected: number }
  | ({ readonly type: 'progress' } & FleetProgress)
  | { readonly type: 'report'; readonly report: Report }
  | { readonly type: 'failed'; readonly message: string; readonly stack?: string }
