/** What the commands that measure share: their flags, and the way from these to results and an exit code. */
import { join, relative } from 'node:path'
import type { Options } from 'yargs'
import { type Result, UsageError } from '../index.ts'
import { measureSeries } from '../measure/series.ts'
import { failedThresholds, readThreshold, type Threshold } from '../measure/thresholds.ts'
import { kebab, optionHelp, optionNames, type RunOptions, readOptions, takesList } from '../options.ts'
import { planRuns } from '../plan.ts'
import { renderTerminal } from '../reports/index.ts'
import { note, print, textArg } from './command.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { LiveView } from './live-view.ts'
import {
  formatOptions,
  requireWritable,
  type Target,
  targetsOf,
  writeReport,
  writeResult,
  writeTargets,
} from './output.ts'
import { watchSignals } from './signals.ts'
import { gatherOptions } from './sources.ts'

/** The arguments of a command, as yargs gives them. */
type Args = Readonly<Record<string, unknown>>

/** What becomes of a result: where it is written, what is said of it, and whether it will do. */
interface Outlet {
  readonly folder: string
  readonly targets: readonly Target[]
  readonly thresholds: readonly Threshold[]
  readonly quiet: boolean
  readonly color: boolean
}

/**
 * The flags of every command that measures.
 * @param unset what holds where an option is not given, where that is not what the option itself says
 */
export const measuringFlags = (
  unset: Readonly<Partial<Record<keyof RunOptions, string>>> = {},
): Readonly<Record<string, Options>> => ({
  ...Object.fromEntries(
    optionNames.map(name => {
      const { alias, help, unset: usual } = optionHelp(name)
      return [kebab(name), optionFlag(help, alias, unset[name] ?? usual, takesList(name))]
    }),
  ),
  threshold: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: `fail unless it holds, e.g. 'latency.p99{technique:sse} < 250ms'`,
  },
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'configuration file  [default: pushbench.config.{ts,js,json}, found upwards]',
  },
  output: {
    type: 'string',
    alias: 'o',
    requiresArg: true,
    describe: 'folder for results.json and report.html  [default: pushbench-results/<time>]',
  },
  ...formatOptions,
  quiet: {
    type: 'boolean',
    alias: 'q',
    describe: 'print nothing but errors and what was asked for on stdout',
  },
  progress: {
    type: 'boolean',
    default: true,
    describe: 'show where the measuring stands; --no-progress to leave it out',
  },
  color: {
    type: 'boolean',
    default: true,
    describe: 'colours on a terminal; --no-color or NO_COLOR to leave them out',
  },
})

const optionFlag = (help: string, alias: string | undefined, unset: string, array: boolean): Options => ({
  type: 'string',
  array,
  requiresArg: true,
  ...(alias === undefined ? {} : { alias }),
  describe: unset === '' ? help : `${help}  [default: ${unset}]`,
})

/** The options that a command was given, from flags, environment and configuration file. */
export function optionsOf(args: Args): Promise<RunOptions> {
  const flags = Object.fromEntries(
    optionNames.flatMap(name => (args[kebab(name)] === undefined ? [] : [[name, args[kebab(name)]]])),
  )
  return gatherOptions(flags, textArg(args, 'config'))
}

/**
 * Measures what the options ask for, writes the result and the report, prints the table.
 * @param args of the command, for its flags about output
 * @throws {UsageError} before anything starts
 */
export async function measure(args: Args, options: RunOptions): Promise<ExitCode> {
  const plans = planRuns(options)
  const outlet = outletOf(args)
  const { folder, quiet } = outlet
  const view = quiet || args['progress'] === false ? undefined : new LiveView(screen())
  const watch = watchSignals(
    '\npushbench: stopping; what was measured is written, a second Ctrl-C does not wait for it',
  )
  try {
    const result = await measureSeries(
      plans,
      { argv: process.argv.slice(2), seed: readOptions(options).seed },
      {
        begin: (plan, index, total) => view?.begin(plan, index, total),
        progress: progress => view?.progress(progress),
        end: (measurement, partial) => {
          writeResult(folder, partial)
          for (const failure of measurement.failures) view?.say(`${measurement.technique}: ${failure}`)
        },
        signal: watch.signal,
      },
    )
    view?.clear()
    conclude(result, outlet)
    return exitCodeOf(result, outlet.thresholds, watch.code())
  } finally {
    watch.stop()
  }
}

function outletOf(args: Args): Outlet {
  const thresholds = thresholdsOf(args['threshold'])
  const targets = targetsOf(args)
  const folder =
    textArg(args, 'output') ??
    join('pushbench-results', new Date().toISOString().slice(0, 19).replaceAll(':', '-'))
  requireWritable(folder, `--output ${folder}`)
  return { folder, targets, thresholds, quiet: args['quiet'] === true, color: args['color'] !== false }
}

/** Writes and prints everything that a finished series leaves behind. */
function conclude(result: Result, { folder, targets, quiet, color: wantColor }: Outlet): void {
  writeResult(folder, result)
  const report = writeReport(folder, result)
  const dataToStdout = targets.some(({ path }) => path === '-')
  if (!quiet) {
    const stream = dataToStdout ? process.stderr : process.stdout
    const color = wantColor && stream.isTTY && stream.hasColors()
    const table = renderTerminal(result, { color, width: stream.columns ?? 120 })
    ;(dataToStdout ? note : print)(table)
    note(
      `\nreport:  ${relative(process.cwd(), report)}\nresults: ${relative(process.cwd(), join(folder, 'results.json'))}`,
    )
  }
  writeTargets(targets, result)
}

function exitCodeOf(
  result: Result,
  thresholds: readonly Threshold[],
  signal: ExitCode | undefined,
): ExitCode {
  if (signal !== undefined) return signal
  const failed = failedThresholds(thresholds, result)
  for (const failure of failed) note(`threshold failed: ${failure}`)
  if (result.measurements.some(({ passed }) => !passed)) return exitCodes.invalid
  return failed.length > 0 ? exitCodes.threshold : exitCodes.fine
}

function thresholdsOf(given: unknown): Threshold[] {
  const texts = Array.isArray(given) ? given.map(String) : []
  return texts.map(text => {
    const threshold = readThreshold(text)
    if ('problem' in threshold) throw new UsageError(`--threshold: ${threshold.problem}`)
    return threshold.value
  })
}

const screen = () => ({
  write: (text: string): void => void process.stderr.write(text),
  isTTY: process.stderr.isTTY === true,
  columns: process.stderr.columns ?? 80,
})
