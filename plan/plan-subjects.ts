/**
 * What the options ask to measure: built-in techniques, a user's own servers, or a server that already runs. All
 * errors in them are found here.
 */
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { clientModule, clients } from '../clients/index.ts'
import { reportsLoad } from '../measure/server/foreign-load.ts'
import { ownServerOf } from '../model/server-module.ts'
import type { Settings } from '../model/settings.ts'
import { type Capability, can, type Pair, type Subject } from '../model/subject.ts'
import { UsageError, unknownName } from '../model/usage-error.ts'
import type { Workload } from '../model/workload.ts'
import { serverModule, servers, type Technique } from '../servers/index.ts'
import { loadModule } from './load-module.ts'
import { isLoopback } from './loopback.ts'
import type { ReadOptions } from './options.ts'

/** Names of all techniques, in the order of the registry. */
export const techniques = Object.keys(servers) as Technique[]

/** True for the name of a technique. */
export const isTechnique = (name: string): name is Technique =>
  (techniques as readonly string[]).includes(name)

const pairs = Object.fromEntries(
  techniques.map((technique): [string, Pair] => [
    technique,
    { technique, server: servers[technique], serverModule, client: clients[technique], clientModule },
  ]),
) as Record<Technique, Pair>

/** Both adapters of a built-in technique; the same object each time. */
export const pairOf = (technique: Technique): Pair => pairs[technique]

/**
 * The foreign servers in the options.
 * @throws {UsageError} with one sentence
 */
export function foreignSubjects(options: ReadOptions): Subject[] {
  const target = targetOf(options)
  if (target === null) return [...new Set(options.server)].map(moduleSubject)
  if (options.server.length > 0)
    throw new UsageError('--target: it is a server that already runs: measure it without --server')
  return [target]
}

/** Loads in this process what a child will run, so that any error in it is known before the run. */
function moduleSubject(path: string): Subject {
  const file = resolve(path)
  if (!existsSync(file)) throw new UsageError(`--server: there is no file ${path} (looked for ${file})`)
  if (statSync(file).isDirectory())
    throw new UsageError(`--server ${path}: it is a folder: give the module in it`)
  const found = ownServerOf(loadModule(`--server ${path}`, file))
  if ('problem' in found) throw new UsageError(`--server ${path}: ${found.problem}`)
  const { technique, settings = {}, supports = [], hold, heartbeat } = found.server
  if (!isTechnique(technique))
    throw new UsageError(`--server ${path}: ${unknownName('technique', technique, techniques)}`)
  return {
    ...pairOf(technique),
    server: { settings, ...(hold && { hold }), ...(heartbeat && { heartbeat }) },
    serverModule: pathToFileURL(file).href,
    foreign: {
      kind: 'module',
      name: path,
      capabilities: ['start', 'server-sockets', ...supports],
      unknown: undeclared(technique, settings),
    },
  }
}

/** The settings that clients share with the built-in server of a technique, and that a foreign one does not declare. */
function undeclared(technique: Technique, declared: Settings): string[] {
  const { server, client } = pairOf(technique)
  return Object.keys(client.settings).filter(name => name in server.settings && !(name in declared))
}

function targetOf(options: ReadOptions): Subject | null {
  const { target, publish, technique, pid, allowRemote } = options
  if (target === undefined) {
    const [stray] = [
      publish === undefined ? [] : ['--publish'],
      pid.length === 0 ? [] : ['--pid'],
      allowRemote.length === 0 ? [] : ['--allow-remote'],
    ].flat()
    if (stray === undefined) return null
    throw new UsageError(`${stray}: it needs a server that already runs: give its address with --target`)
  }
  if (publish === undefined)
    throw new UsageError('--target: give --publish too, the address to which events are posted')
  const [spoken, ...others] = technique ?? []
  if (spoken === undefined || others.length > 0)
    throw new UsageError('--target: say with --technique which one technique its clients speak')
  checkHost('--target', target, allowRemote)
  checkHost('--publish', publish, allowRemote)
  const silent = pid.find(each => !reportsLoad(each))
  if (silent !== undefined)
    throw new UsageError(
      `--pid ${silent}: no process with this id can be read: give the ids of the server's processes`,
    )
  return {
    ...pairOf(spoken),
    server: { settings: {} },
    serverModule: target,
    foreign: {
      kind: 'target',
      name: target,
      // Nothing is known about the server here: a user who asks for these deliveries knows that it supports them.
      capabilities: ['session-queue', 'last-value'],
      unknown: undeclared(spoken, {}),
      target: { url: target, publish, pids: pid },
    },
  }
}

function checkHost(flag: string, url: string, allowed: readonly string[]): void {
  const { hostname } = new URL(url)
  if (isLoopback(hostname) || allowed.includes(hostname.replace(/^\[|\]$/g, ''))) return
  throw new UsageError(
    `${flag}: ${hostname} is not this machine, and load goes to loopback only: if you may put it under load, add --allow-remote ${hostname.replace(/^\[|\]$/g, '')}`,
  )
}

/** Something that a run may need and that not every server can do. */
interface Demand {
  readonly flag: string
  readonly asked: (workload: Workload, options: ReadOptions) => boolean
  readonly needs: Capability
}

const demands: readonly Demand[] = [
  { flag: '--accept-rate', asked: ({ acceptRate }) => acceptRate !== undefined, needs: 'accept-rate' },
  {
    flag: '--delivery session-queue',
    asked: ({ delivery }) => delivery === 'session-queue',
    needs: 'session-queue',
  },
  { flag: '--delivery last-value', asked: ({ delivery }) => delivery === 'last-value', needs: 'last-value' },
  { flag: '--backend-poll', asked: ({ backendPoll }) => backendPoll > 0, needs: 'start' },
  { flag: '--log', asked: (_, { log }) => log !== undefined, needs: 'start' },
  { flag: '--dom-clients', asked: (_, { domClients }) => domClients > 0, needs: 'start' },
  { flag: '--browser-clients', asked: (_, { browserClients }) => browserClients > 0, needs: 'start' },
]

/** @throws {UsageError} when a foreign server cannot do what the run needs */
export function checkDemands(subject: Subject, workload: Workload, options: ReadOptions): void {
  const missing = demands.find(({ asked, needs }) => !can(subject, needs) && asked(workload, options))
  if (missing !== undefined) {
    const { flag, needs } = missing
    throw new UsageError(
      can(subject, 'start')
        ? `${flag}: ${subject.foreign?.name} does not declare it: add "${needs}" to its supports once it can`
        : `${flag}: it needs a server that the run itself starts, not a --target`,
    )
  }
  const publish = subject.foreign?.target?.publish
  if (publish !== undefined && workload.audience.kind !== 'broadcast' && !publish.includes('{stream}'))
    throw new UsageError(
      `--publish: an audience of several streams needs {stream} where the number of the stream goes, e.g. ${publish}?channel={stream}`,
    )
}
