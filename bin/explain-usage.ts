/** What is wrong with a command line, in a sentence that names the word and what would be right. */
import { nearestName, UsageError, unknownName } from '../model/usage-error.ts'
import type { Command } from './command.ts'
import { commandName, commands } from './commands/index.ts'

/**
 * The sentence of yargs in plainer words, where there are some.
 * @param words the command line
 */
export function explainUsage(message: string, words: readonly string[]): string {
  const command = commands.find(each => commandName(each) === words.find(word => !word.startsWith('-')))
  if (command !== undefined && message.startsWith('Not enough non-option arguments'))
    return `"${commandName(command)}" needs more arguments: give pushbench ${command.usage}`
  const bare = /^Not enough arguments following: (.+)$/.exec(message)?.[1]
  if (bare !== undefined && command !== undefined) return flagWithoutValue(bare, command)
  const missing = /^Missing required arguments?: (.+)$/.exec(message)?.[1]
  if (missing !== undefined && command !== undefined) {
    const flags = missing.split(', ').map(name => `--${name}`)
    return `"${commandName(command)}" needs ${inWords.format(flags)}: see "pushbench ${commandName(command)} --help"`
  }
  const withoutValue = words.map(word => /^-(\w)=$/.exec(word)?.[1]).find(found => found !== undefined)
  if (withoutValue !== undefined && command !== undefined) return flagWithoutValue(withoutValue, command)
  const unknown = /^Unknown arguments?: ([^,]+)/.exec(message)?.[1]
  if (unknown === undefined) return message
  if (words.includes(unknown)) return unknownArgument(unknown, command)
  const flag = words.includes(`-${unknown}`) ? `-${unknown}` : `--${unknown}`
  return command === undefined
    ? `unknown flag "${flag}": say first what to do, as in "pushbench run", and give flags after it`
    : unknownFlag(flag, unknown, command)
}

/**
 * What the parser lets pass: a flag that takes one value and is given twice, a switch that is given a value, and
 * `--no-` before a flag that is no switch. Options of a run are checked with their values.
 * @throws {UsageError} with one sentence
 */
export function checkFlags(
  args: Readonly<Record<string, unknown>>,
  { options }: Command,
  words: readonly string[],
): void {
  if (words.includes('--')) throw new UsageError('"--": nothing can follow it: give flags without it')
  for (const [name, { type, array }] of Object.entries(options)) {
    const value = args[name]
    const valued = words.find(word => new RegExp(`^--${name}=(?!(?:true|false)$)`).test(word))
    if (type === 'boolean' && valued !== undefined)
      throw new UsageError(`--${name} takes no value: write it alone instead of "${valued}"`)
    if (type === 'boolean') continue
    if ([value].flat().includes(false) && name !== 'ceiling')
      throw new UsageError(`--no-${name}: there is no such flag: leave --${name} out instead`)
    if (array !== true && Array.isArray(value))
      throw new UsageError(
        `--${name}: takes one value, not ${inWords.format(value.map(each => `"${each}"`))}`,
      )
  }
}

const inWords = new Intl.ListFormat('en-GB')

/** Shows how the flag is given, from the examples of its command where one has it. */
function flagWithoutValue(given: string, command: Command): string {
  const [name = given, option] =
    Object.entries(command.options).find(([long, { alias }]) => long === given || alias === given) ?? []
  if (option?.type === 'boolean') return `--${name} takes no value: write it alone`
  const forms = [`--${name}`, ...(typeof option?.alias === 'string' ? [`-${option.alias}`] : [])]
  const example = command.examples
    .map(([line]) => new RegExp(`(?<= )(?:${forms.join('|')}) (?:'[^']*'|\\S+)`).exec(line)?.[0])
    .find(found => found !== undefined)
  const hint =
    example === undefined ? `: see "pushbench ${commandName(command)} --help"` : `, e.g. ${example}`
  return `--${name} needs a value${hint}`
}

const unknownArgument = (argument: string, command: Command | undefined): string =>
  command === undefined
    ? unknownName('command', argument, commands.map(commandName))
    : `"${commandName(command)}" takes no argument "${argument}": see "pushbench ${commandName(command)} --help"`

/** A flag of the same command that is nearly the same; otherwise the commands that have this one. */
function unknownFlag(flag: string, name: string, command: Command): string {
  const problem = `unknown flag of "${commandName(command)}" "${flag}"`
  const nearest = nearestName(name, Object.keys(command.options))
  if (nearest !== undefined) return `${problem}: did you mean "--${nearest}"?`
  const owners = commands.filter(({ options }) => name in options).map(each => `"${commandName(each)}"`)
  const whose = owners.length === 0 ? '' : `it is a flag of ${owners.join(', ')}; `
  return `${problem}: ${whose}see "pushbench ${commandName(command)} --help"`
}
