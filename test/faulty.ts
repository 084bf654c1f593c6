/**
 * The built-in techniques with a fault planted in their servers. A server process imports this module as it does the
 * registry; the query of the URL says which fault.
 */

import type { Pair } from '../model/subject.ts'
import type { PushServer, ServerTechnique } from '../model/technique.ts'
import { servers as builtIn, type Technique } from '../servers/index.ts'
import { builtIn as pairOf } from './measure/plan.ts'

/** What is wrong with a server. */
export interface ServerFault {
  /** It takes in every event so many milliseconds late. */
  readonly lateMs?: number
  /** Only every so many-th event of a stream is late; every one unless given. */
  readonly lateEvery?: number
  /** It loses every so many-th event of a stream. */
  readonly loses?: number
}

/** A technique whose servers have a fault. */
export function faulty<T extends Pick<ServerTechnique, 'create'>>(
  technique: T,
  { lateMs = 0, lateEvery = 1, loses = Number.POSITIVE_INFINITY }: ServerFault,
): T {
  const create: ServerTechnique['create'] = (context, settings) => {
    const server: PushServer = technique.create(context, settings)
    const publish = server.publish.bind(server)
    server.publish = (stream, event) => {
      if (event.seq % loses === 0) return
      if (lateMs > 0 && event.seq % lateEvery === 0) setTimeout(publish, lateMs, stream, event)
      else publish(stream, event)
    }
    return server
  }
  return { ...technique, create }
}

/** A built-in technique as a pair; without a fault the pair of the registry. */
export function pairWith(technique: Technique, fault: ServerFault | undefined): Pair {
  if (fault === undefined) return pairOf(technique)
  const module = new URL(import.meta.url)
  for (const [name, value] of Object.entries(fault)) module.searchParams.set(name, String(value))
  return { ...pairOf(technique), serverModule: module.href }
}

const planted: ServerFault = Object.fromEntries(
  [...new URL(import.meta.url).searchParams].map(([name, value]) => [name, Number(value)]),
)

/** The registry with the planted fault. */
export const servers = Object.fromEntries(
  Object.entries<ServerTechnique>(builtIn as Record<string, ServerTechnique>).map(([name, technique]) => [
    name,
    faulty(technique, planted),
  ]),
)
