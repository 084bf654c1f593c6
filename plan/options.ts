/**
 * The options of a run: one schema from which come the types, the checks of flags, environment and configuration
 * file, the help of the CLI and the defaults.
 */
import { z } from 'zod'
import { UsageError, unknownName } from '../model/usage-error.ts'
import { linkOptions } from './link-options.ts'
import { deliveryOptions, loadOptions, runOptions, stormOptions, subjectOptions } from './option-groups.ts'
import type { OptionHelp } from './option-values.ts'

/** Every option of a run. */
export const runOptionsSchema = z.strictObject({
  ...subjectOptions,
  ...loadOptions,
  ...runOptions,
  ...deliveryOptions,
  ...stormOptions,
  ...linkOptions,
})

/** Options as a caller writes them: numbers or texts such as `'2/s'`, `'500ms'`, `'64KiB'`. */
export type RunOptions = z.input<typeof runOptionsSchema>

/** Parsed options. */
export type ReadOptions = z.output<typeof runOptionsSchema>

/** Names of all options, for flags, environment variables and configuration files. */
export const optionNames = Object.keys(runOptionsSchema.shape) as (keyof RunOptions)[]

/** An option as a flag: `--idle-cut` for `idleCut`. */
export const flagOf = (name: string): string => `--${kebab(name)}`

/** An option's words with hyphens between them. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)

/** The help of an option. */
export function optionHelp(name: keyof RunOptions): OptionHelp {
  const { alias, help, unset } = (runOptionsSchema.shape[name].meta() ?? {}) as Partial<OptionHelp>
  return { help: help ?? '', unset: unset ?? '', ...(alias === undefined ? {} : { alias }) }
}

/**
 * Reads options.
 * @param label how an error names an option; as a flag by default
 * @throws {UsageError} with one sentence that names the option
 */
export function readOptions(options: RunOptions, label = flagOf): ReadOptions {
  const parsed = runOptionsSchema.safeParse(options)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  if (issue?.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    throw new UsageError(`${label(key)}: ${unknownName('option', key, optionNames)}`)
  }
  const name = String(issue?.path[0] ?? '') as keyof RunOptions
  throw new UsageError(`${label(name)}: ${problemOf(issue, name, options[name])}`)
}

function problemOf(issue: z.core.$ZodIssue | undefined, name: keyof RunOptions, given: unknown): string {
  if (issue === undefined) return 'is wrong'
  // A flag that is given twice comes as a list.
  if (Array.isArray(given) && !takesList(name)) {
    return `takes one value, not ${given.length > 1 ? inWords.format(given.map(value => `"${value}"`)) : 'a list'}`
  }
  if (issue.code === 'invalid_value') return `"${given}" is not one of ${issue.values.join(', ')}`
  if (issue.code === 'invalid_union') {
    return `${JSON.stringify(given)} is neither a text nor a ${takesList(name) ? 'list of texts' : 'number'}`
  }
  return issue.message
}

const inWords = new Intl.ListFormat('en-GB')

/** Whether an option is a list: several values with commas, or the flag given again. */
export const takesList = (name: keyof RunOptions): boolean =>
  runOptionsSchema.shape[name].safeParse([]).success
