/** What a client process counts, as it travels to the parent: plain JSON. */
import type { Loss } from '../../model/loss.ts'
import type { Instant, Micros } from '../../model/units.ts'
import type { EncodedHistogram } from '../../results/histogram.ts'
import type { PulseCounts } from './single-events.ts'
import type { FleetBin } from './timeline.ts'

/** The measured window: from inclusive, to exclusive. */
export interface Window {
  readonly from: Instant
  readonly to: Instant
}

/** Whether an instant lies in a window; false while there is none. */
export const within = (window: Window | undefined, at: Instant): boolean =>
  window !== undefined && at >= window.from && at < window.to

/** Failures by cause. An orderly end of a connection is not a failure. */
export type ErrorCounts = Record<Exclude<Loss['cause'], 'closed'>, number>

/** No failure of any cause. */
export const noErrors: Readonly<ErrorCounts> = { refused: 0, reset: 0, timeout: 0, protocol: 0, status: 0 }

/**
 * What a client process counts one by one, at 0. A new counter is one line here and one where it happens; the
 * derivation adds it up by this name.
 */
export const noTally = {
  /** Connections lost and opened again within the measured window. */
  reconnects: 0,
  /** Deliveries due in the window, each counted once. */
  delivered: 0,
  /** Deliveries that the buffer of the link let go only at the end of the drain. */
  heldBack: 0,
  duplicated: 0,
  outOfOrder: 0,
  overrun: 0,
}

/** Everything that a client process counted; plain JSON. */
export interface FleetCounts extends Readonly<typeof noTally> {
  readonly connected: number
  /** Clients that had been connected by then, including those between two streams at that moment. */
  readonly everConnected: number
  readonly connect: EncodedHistogram
  readonly latency: EncodedHistogram
  readonly service: EncodedHistogram
  readonly spread: SpreadPart[]
  readonly expected: number
  readonly lost: number
  /** Deliveries that clients had yet to ask for, because a fault had left them without a connection at the end. */
  readonly outstanding: number
  readonly superseded: number
  readonly takenByOther: number
  readonly pages: readonly PageCounts[]
  /** Responses that ended in the window; no entry for a stream without any. */
  readonly responses: readonly StreamResponses[]
  readonly errors: ErrorCounts
  /** The message of the first failure of each cause. */
  readonly errorDetails: Readonly<Partial<Record<string, string>>>
  readonly timeline: FleetBin[]
  readonly storm: ReconnectCounts
  readonly backlog: BacklogCounts
  /** Each event where events come singly; empty otherwise. */
  readonly pulses: readonly PulseCounts[]
}

/** What the pages of the same number received, over all sessions. */
export interface PageCounts {
  /** Counts from 1 within a session. */
  readonly page: number
  readonly expected: number
  readonly delivered: number
  readonly missed: number
}

/** Responses to the clients of one stream within one client process, and those of them without an event. */
export type StreamResponses = readonly [stream: number, total: number, empty: number]

/** First and last receipt of one event within one client process: [stream, seq, first, last]. */
export type SpreadPart = readonly [stream: number, seq: number, first: Instant, last: Instant]

/** A count in a grain of time; grains count from the start of the measured window. */
export type GrainCount = readonly [grain: number, count: number]

/**
 * When a client noticed that its connection was lost, and when it was connected again; null for never. A client moved
 * that noticed nothing: the server had closed its connection between two requests, and it opened another.
 */
export type Absence = readonly [lostAt: number, backAt: number | null, moved?: true]

/** No attempt, and none that failed for any reason. */
export const noAttempts = { total: 0, refused: 0, reset: 0, timeout: 0, other: 0 }

/** What came to clients that had stopped reading, and had been due before they read again; plain JSON. */
export interface BacklogCounts {
  /** Clients that had stopped reading. */
  readonly clients: number
  /** Of the deliveries, each from the instant at which it was due. */
  readonly latency: EncodedHistogram
  /** From the instant at which the clients read again until the last delivery came; null without any. */
  readonly cleared: Micros | null
}

/** What a client process counted of a storm; plain JSON, instants in microseconds from the start of the measured window. */
export interface ReconnectCounts {
  /** Attempts in grains of {@link stormGrain}. */
  readonly arrivals: readonly GrainCount[]
  /** Those of them that brought their client back, in the same grains: where each began. */
  readonly successes: readonly GrainCount[]
  /** Clients connected at the end of each grain of {@link connectedGrain} in which that changed. */
  readonly connected: readonly GrainCount[]
  readonly attempts: Readonly<typeof noAttempts>
  /** Attempts that failed, of clients that had lost their connection. */
  readonly wasted: number
  /** For each client that lost its connection, every time that it did: when it noticed and was back; null: never. */
  readonly outages: readonly (readonly Absence[])[]
  /** Events that came though they had been due before their client was back. */
  readonly caughtUp: number
  /** The first event of each client that was back, from the instant at which it was due. */
  readonly firstEvent: EncodedHistogram
}
