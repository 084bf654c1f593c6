/**
 * The contract between a run and a fault: what a fault changes in a run before it begins, and what it does to
 * the server or the link while clients are connected. Faults are data with a little code; `faults/` has one file
 * for each.
 */
import type { Settings, SettingValue, Values } from './settings.ts'
import type { Subject } from './subject.ts'
import type { Instant, Micros } from './units.ts'
import type { Workload } from './workload.ts'

/**
 * The commands that a fault may give to the processes of a run, by the kind of process, with what each carries. The
 * entry of a process must have a handler for each command of its kind: the compiler asks for it.
 */
export interface FaultCommands {
  readonly server: {
    /** Resets (RST) a share of the connections, from 0 to 1. */
    readonly reset: { readonly share: number }
  }
  readonly relay: {
    /** Carries nothing until then; connections stay open. */
    readonly blackhole: { readonly until: Instant }
  }
  readonly client: {
    /** A share of the clients, from 0 to 1, reads nothing until then. */
    readonly stall: { readonly share: number; readonly until: Instant }
  }
}

/** A kind of process on which a fault can act. */
export type FaultTarget = keyof FaultCommands

/** What a fault can do. Everything resolves early when the run ends; the run undoes what must not outlast it. */
export interface FaultActions {
  now(): Instant
  /** Lets time pass. */
  wait(duration: Micros): Promise<void>
  /** Gives all processes of a kind one of its commands. */
  command<T extends FaultTarget, C extends keyof FaultCommands[T]>(
    to: T,
    type: C,
    values: FaultCommands[T][C],
  ): void
  /** Stops all processes of a kind (SIGSTOP), or continues them (SIGCONT). */
  signal(to: FaultTarget, signal: 'SIGSTOP' | 'SIGCONT'): void
  /** Records the instant, past or future, from which everything is as before. */
  returned(at: Instant): void
  /** Ends the server processes without warning (SIGKILL). */
  kill(): Promise<void>
  /**
   * Starts new servers at the addresses of those that were killed. Their logs hold all events due since the start of
   * the run. They boot at once and listen `delay` from now, or as soon as they can where that is later.
   */
  boot(delay: Micros): Promise<void>
  /**
   * Starts successors at the addresses of the servers and has those send their clients away, evenly over `over`.
   * @param retryAfter what they ask clients to wait; 0 asks for nothing
   */
  replace(over: Micros, retryAfter: Micros): Promise<void>
}

/** What a run learns from a pilot of itself. */
export interface Pilot {
  /** Median time from the end of a response to the arrival of the client's next request; null without any. */
  readonly rearmP50: Micros | null
}

/** What a fault determines in a simulated storm; clients, server and network determine the rest. */
export interface FaultModel {
  /** Which share of the clients it drops, 0 to 1. */
  readonly droppedShare: number
  /** Each client notices the loss at its own moment, uniform from 0 to here: closings spread over a window. */
  readonly noticeWithin: Micros
  /** When the server accepts again, from the fault. */
  readonly serverBackAt: Instant
  /** What the server asked for before it went; null if it said nothing. */
  readonly asked: Micros | null
}

/** A kind of fault, as its file exports it. */
export interface Fault<S extends Settings = Settings> {
  /** One line for lists. */
  readonly summary: string
  /** Source, for a fault that the literature or a protocol describes. */
  readonly reference?: string
  readonly settings: S
  /**
   * What arrives all at once because of it: clients that reconnect, requests on open connections, or deliveries that
   * had to wait. Only clients that reconnect have a backoff policy.
   */
  readonly storms: 'connections' | 'requests' | 'deliveries'
  /**
   * Where it acts. On a `server` the run must have started it, which a `--target` is not; a fault of the `relay` gives
   * the run a link.
   */
  readonly actsOn: FaultTarget
  /** True for a fault in which servers share a port with their successors. */
  readonly sharesPort?: true
  /** What the simulator makes of it; absent where the model does not cover it: connections that stay open. */
  model?(values: Values<S>): Partial<FaultModel>
  /** From its instant until everything is as before. */
  lasts(values: Values<S>): Micros
  /** Why it does not apply to a technique; null or absent where it does. */
  refuses?(pair: Subject): string | null
  /** Settings of the technique that it needs. */
  settingsFor?(pair: Subject, values: Values<S>): Readonly<Record<string, SettingValue>>
  /** The load of a pilot run, for a fault that needs one to time itself. */
  pilot?(workload: Workload, values: Values<S>, at: Micros): Workload
  /** The load that it needs in place of the one asked for. */
  load?(workload: Workload, values: Values<S>, at: Micros, pilot: Pilot | null): Workload
  /** When it happens, where that is not at `at` of the measured window. */
  happensAt?(values: Values<S>, at: Micros): Micros
  /** What it does. Resolves when everything is as before; absent where the load alone causes the storm. */
  inject?(actions: FaultActions, values: Values<S>): Promise<void>
}

/** A fault that a run injects, with its parsed parameters. */
export interface PlannedFault {
  /** As `--fault` reads it. */
  readonly text: string
  readonly fault: Fault
  readonly values: Readonly<Record<string, SettingValue>>
  /** When, from the start of the measured window. */
  readonly at: Micros
}

/** When a fault is due, from the start of the measured window. */
export const dueAt = ({ fault, values, at }: PlannedFault): Micros => fault.happensAt?.(values, at) ?? at

/** Keeps the type of a fault's settings while it is checked against the contract. */
export const faultOf = <S extends Settings>(fault: Fault<S>): Fault<S> => fault
