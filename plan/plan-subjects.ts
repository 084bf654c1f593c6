/**
 * What the options want measured: built-in techniques, servers of a user's own, or one that already runs. All that
 * can be wrong with them is found here.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { clientModule, clients } from '../clients/index.ts'
import { tellsItsLoad } from '../measure/server/foreign-load.ts'
import { isLoopback } from '../model/loopback.ts'
import { ownServerOf, type ServerAbility } from '../model/server-module.ts'
import type { Settings } from '../model/settings.ts'
import { UsageError, unknownName } from '../model/usage-error.ts'
import type { Pair, Subject, Target, Workload } from '../model/workload.ts'
import { serverModule, servers, type Technique } from '../servers/index.ts'
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
 * The servers in the options that are not ours.
 * @throws {UsageError} with one sentence
 */
export function foreignSubjects(options: ReadOptions): Subject[] {
  const target = targetOf(options)
  if (target === null) return [...new Set(options.server)].map(moduleSubject)
  if (options.server.length > 0)
    throw new UsageError('--target: it is a server that already runs: measure it without --server')
  return [target]
}

/** Loads in this process what a child is to run, so that whatever is wrong with it is known before. */
function moduleSubject(path: string): Subject {
  const file = resolve(path)
  if (!existsSync(file)) throw new UsageError(`--server: there is no file ${path} (looked for ${file})`)
  const found = ownServerOf(load(path, file))
  if ('problem' in found) throw new UsageError(`--server ${path}: ${found.problem}`)
  const { technique, settings = {}, supports = [], hold, heartbeat } = found.server
  if (!isTechnique(technique))
    throw new UsageError(`--server ${path}: ${unknownName('technique', technique, techniques)}`)
  return {
    ...pairOf(technique),
    server: { settings, ...(hold && { hold }), ...(heartbeat && { heartbeat }) },
    serverModule: pathToFileURL(file).href,
    foreign: { kind: 'module', name: path, unknown: untold(technique, settings), supports },
  }
}

/** The settings that clients share with our server of a technique, and another's server does not declare. */
function untold(technique: Technique, declared: Settings): string[] {
  const { server, client } = pairOf(technique)
  return Object.keys(client.settings).filter(name => name in server.settings && !(name in declared))
}

function load(path: string, file: string): object {
  try {
    return createRequire(import.meta.url)(file) as object
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    throw new UsageError(
      code === 'ERR_REQUIRE_ASYNC_MODULE'
        ? `--server ${path}: it awaits at its top level: move that into listen(), which may wait`
        : `--server ${path}: it cannot be loaded: ${error instanceof Error ? error.message.split('\n', 1)[0] : error}`,
    )
  }
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
    throw new UsageError(`${stray}: it is of a server that already runs: give its address with --target`)
  }
  if (publish === undefined)
    throw new UsageError('--target: give --publish too, the address to which events are posted')
  const [spoken, ...others] = technique ?? []
  if (spoken === undefined || others.length > 0)
    throw new UsageError('--target: say with --technique which one technique its clients speak')
  checkHost('--target', target, allowRemote)
  checkHost('--publish', publish, allowRemote)
  const silent = pid.find(each => !tellsItsLoad(each))
  if (silent !== undefined)
    throw new UsageError(`--pid ${silent}: no process of that number tells its CPU time and memory`)
  return {
    ...pairOf(spoken),
    server: { settings: {} },
    serverModule: target,
    foreign: { kind: 'target', name: target, unknown: untold(spoken, {}), publish, pids: pid },
  }
}

function checkHost(flag: string, url: string, allowed: readonly string[]): void {
  const { hostname } = new URL(url)
  if (isLoopback(hostname) || allowed.includes(hostname.replace(/^\[|\]$/g, ''))) return
  throw new UsageError(
    `${flag}: ${hostname} is not this machine, and load goes to loopback only: where it is yours to put under load, add --allow-remote ${hostname.replace(/^\[|\]$/g, '')}`,
  )
}

/** What a run may ask that a server of another's making need not be able to do. */
interface Demand {
  readonly flag: string
  readonly asked: (workload: Workload) => boolean
  /** What a module declares that can. */
  readonly ability?: ServerAbility
  /** True for what only a server does that the run itself starts. */
  readonly beyondTargets?: true
}

const demands: readonly Demand[] = [
  {
    flag: '--accept-rate',
    asked: ({ acceptRate }) => acceptRate !== undefined,
    ability: 'accept-rate',
    beyondTargets: true,
  },
  {
    flag: '--delivery session-queue',
    asked: ({ delivery }) => delivery === 'session-queue',
    ability: 'session-queue',
  },
  {
    flag: '--delivery last-value',
    asked: ({ delivery }) => delivery === 'last-value',
    ability: 'last-value',
  },
  { flag: '--backend-poll', asked: ({ backendPoll }) => backendPoll > 0, beyondTargets: true },
]

/** @throws {UsageError} when a server that is not ours cannot do what the run asks of it */
export function checkDemands({ foreign }: Subject, workload: Workload, options: ReadOptions): void {
  if (foreign === undefined) return
  for (const { flag, asked, ability, beyondTargets } of demands) {
    if (!asked(workload)) continue
    if (foreign.kind === 'target' && beyondTargets)
      throw new UsageError(`${flag}: it needs a server that the run itself starts, not a --target`)
    if (foreign.kind === 'module' && ability !== undefined && !foreign.supports.includes(ability))
      throw new UsageError(
        `${flag}: ${foreign.name} does not say that it can: add "${ability}" to its supports once it does`,
      )
  }
  if (foreign.kind === 'target') checkTarget(foreign, workload, options)
}

function checkTarget(
  { publish }: Target,
  { audience }: Workload,
  { domClients, browserClients, log }: ReadOptions,
): void {
  if (domClients + browserClients > 0)
    throw new UsageError('--target: page clients need a server that the run itself starts')
  if (log !== undefined) throw new UsageError('--log: how many events a --target keeps is its own affair')
  if (audience.kind !== 'broadcast' && !publish.includes('{stream}'))
    throw new UsageError(
      `--publish: an audience of several streams needs {stream} where the number of the stream goes, e.g. ${publish}?channel={stream}`,
    )
}
