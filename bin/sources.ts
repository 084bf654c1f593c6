/**
 * Where options come from: flags before environment (`PUSHBENCH_*`) before configuration file before defaults.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MetricLevels } from '../compare/gated-metrics.ts'
import { readLevels } from '../compare/levels.ts'
import { UsageError } from '../index.ts'
import { unknownName } from '../model/usage-error.ts'
import { type Configuration, configurationNames, configurationSchema } from '../plan/configuration.ts'
import { flagOf, kebab, optionNames, type RunOptions, readOptions } from '../plan/options.ts'
import type { Threshold } from '../results/thresholds.ts'
import { readThresholds } from './conditions.ts'

const configNames = ['pushbench.config.ts', 'pushbench.config.js', 'pushbench.config.json']

/** The sources of a command, merged. */
export interface Sources {
  readonly options: RunOptions
  readonly thresholds: readonly Threshold[]
  /** What a comparison makes of each metric, by the configuration file. */
  readonly levels: MetricLevels
  /** Where each option that was given comes from: a flag, a variable or a file; `thresholds` among them. */
  readonly origins: ReadonlyMap<string, string>
  /** The configuration file; undefined where there is none. */
  readonly config: string | undefined
}

/**
 * Merges the sources. Each is checked by itself first, so that an error names its source.
 * @param flags the flags that were given, by option name
 * @param thresholds the conditions of `--threshold`; those of the configuration hold where there are none
 * @param configPath the file of `--config`; undefined looks for one from the working directory upwards
 */
export async function gather(
  flags: RunOptions,
  thresholds: readonly string[],
  configPath: string | undefined,
): Promise<Sources> {
  const environment = fromEnvironment(process.env)
  const config = await fromConfig(configPath)
  readOptions(config.options, name => `${config.path}: ${name}`)
  readOptions(environment, environmentName)
  readOptions(flags)
  const conditions = [
    { texts: thresholds, label: '--threshold' },
    { texts: config.thresholds, label: `${config.path}: thresholds` },
  ].map(({ texts, label }) => readThresholds(texts, label))
  return {
    options: { ...config.options, ...environment, ...flags },
    thresholds: conditions.find(given => given.length > 0) ?? [],
    levels: config.levels,
    origins: new Map([
      ...Object.keys(config.options).map(name => [name, config.path] as const),
      ...(config.thresholds.length > 0 ? [['thresholds', config.path] as const] : []),
      ...Object.keys(environment).map(name => [name, environmentName(name)] as const),
      ...Object.keys(flags).map(name => [name, flagOf(name)] as const),
      ...(thresholds.length > 0 ? [['thresholds', '--threshold'] as const] : []),
    ]),
    config: config.path === '' ? undefined : config.path,
  }
}

/** `PUSHBENCH_IDLE_CUT` for `idleCut`. */
const environmentName = (option: string): string =>
  `PUSHBENCH_${kebab(option).replaceAll('-', '_').toUpperCase()}`

function fromEnvironment(env: NodeJS.ProcessEnv): RunOptions {
  const entries = optionNames.map(name => [name, env[environmentName(name)]] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ''))
}

/** What a configuration file says. */
interface FromConfig {
  /** Empty where there is none. */
  readonly path: string
  readonly options: RunOptions
  readonly thresholds: readonly string[]
  readonly levels: MetricLevels
}

/** What the configuration file says of each metric of a comparison. @param given the path of `--config` */
export const configuredLevels = async (given: string | undefined): Promise<MetricLevels> =>
  (await fromConfig(given)).levels

async function fromConfig(given: string | undefined): Promise<FromConfig> {
  const path = given === undefined ? findUpwards(process.cwd()) : resolve(given)
  if (path === undefined) return { path: '', options: {}, thresholds: [], levels: {} }
  if (given === '' || !existsSync(path)) throw new UsageError(`--config: there is no file "${given}"`)
  if (statSync(path).isDirectory()) throw new UsageError(`--config: "${given}" is a folder: give a file`)
  const configuration = await load(path)
  if (typeof configuration !== 'object' || configuration === null || Array.isArray(configuration)) {
    throw new UsageError(`${path}: the configuration is not an object of options`)
  }
  const unknown = Object.keys(configuration).find(name => !(name in configurationSchema.shape))
  if (unknown !== undefined)
    throw new UsageError(`${path}: ${unknown}: ${unknownName('option', unknown, configurationNames)}`)
  const { $schema: _, thresholds, metrics = {}, ...options } = configuration as Configuration
  const conditions = configurationSchema.shape.thresholds.safeParse(thresholds)
  if (!conditions.success)
    throw new UsageError(`${path}: thresholds: ${JSON.stringify(thresholds)} is not a list of texts`)
  const levels = readLevels(levelTexts(metrics, path))
  if ('problem' in levels) throw new UsageError(`${path}: metrics: ${levels.problem}`)
  return { path, options, thresholds: conditions.data ?? [], levels: levels.value }
}

/** The levels of a file as `--metric` takes them, so that both are read alike. */
function levelTexts(metrics: unknown, path: string): string[] {
  if (typeof metrics === 'object' && metrics !== null && !Array.isArray(metrics))
    return Object.entries(metrics).map(([name, level]) => `${name}=${level}`)
  throw new UsageError(
    `${path}: metrics: ${JSON.stringify(metrics)} is not an object of levels: write it like {"latency.p99": "warn"}`,
  )
}

async function load(path: string): Promise<unknown> {
  try {
    if (path.endsWith('.json')) return JSON.parse(readFileSync(path, 'utf8'))
    return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1)
    throw new UsageError(`${path}: cannot be read as configuration: ${reason}`)
  }
}

function findUpwards(folder: string): string | undefined {
  const found = configNames.map(name => join(folder, name)).find(existsSync)
  const parent = dirname(folder)
  return found ?? (parent === folder ? undefined : findUpwards(parent))
}
