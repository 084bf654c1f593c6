/**
 * What the processes of a run send each other: plain JSON, so that a client process could as well be run by another
 * machine's job queue. A job says everything; `start` fixes the instants; a report brings everything back.
 */

import type { Backoff } from '../../model/backoff.ts'
import type { Origin } from '../../model/clock.ts'
import type { Delivery } from '../../model/delivery.ts'
import type { FaultCommands } from '../../model/fault.ts'
import type { Link } from '../../model/link.ts'
import type { ScheduleSpec } from '../../model/schedule.ts'
import type { SettingValue } from '../../model/settings.ts'
import type { Address, EmptyPoll, HeaderSet } from '../../model/technique.ts'
import type { Instant, Micros } from '../../model/units.ts'
import type { EncodedHistogram } from '../../results/histogram.ts'
import type { FleetCounts, Window } from './fleet-counts.ts'
import type { ProcessLoad } from './process-load.ts'
import type { ArrivalWindow, ClientMark, KindRequests, ServerCounts } from './server-counts.ts'
import type { PulseService } from './single-events.ts'
import type { SocketBytes } from './socket-meter.ts'
import type { ServerTimeline } from './timeline.ts'

/** An adapter of a technique: the module whose exported registry holds it, and its name there. */
export interface AdapterRef {
  /** URL of a module that exports `servers` or `clients`. */
  readonly module: string
  readonly technique: string
}

/** What a server process is to be. */
export interface ServerJob {
  readonly role: 'server'
  readonly origin: Origin
  readonly half: AdapterRef
  readonly settings: Readonly<Record<string, SettingValue>>
  readonly address: Address
  /** The streams that this server publishes. */
  readonly streams: readonly number[]
  /** Those of them that no other server of the run counts: several servers may carry one stream. */
  readonly countedStreams: readonly number[]
  readonly schedule: ScheduleSpec
  readonly payloadBytes: number
  readonly logEvents: number
  readonly delivery: Delivery
  /** How often the server asks its backend for events; 0 where it gets them at once. */
  readonly backendPoll: Micros
  /** True where the first gap of a connection is a random part of an interval: it is not counted. */
  readonly skipsFirstGap?: true
  /**
   * Where a fault is to come, when it is due from the start of the measured window: connections and requests are
   * then counted in windows of which one begins at it.
   */
  readonly faultDue?: Micros
  /** As in the context of the server adapter. */
  readonly beginsAnywhere?: true
  /** Connections that the server takes per second; no limit unless given. */
  readonly acceptRate?: number
  /**
   * For a server that takes the place of another: the run is under way, and its log holds what fell due so far
   * when it begins to listen, not before `listenAt`.
   */
  readonly rebuild?: { readonly start: Start; readonly listenAt: Instant }
  /** The kinds of clients whose requests are counted separately; absent where there is only one. */
  readonly marks?: readonly ClientMark[]
}

/** What a process is to be that publishes to a server which already runs. */
export interface TargetJob extends Pick<ServerJob, 'origin' | 'streams' | 'schedule' | 'payloadBytes'> {
  readonly role: 'target'
  /** Where clients subscribe. */
  readonly url: string
  /** Where events are posted; `{stream}` stands for the number of their stream. */
  readonly publish: string
  /** Processes whose CPU time and memory are read. */
  readonly pids: readonly number[]
}

/** A server and the clients that are sent to it: `from` inclusive, `to` exclusive. */
export interface Endpoint {
  /** `{stream}` stands for the number of a client's stream. */
  readonly url: string
  readonly from: number
  readonly to: number
}

/** What a client process is to be. */
export interface ClientJob {
  readonly role: 'client'
  readonly origin: Origin
  readonly half: AdapterRef
  readonly settings: Readonly<Record<string, SettingValue>>
  readonly endpoints: readonly Endpoint[]
  /** The clients of this client process: `from` inclusive, `to` exclusive. */
  readonly from: number
  readonly to: number
  readonly audience: string
  readonly delivery: Delivery
  readonly pagesPerSession: number
  readonly schedule: ScheduleSpec
  readonly headers: HeaderSet
  /** As in the context of the client adapter. */
  readonly beginsAnywhere?: true
  readonly backoff: Backoff
  /** An attempt to connect is given up after this time; the default unless given. */
  readonly attemptTimeout?: Micros
  /** How long the ramp waits for another attempt to come to an end before it no longer waits for any. */
  readonly patience: Micros
  /** True where silence does not mean a lost connection, because the server's settings are unknown. */
  readonly ignoresSilence?: true
  /** True where bytes are counted at the clients, since the sockets of the server are out of reach. */
  readonly countsBytes?: true
}

/** What a relay process is to be. */
export interface RelayJob {
  readonly role: 'relay'
  readonly origin: Origin
  readonly link: Link
  /** The server's URL. */
  readonly target: string
  readonly seed: number
  /** Counts the relays of a run from 0; each draws a jitter of its own. */
  readonly index: number
}

/** What a process is to be that asks as fast as it is answered. */
export interface CeilingJob {
  readonly role: 'ceiling'
  readonly origin: Origin
  /** The server's URL. */
  readonly url: string
  readonly request: EmptyPoll
  readonly connections: number
}

/** The instants of a run, fixed once every client is connected. */
export interface Start {
  /** What the schedule counts from; the warm-up begins. */
  readonly startAt: Instant
  readonly window: Window
  /** When a client process stops waiting for events that have not come. */
  readonly drainUntil: Instant
  /** Until then a client process counts apart what the buffer of the link lets go at `drainUntil`; absent without a buffer. */
  readonly heldUntil?: Instant
}

/** The commands to a process that has its job, with what each carries. */
export interface Commands extends FaultCommands {
  /** Connects the first clients, up to the given number. */
  readonly ramp: { readonly clients: number }
  /** Fixes the instants of the run. */
  readonly start: { readonly start: Start }
  /** Publishes nothing that is due at `at` or later, and reports what was published beyond. */
  readonly halt: { readonly at: Instant }
  /** Ends the measured window early. */
  readonly cut: { readonly start: Start }
  /** Asks for the report. `abruptly`: the process is about to be killed, and what takes long is left out. */
  readonly finish: { readonly abruptly?: true }
  /** Sends the clients away, evenly over `over`, and reports when none is left. */
  readonly drain: { readonly over: Micros; readonly retryAfter: Micros }
}

/** From the parent: a job, one of {@link Commands}, or `close` for a clean exit. */
export type Command =
  | { readonly type: 'job'; readonly job: ServerJob | TargetJob | ClientJob | RelayJob | CeilingJob }
  | { [C in keyof Commands]: { readonly type: C } & Commands[C] }[keyof Commands]
  | { readonly type: 'close' }

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
  readonly intake: readonly ArrivalWindow[]
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
  /** What became of the first of them; empty when there is none. */
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
  /** How far off the instants of its clients may be, in microseconds; null where they have the run's clock. */
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

/** Where the clients of a client process stand. */
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
  | { readonly type: 'failed'; readonly message: string }
