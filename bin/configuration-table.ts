/** `--print-config`: every option with its value and where that comes from. */
import { flagOf, optionHelp, optionNames, type RunOptions } from '../plan/options.ts'
import type { Sources } from './sources.ts'
import { table } from './table.ts'

const textOf = (value: unknown): string => [value].flat().join(', ') || 'none'

/**
 * The table.
 * @param usual what the command itself gives where no source does
 */
export function configurationTable(
  { options, origins, thresholds, config }: Sources,
  usual: RunOptions,
): string {
  const rows = optionNames.map(name => {
    const given = options[name] ?? usual[name]
    return {
      option: flagOf(name),
      value: textOf(given ?? optionHelp(name).unset),
      from: origins.get(name) ?? 'default',
    }
  })
  const conditions = {
    option: '--threshold',
    value: thresholds.map(({ text }) => text).join('; ') || 'none',
    from: origins.get('thresholds') ?? 'default',
  }
  return `${table([...rows, conditions])}\n\nconfiguration file: ${config ?? 'none found'}\n`
}
