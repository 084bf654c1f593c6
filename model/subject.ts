/**
 * What a run measures: a server with pushbench's clients, and what the run can do with that server. The rest of the
 * code checks for a capability, not for the kind of server.
 */

import type { ServerAbility } from './server-module.ts'
import type { ClientTechnique, ServerTechnique } from './technique.ts'

/** Both adapters of a technique, and the modules in which child processes find them. */
export interface Pair {
  readonly technique: string
  readonly server: ServerTechnique
  readonly serverModule: string
  readonly client: ClientTechnique
  readonly clientModule: string
}

/**
 * What a run may do with a server: what a module declares in `supports`, or
 * - `start`: start its process, and so stop, replace and multiply it;
 * - `server-sockets`: count bytes and connections at the server's own sockets;
 * - `delivery-counts`: rely on the server's own count of events and heartbeats.
 */
export type Capability = ServerAbility | 'start' | 'server-sockets' | 'delivery-counts'

/** A server that runs already, to which the run publishes. */
export interface Target {
  /** Where clients subscribe; `{stream}` stands for the number of their stream. */
  readonly url: string
  /** Where events are published by HTTP POST, with `{stream}` as in the URL. */
  readonly publish: string
  /** The processes of the server; empty where they are not known. */
  readonly pids: readonly number[]
}

/** A server that is measured in place of a built-in one. */
export interface ForeignServer {
  /** What results call it; nothing else depends on it. */
  readonly kind: 'module' | 'target'
  /** The module as it was given, or the URL where clients subscribe. */
  readonly name: string
  readonly capabilities: readonly Capability[]
  /** Settings that clients share with the built-in server of the technique, and that this one does not declare. */
  readonly unknown: readonly string[]
  /** Where the server runs; absent for a server that the run starts. */
  readonly target?: Target
}

/** A server, built-in or not, and the clients that are measured with it. A {@link Pair} is one. */
export interface Subject extends Omit<Pair, 'server'> {
  readonly server: Pick<ServerTechnique, 'settings' | 'hold' | 'heartbeat'>
  /** Absent for a built-in server. Of a target nothing is imported: its `serverModule` is its URL. */
  readonly foreign?: ForeignServer
}

/** Whether a run can do this with the server of a subject. A built-in server has every capability. */
export const can = ({ foreign }: Pick<Subject, 'foreign'>, capability: Capability): boolean =>
  foreign === undefined || foreign.capabilities.includes(capability)
