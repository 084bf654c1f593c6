/**
 * Where options come from: flags before environment (`PUSHBENCH_*`) before configuration file before defaults.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../index.ts'
import { kebab, optionNames, type RunOptions, readOptions } from '../options.ts'

const configNames = ['pushbench.config.ts', 'pushbench.config.js', 'pushbench.config.json']

/**
 * Merges the sources. Each is checked by itself first, so that an error names the source it stands in.
 * @param flags the flags that were given, by option name
 * @param configPath the file of `--config`; undefined looks for one from the working directory upwards
 */
export async function gatherOptions(flags: RunOptions, configPath: string | undefined): Promise<RunOptions> {
  const environment = fromEnvironment(process.env)
  const config = await fromConfig(configPath)
  readOptions(config.options, name => `${config.path}: ${name}`)
  readOptions(environment, environmentName)
  readOptions(flags)
  return { ...config.options, ...environment, ...flags }
}

/** `PUSHBENCH_IDLE_CUT` for `idleCut`. */
const environmentName = (option: string): string =>
  `PUSHBENCH_${kebab(option).replaceAll('-', '_').toUpperCase()}`

function fromEnvironment(env: NodeJS.ProcessEnv): RunOptions {
  const entries = optionNames.map(name => [name, env[environmentName(name)]] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ''))
}

async function fromConfig(given: string | undefined): Promise<{ path: string; options: RunOptions }> {
  const path = given === undefined ? findUpwards(process.cwd()) : resolve(given)
  if (path === undefined) return { path: '', options: {} }
  if (!existsSync(path)) throw new UsageError(`--config: there is no file ${given}`)
  const options = await load(path)
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new UsageError(`${path}: the configuration is not an object of options`)
  }
  return { path, options }
}

async function load(path: string): Promise<unknown> {
  try {
    if (path.endsWith('.json')) return JSON.parse(readFileSync(path, 'utf8'))
    return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default
  } catch (error) {
    throw new UsageError(
      `${path}: cannot be read as configuration: ${error instanceof Error ? error.message : error}`,
    )
  }
}

function findUpwards(folder: string): string | undefined {
  const found = configNames.map(name => join(folder, name)).find(existsSync)
  const parent = dirname(folder)
  return found ?? (parent === folder ? undefined : findUpwards(parent))
}
