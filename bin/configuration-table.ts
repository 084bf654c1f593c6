/** `--print-config`: every option with its value and where that comes from. */
import {
  flagOf,
  optionHelp,
  optionNames,
  type ReadOptions,
  type RunOptions,
  readOptions,
} from '../plan/options.ts'
import { scenarioValue } from '../plan/scenario-values.ts'
import type { Sources } from './sources.ts'
import { table } from './table.ts'

const textOf = (value: unknown): string => [value].flat().join(', ') || 'none'

/** What holds where nothing was given; built-in techniques are not measured with a server of one's own unless named. */
const unsetOf = (name: keyof RunOptions, { server }: ReadOptions): string =>
  name === 'technique' && server.length > 0 ? 'that of the --server' : optionHelp(name).unset

/**
 * The table.
 * @param usual what the command itself gives where no source does
 */
export function configurationTable(
  { options, origins, thresholds, config }: Sources,
  usual: RunOptions,
): string {
  const read = readOptions({ ...usual, ...options })
  const rows = optionNames.map(name => {
    const given = options[name] ?? usual[name]
    const fromScenario = given === undefined ? scenarioValue(name, read) : null
    return {
      option: flagOf(name),
      value: fromScenario?.value ?? textOf(given ?? unsetOf(name, read)),
      from: origins.get(name) ?? fromScenario?.from ?? 'default',
    }
  })
  const conditions = {
    option: '--threshold',
    value: thresholds.map(({ text }) => text).join('; ') || 'none',
    from: origins.get('thresholds') ?? 'default',
  }
  return `${table([...rows, conditions])}\n\nconfiguration file: ${config ?? 'none found'}\n`
}
