/**
 * What this machine can hold, and how a fleet is spread over processes within that.
 */

import { availableParallelism } from 'node:os'
import type { Layout } from '../../model/workload.ts'
import { readText } from '../server/read-text.ts'

/** Descriptors that a process needs for itself: files, pipes, the event loop. */
const reservedDescriptors = 100
/** Share of the ephemeral ports that one server address is given; the rest may be in TIME_WAIT or another's. */
const usablePorts = 0.9
/** The most processes a side; more would only take cores from each other. */
export const processesPerSide = 8

/** The limits that bound a fleet; null where they are not known. */
export interface MachineLimits {
  readonly cores: number
  readonly descriptors: number | null
  readonly ports: number | null
}

/** Reads the limits of this host. */
export function readLimits(): MachineLimits {
  const descriptors = /^Max open files\s+(\d+)/m.exec(readText('/proc/self/limits') ?? '')?.[1]
  const [low, high] = (readText('/proc/sys/net/ipv4/ip_local_port_range') ?? '').trim().split(/\s+/)
  return {
    cores: availableParallelism(),
    descriptors: descriptors === undefined ? null : Number(descriptors),
    ports: low !== undefined && high !== undefined ? Number(high) - Number(low) + 1 : null,
  }
}

/** Connections that one process can hold. */
export function connectionsPerProcess({ descriptors }: MachineLimits): number {
  return descriptors === null ? Number.POSITIVE_INFINITY : Math.max(0, descriptors - reservedDescriptors)
}

/** Connections that one server address can take from this host. */
export function connectionsPerServer(limits: MachineLimits): number {
  const ports = limits.ports === null ? Number.POSITIVE_INFINITY : Math.floor(limits.ports * usablePorts)
  return Math.min(connectionsPerProcess(limits), ports)
}

/** Connections that one relay can carry: each takes two descriptors, one a side. */
export const connectionsPerRelay = (limits: MachineLimits): number =>
  Math.min(Math.floor(connectionsPerProcess(limits) / 2), connectionsPerServer(limits))

/**
 * The processes that a fleet needs: one server unless its limits force more, a client process for each core but the server's.
 * @param workers client processes asked for; undefined leaves the choice to this function
 * @param relayed true when the clients reach their server through a relay
 * @returns the layout, or the sentence that says why there is none
 */
export function planLayout(
  clients: number,
  workers: number | undefined,
  limits: MachineLimits,
  relayed = false,
): Layout | { problem: string } {
  const [perClientProcess, perServer] = [connectionsPerProcess(limits), connectionsPerServer(limits)]
  const needed = {
    clientProcesses: Math.ceil(clients / perClientProcess),
    servers: Math.ceil(clients / perServer),
  }
  const most = Math.max(needed.clientProcesses, needed.servers)
  if (!(most <= processesPerSide)) {
    return {
      problem:
        `--clients ${clients} is more than this machine allows: ${limits.descriptors ?? 'unlimited'} file descriptors a process ` +
        `make ${Math.min(perClientProcess, perServer) * processesPerSide} clients in ${processesPerSide} processes; ` +
        'ask for fewer, or raise the limit with "ulimit -n"',
    }
  }
  const servers = Math.max(1, needed.servers)
  const relaysEach = Math.ceil(Math.ceil(clients / servers) / connectionsPerRelay(limits))
  const relays = relayed ? servers * Math.max(1, relaysEach) : 0
  if (!(relays <= processesPerSide)) {
    return {
      problem:
        `--clients ${clients} is more than this machine can put through a link: each takes two of the ` +
        `${limits.descriptors} file descriptors of a relay process, and there are at most ${processesPerSide} of those; ` +
        'ask for fewer, or raise the limit with "ulimit -n"',
    }
  }
  if (workers !== undefined && workers < needed.clientProcesses) {
    return {
      problem: `--workers ${workers} is too few for --clients ${clients}: each holds at most ${perClientProcess} connections`,
    }
  }
  const processes = Math.min(
    clients,
    workers ?? Math.max(needed.clientProcesses, Math.min(limits.cores - 1, processesPerSide), 1),
  )
  return { clientProcesses: Math.max(1, processes), servers, relays }
}
