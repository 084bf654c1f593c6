/**
 * The contract of a user's own server: a module that exports a server adapter and the name of the technique that it
 * implements. The same clients, publisher and meters then measure code that is not part of pushbench.
 */
import type { Settings } from './settings.ts'
import type { PushServer, ServerTechnique } from './technique.ts'

/** What a run may ask of a server beyond publishing to the connected clients. */
const serverAbilities = ['accept-rate', 'drain', 'session-queue', 'last-value'] as const

/** One of {@link serverAbilities}. */
export type ServerAbility = (typeof serverAbilities)[number]

/** A server adapter as a module exports it, as its default or as `server`. */
export interface OwnServer<S extends Settings = Settings>
  extends Pick<ServerTechnique<S>, 'create' | 'hold' | 'heartbeat'> {
  /** The technique that its clients use. */
  readonly technique: string
  /** What `--set <technique>.<name>=<value>` can set in addition to the settings of the clients. */
  readonly settings?: S
  /** Its optional abilities; a run that needs one that is missing is refused before it starts. */
  readonly supports?: readonly ServerAbility[]
}

/** Keeps the type of a server's settings while it is checked against the contract. */
export const defineServer = <S extends Settings = Record<never, never>>(server: OwnServer<S>): OwnServer<S> =>
  server

const what = 'export default defineServer({ technique, create }), or the like as "server"'

/**
 * The server among what a module exports.
 * @returns the server, or a sentence that says what is missing and what would be right
 */
export function ownServerOf(exports: unknown): { readonly server: OwnServer } | { readonly problem: string } {
  const found = exportedServer(exports)
  if (found === null) return { problem: `it exports no server: ${what}` }
  const server = found as Partial<Record<keyof OwnServer, unknown>>
  if (typeof server.technique !== 'string')
    return { problem: `"technique" is missing or unknown: give the technique that its clients speak` }
  if (typeof server.create !== 'function')
    return { problem: `"create" is not a function: give (context, settings) => server` }
  if (typeof (server.settings ?? {}) !== 'object')
    return {
      problem: '"settings" is not an object: give declarations by name, like { size: size(0, "help") }',
    }
  const abilities = server.supports ?? []
  if (!Array.isArray(abilities) || abilities.some(each => !serverAbilities.includes(each)))
    return { problem: `"supports" is not a list of ${serverAbilities.join(', ')}` }
  return { server: found as OwnServer }
}

/**
 * The default export, or the one called `server`. A CommonJS module is given as its exports by `require`, and with these
 * as the default by `import`.
 */
function exportedServer(exports: unknown): object | null {
  const standard = memberOf(exports, 'default')
  const named = [standard, memberOf(exports, 'server')].filter(isObject)
  const nested = [memberOf(standard, 'default'), memberOf(standard, 'server'), exports].filter(isObject)
  const isServer = (each: object): boolean => 'technique' in each || 'create' in each
  return [...named, ...nested].find(isServer) ?? named[0] ?? null
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const memberOf = (value: unknown, name: string): unknown =>
  isObject(value) ? (value as Readonly<Record<string, unknown>>)[name] : undefined

/**
 * A server adapter that a child process is to run: of a registry (`servers`), or of a user.
 * @throws {Error} when the module has none
 */
export function serverAdapterIn(exports: object, technique: string): Pick<ServerTechnique, 'create'> {
  const { servers } = exports as { servers?: Record<string, ServerTechnique> }
  const builtIn = servers?.[technique]
  if (builtIn !== undefined) return builtIn
  const own = ownServerOf(exports)
  if ('problem' in own) throw new Error(`no server adapter "${technique}": ${own.problem}`)
  return own.server
}

/**
 * The running server, checked at run time: a module in JavaScript has no compiler to check it.
 * @throws {Error} naming what it lacks
 */
export function checkedServer(server: PushServer): PushServer {
  for (const name of ['listen', 'publish', 'close'] as const) {
    if (typeof server?.[name] !== 'function')
      throw new Error(`what its create() returned has no ${name}(): give listen, publish and close`)
  }
  return server
}
