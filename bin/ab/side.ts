/** One side of an A/B comparison: a checkout, a server module or a command, as something that can be run. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { extname, join, relative, resolve } from 'node:path'
import { UsageError } from '../../index.ts'

/** Which side. */
export type SideName = 'base' | 'head'

/** A side. */
export interface Side {
  readonly name: SideName
  /** As the user named it. */
  readonly given: string
  /** The program and its first arguments; the flags of `run` follow. */
  readonly program: readonly [file: string, ...words: string[]]
  readonly cwd: string
  /** The server module from the working directory, where the side is one. */
  readonly module?: string
}

const moduleEndings = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']

/** This instrument, or that of another checkout. */
const instrument = (launcher = process.argv[1] ?? ''): Side['program'] => [process.execPath, launcher, 'run']

/**
 * Reads what a user named.
 * - A folder is a checkout: the run has it as its working directory, and so its own configuration and server
 *   modules. A checkout of pushbench itself measures with its own code.
 * - A file with the ending of a module is a server adapter, for `--server`.
 * - Everything else is a command for the shell, with the flags of `run` after it.
 * @throws {UsageError} for a path at which there is nothing
 */
export function sideOf(name: SideName, given: string): Side {
  const what = statSync(given, { throwIfNoEntry: false })
  if (what?.isDirectory())
    return { name, given, cwd: resolve(given), program: instrument(ownLauncher(resolve(given))) }
  const isModule = moduleEndings.includes(extname(given)) && !/\s/.test(given)
  if (isModule && what !== undefined) {
    // Results name a module by its path. One from the working directory is the same on every machine.
    const module = relative(process.cwd(), resolve(given))
    return { name, given, cwd: process.cwd(), program: [...instrument(), `--server=${module}`], module }
  }
  if (given.trim() === '' || (what === undefined && !/\s/.test(given) && (isModule || given.includes('/'))))
    throw new UsageError(
      `--${name}: there is no ${JSON.stringify(given)}: give a folder, a server module or a command`,
    )
  // The shell sees the flags as its parameters, so that none needs quoting.
  return { name, given, cwd: process.cwd(), program: ['sh', '-c', `${given} "$@"`, 'sh'] }
}

/** The launcher of a folder that is a checkout of pushbench; undefined for any other. */
function ownLauncher(folder: string): string | undefined {
  const [manifest, launcher] = [join(folder, 'package.json'), join(folder, 'bin/launch.js')]
  if (!existsSync(manifest) || !existsSync(launcher)) return undefined
  try {
    const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: unknown }
    return name === 'pushbench' ? launcher : undefined
  } catch {
    return undefined
  }
}
