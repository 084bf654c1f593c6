/**
 * What the parent sends to the processes of a run: plain JSON, so that a client process could as well be run by another
 * machine's job queue. A job says everything; `start` fixes the instants. What they answer is in `report.ts`.
 */
import type { Backoff } from '../../model/backoff.ts'
import type { Origin } from '../../model/clock.ts'
import type { Delivery } from '../../model/delivery.ts'
import type { FaultCommands, FaultTarget } from '../../model/fault.ts'
import type { Link } from '../../model/link.ts'
import type { EmptyPoll, HeaderSet } from '../../model/request.ts'
import type { ScheduleSpec } from '../../model/schedule.ts'
import type { SettingValue } from '../../model/settings.ts'
import type { Address } from '../../model/technique.ts'
import { type Instant, type Micros, milliseconds } from '../../model/units.ts'
import type { Window } from './fleet-counts.ts'
import type { ClientMark } from './server-counts.ts'

/** A client process listens this much longer after all events arrived: a duplicate arrives late. */
export const linger = milliseconds(200)

/** An adapter of a technique: the module whose exported registry holds it, and its name there. */
export interface AdapterRef {
  /** URL of a module that exports `servers` or `clients`. */
  readonly module: string
  readonly technique: string
}

/** The job of a server process. */
export interface ServerJob {
  readonly role: 'server'
  readonly origin: Origin
  readonly adapter: AdapterRef
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
   * When a fault is due, from the start of the measured window: connections and requests are then counted in windows,
   * one of which begins at that instant.
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

/** The job of a process that publishes to a server which already runs. */
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

/** The job of a client process. */
export interface ClientJob {
  readonly role: 'client'
  readonly origin: Origin
  readonly adapter: AdapterRef
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
  /** True where a fault is due: what clients that are not back at the end have yet to ask for is not lost. */
  readonly faulted?: true
  /** True where bytes are counted at the clients, since the sockets of the server are out of reach. */
  readonly countsBytes?: true
}

/** The job of a relay process. */
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

/** The job of a process that asks as fast as it is answered. */
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
  /**
   * Until then a client process counts separately what the buffer of the link releases at `drainUntil`; absent without
   * a buffer.
   */
  readonly heldUntil?: Instant
}

/** The commands of an orderly run to a process that has its job, with what each carries. */
export interface Commands {
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
  | OneOf<Commands>
  | { [T in FaultTarget]: OneOf<FaultCommands[T]> }[FaultTarget]
  | { readonly type: 'close' }

/** A command of a table, with what it carries. */
type OneOf<Table> = { [C in keyof Table]: { readonly type: C } & Table[C] }[keyof Table]
