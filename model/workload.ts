/**
 * What a run is asked to do, in stored units. Plain data: scenarios contain it, flags change it.
 */

import type { Audience } from './audience.ts'
import type { Backoff } from './backoff.ts'
import type { Delivery } from './delivery.ts'
import type { Link } from './link.ts'
import type { HeaderSet } from './request.ts'
import type { Arrivals, ScheduleSpec } from './schedule.ts'
import { type Micros, seconds } from './units.ts'

/** Publishing ahead of the warm-up that was asked for. */
export interface Lead {
  readonly length: Micros
  /** Why it is needed, in words. */
  readonly reason: string
}

/** How long an attempt to connect may take: as long as socket.io-client waits (its option `timeout`). */
export const defaultAttemptTimeout: Micros = seconds(20)

/** The load of a run. */
export interface Workload {
  readonly clients: number
  readonly audience: Audience
  readonly arrivals: Arrivals
  /** For `pulses`: when events are due, from the start of publishing, that is of the warm-up. */
  readonly pulses?: readonly Micros[]
  /** Events per second and stream. */
  readonly ratePerSecond: number
  /** Size of one event's text, its stamp included. */
  readonly payloadBytes: number
  /** As asked for; see {@link lead}. */
  readonly warmup: Micros
  /** Publishing ahead of the warm-up, where that is too short for what is measured (`warm-up.ts`). */
  readonly lead?: Lead
  readonly duration: Micros
  /** Events that the server keeps per stream. */
  readonly logEvents: number
  /** What the server promises to deliver. */
  readonly delivery: Delivery
  /** How many consecutive clients are pages of one session; at least 1. */
  readonly pagesPerSession: number
  /** How often the server asks its backend for events; 0 where the backend pushes them at once. */
  readonly backendPoll: Micros
  readonly headers: HeaderSet
  readonly backoff: Backoff
  /** An attempt to connect is given up after this time; {@link defaultAttemptTimeout} unless given. */
  readonly attemptTimeout?: Micros
  /** Connections that a server takes per second; no limit unless given. */
  readonly acceptRate?: number
  /** What the clients reach the server through; null is straight over loopback. */
  readonly link: Link | null
  readonly seed: number
}

/** A named load: plain data, before flags change it and a seed makes it definite. */
export interface Scenario {
  /** One line for `list scenarios`. */
  readonly summary: string
  readonly workload: Omit<Workload, 'seed'>
  /**
   * The audience where a server that is not ours is measured, which need not keep streams apart; that of the workload
   * unless given.
   */
  readonly foreignAudience?: Audience
  /** The techniques that the scenario is about; all of them unless given. */
  readonly techniques?: readonly string[]
  /** Those of them that are measured unless others are asked for; all of them unless given. */
  readonly usualTechniques?: readonly string[]
  /** Settings of techniques, as texts that flags could give. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Its faults and backoff policies, as the text that flags would have; each combination is a run. */
  readonly faults?: readonly string[]
  readonly backoffs?: readonly string[]
  /** Source of the scenario, for one from history or the literature. */
  readonly reference?: string
}

/** How a workload is spread over processes. */
export interface Layout {
  /** Wire clients only; page clients have a process for each kind. */
  readonly clientProcesses: number
  readonly servers: number
  /** A multiple of the servers, each of which has its own; 0 without a link. */
  readonly relays: number
}

/** What the schedule of a workload is computed from. */
export const scheduleOf = ({ seed, arrivals, ratePerSecond, pulses, lead }: Workload): ScheduleSpec => ({
  seed,
  arrivals,
  ratePerSecond,
  ...(lead && { lead: lead.length }),
  ...(pulses === undefined ? {} : { pulses }),
})

/** Splits `total` into `parts` consecutive ranges whose sizes differ by at most one. */
export function ranges(total: number, parts: number): { from: number; to: number }[] {
  return Array.from({ length: parts }, (_, part) => ({
    from: Math.floor((part * total) / parts),
    to: Math.floor(((part + 1) * total) / parts),
  }))
}

/** Deals clients out as {@link ranges} does, but splits no session. */
export function clientRanges(
  { clients, pagesPerSession }: Pick<Workload, 'clients' | 'pagesPerSession'>,
  parts: number,
): { from: number; to: number }[] {
  return ranges(Math.ceil(clients / pagesPerSession), parts).map(({ from, to }) => ({
    from: from * pagesPerSession,
    to: Math.min(to * pagesPerSession, clients),
  }))
}
