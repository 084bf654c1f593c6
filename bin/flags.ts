/** The flags of commands that measure: those of the options, and those about what is shown and written. */
import type { Options } from 'yargs'
import { kebab, optionHelp, optionNames, type RunOptions, takesList } from '../plan/options.ts'
import { ciOptions } from './ci.ts'
import { formatOptions } from './output.ts'

/** What holds where an option is not given, where that is not what the option itself says. */
type Unset = Readonly<Partial<Record<keyof RunOptions, string>>>

/** A flag for each option of a run. */
export const optionFlags = (unset: Unset = {}): Readonly<Record<string, Options>> =>
  Object.fromEntries(
    optionNames.map(name => {
      const { alias, help, unset: usual } = optionHelp(name)
      return [kebab(name), optionFlag(help, alias, unset[name] ?? usual, takesList(name))]
    }),
  )

/** The flag that names the configuration. */
export const configFlag = {
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'configuration file  [default: pushbench.config.{ts,js,json}, found upwards]',
  },
} satisfies Record<string, Options>

/** The flags about what is shown while a command measures, and after. */
export const showFlags = {
  quiet: {
    type: 'boolean',
    alias: 'q',
    describe: 'print nothing but errors and what was asked for on stdout',
  },
  progress: {
    type: 'boolean',
    describe:
      'progress while measuring: without a terminal, a line for each run, and with --progress for each phase; --no-progress turns it off',
  },
  color: {
    type: 'boolean',
    default: true,
    describe: 'colours on a terminal; --no-color or NO_COLOR turns them off',
  },
} satisfies Record<string, Options>

/** The form of the flag; what it is for differs. */
export const thresholdFlag = { type: 'string', array: true, requiresArg: true } as const

/** The flags of every command that measures. */
export const measuringFlags = (unset: Unset = {}): Readonly<Record<string, Options>> => ({
  ...optionFlags(unset),
  threshold: {
    ...thresholdFlag,
    describe: `a condition that must hold, or the exit code is 99, e.g. 'latency.p99{technique:sse} < 250ms' for each run or 'median(latency.p99) < 200ms' for all; with abort at its end, measuring stops after the first run that breaks it`,
  },
  ...configFlag,
  'print-config': {
    type: 'boolean',
    describe: 'print every option with its value and its source, and measure nothing',
  },
  output: {
    type: 'string',
    alias: 'o',
    requiresArg: true,
    describe:
      'folder for results.json and report.html; a results.json that it holds is kept as results.json.old  [default: pushbench-results/<time>]',
  },
  ...formatOptions,
  ...ciOptions,
  ...showFlags,
})

const optionFlag = (help: string, alias: string | undefined, unset: string, array: boolean): Options => ({
  type: 'string',
  array,
  requiresArg: true,
  ...(alias === undefined ? {} : { alias }),
  describe: unset === '' ? help : `${help}  [default: ${unset}]`,
})

/** The options that flags gave. */
export const givenOptions = (args: Readonly<Record<string, unknown>>): RunOptions =>
  Object.fromEntries(
    optionNames.flatMap(name => (args[kebab(name)] === undefined ? [] : [[name, args[kebab(name)]]])),
  )
