/** What the commands that measure share: the way from their flags to results and an exit code. */
import { existsSync, mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { baselineKey } from '../compare/baseline-key.ts'
import { type Result, subjectName, UsageError } from '../index.ts'
import type { RunPlan } from '../measure/messages/run-plan.ts'
import { measureSeries } from '../measure/run/repetitions.ts'
import { leftOut } from '../plan/left-out.ts'
import { type RunOptions, readOptions } from '../plan/options.ts'
import { planRuns } from '../plan/plan.ts'
import { formats, renderTerminal } from '../reports/index.ts'
import { printable } from '../reports/markup.ts'
import { thresholdHeading, thresholdSentences } from '../reports/thresholds.ts'
import { readingOf } from '../results/reading.ts'
import { breaches, type Threshold, thresholdOutcomes } from '../results/thresholds.ts'
import { type CiSystem, ciOf, tellCi } from './ci.ts'
import { note, print, textArg } from './command.ts'
import { configurationTable } from './configuration-table.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { givenOptions } from './flags.ts'
import { viewOn } from './live-view.ts'
import {
  isStdout,
  keepEarlier,
  requireWritable,
  type Target,
  takesStdout,
  targetsOf,
  writeReport,
  writeResult,
  writeTargets,
} from './output.ts'
import { logLine, ServerLogs } from './server-logs.ts'
import { watchSignals } from './signals.ts'
import { gather, type Sources } from './sources.ts'

/** The arguments of a command, as yargs gives them. */
type Args = Readonly<Record<string, unknown>>

/** What happens with a result: where it is written, what is printed, and which thresholds it must meet. */
export interface Outlet {
  readonly folder: string
  readonly targets: readonly Target[]
  readonly thresholds: readonly Threshold[]
  readonly quiet: boolean
  /** `phases` prints a line for each phase, also without a terminal. */
  readonly progress: 'shown' | 'phases' | 'none'
  readonly color: boolean
  /** True where the table of the result is printed afterwards, which says why a run failed; false by default. */
  readonly tableFollows?: boolean
  /** Null without `--ci`. */
  readonly ci: CiSystem | null
}

/** What a command was given, from flags, environment and configuration file. */
export function sourcesOf(args: Args): Promise<Sources> {
  const thresholds = Array.isArray(args['threshold']) ? args['threshold'].map(String) : []
  return gather(givenOptions(args), thresholds, textArg(args, 'config'))
}

/**
 * Measures what the sources ask for, writes the result and the report, prints the table.
 * @param args of the command, for its flags about output
 * @param usual options of the command where no source gives them
 * @throws {UsageError} before anything starts
 */
export async function measure(args: Args, usual: RunOptions = {}): Promise<ExitCode> {
  const sources = await sourcesOf(args)
  if (args['print-config'] === true) {
    print(configurationTable(sources, usual))
    return exitCodes.fine
  }
  const options = { ...usual, ...sources.options }
  const plans = planRuns(options)
  const outlet = outletOf(args, sources.thresholds)
  if (!outlet.quiet) for (const sentence of leftOut(options)) note(`left out: ${sentence}`)
  const measured = await measureInto(plans, readOptions(options).seed, outlet)
  const judged = { ...measured, result: judge(measured, outlet) }
  const failed = thresholdSentences(judged.result.thresholds)
  conclude(judged, failed, outlet)
  return exitCodeOf(judged, failed)
}

/** The outcome of a series of runs. */
export interface Measured {
  readonly result: Result
  /** The exit code of the signal that cut the series short; undefined without one. */
  readonly signal: ExitCode | undefined
  /** The thresholds that cut the series short; empty where none did. */
  readonly breaches: readonly Threshold[]
  /** The files with what servers wrote; empty where none wrote anything. */
  readonly serverLogs: readonly string[]
}

/**
 * Measures the plans; what was measured is written as it comes. A folder keeps what it holds until there is something
 * to write.
 */
export async function measureInto(
  plans: readonly RunPlan[],
  seed: number,
  { folder, thresholds, quiet, progress, ci, tableFollows = false }: Outlet,
): Promise<Measured> {
  const view = quiet || progress === 'none' ? undefined : viewOn(screen(ci !== null), progress === 'phases')
  const watch = watchSignals('\nStopping: writing results so far. Ctrl-C again quits without them.')
  const logs = new ServerLogs(folder)
  let earlier: string | null = null
  const breached: Threshold[] = []
  const breach = new AbortController()
  try {
    const result = await measureSeries(
      plans,
      { argv: process.argv.slice(2), seed },
      {
        begin: (plan, index, total) => view?.begin(plan, index, total),
        progress: progress => view?.progress(progress),
        serverLog: log => logs.add(log),
        end: (measurement, partial) => {
          if (partial.measurements.length === 1) earlier = keepEarlier(join(folder, 'results.json'))
          writeResult(folder, partial)
          view?.end(measurement)
          if (!tableFollows)
            for (const failure of measurement.failures)
              view?.say(printable(`${subjectName(measurement)}: ${failure}`))
          breached.push(...breaches(thresholds, measurement))
          if (breached.length > 0) breach.abort()
        },
        signal: AbortSignal.any([watch.signal, breach.signal]),
      },
    )
    view?.clear()
    if (earlier !== null && !quiet) note(`earlier results are kept: ${relative(process.cwd(), earlier)}`)
    return { result, signal: watch.code(), breaches: breached, serverLogs: logs.paths }
  } finally {
    watch.stop()
  }
}

/** Where what a command measures goes. @throws {UsageError} when it cannot be written there */
function outletOf(args: Args, thresholds: readonly Threshold[]): Outlet {
  const targets = targetsOf(args)
  const folder = outputFolder(args)
  const ci = ciOf(args)
  return {
    folder,
    targets,
    thresholds,
    quiet: args['quiet'] === true,
    progress: progressOf(args),
    tableFollows: true,
    color: args['color'] !== false && ci === null,
    ci,
  }
}

/** How much `--progress` and `--no-progress` ask for. */
export const progressOf = ({ progress }: Args): Outlet['progress'] =>
  progress === undefined ? 'shown' : progress === true ? 'phases' : 'none'

/** The folder of `--output`, or a new one. @throws {UsageError} when nothing can be written into it */
export function outputFolder(args: Args): string {
  const folder = textArg(args, 'output')
  if (folder === undefined) return newFolder('pushbench-results')
  if (folder === '') throw new UsageError('--output: "" is not a folder: give a path')
  requireWritable(folder, `--output ${folder}`)
  return folder
}

/** Makes a folder that is named by the time, and by a number where another command began in the same second. */
function newFolder(parent: string): string {
  requireWritable(parent, '--output')
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  for (let copy = 1; ; copy++) {
    const folder = join(parent, copy === 1 ? time : `${time}-${copy}`)
    try {
      mkdirSync(folder)
      return folder
    } catch (error) {
      if (!existsSync(folder)) throw error
    }
  }
}

/** The result with what became of its thresholds. Of a series that one of them cut short, only those that did are judged. */
function judge({ result, signal, breaches }: Measured, { thresholds }: Outlet): Result {
  const judged = breaches.length > 0 ? breaches : thresholds
  return signal !== undefined || judged.length === 0
    ? result
    : { ...result, thresholds: thresholdOutcomes(judged, readingOf(result)) }
}

/** Writes and prints everything that a finished series leaves behind. */
function conclude(
  { result, serverLogs }: Measured,
  failed: readonly string[],
  { folder, targets, quiet, color: wantColor, ci }: Outlet,
): void {
  const reading = readingOf(result)
  const dataToStdout = takesStdout(targets)
  if (!quiet) {
    const stream = dataToStdout ? process.stderr : process.stdout
    const color = wantColor && stream.isTTY && stream.hasColors()
    const table = renderTerminal(reading, { color, width: stream.columns ?? 120 })
    ;(dataToStdout ? note : print)(table)
  }
  // Results of an earlier run are worth more than those of a run without a number.
  if (result.measurements.length === 0) {
    if (!quiet) note('results.json and report.html are not written: there is nothing to write')
    writeTargets(targets.filter(isStdout), reading)
    return
  }
  writeResult(folder, result)
  const report = writeReport(folder, reading)
  if (!quiet) {
    note(
      `\nreport:  ${relative(process.cwd(), report)}\nresults: ${relative(process.cwd(), join(folder, 'results.json'))}`,
    )
    for (const path of serverLogs) note(logLine(path))
  }
  writeTargets(targets, reading)
  if (ci === null) return
  const passed = failed.length === 0 && !result.aborted && result.measurements.every(each => each.passed)
  tellCi(ci, {
    render: format => formats[format].render(reading),
    outputs: {
      results: join(folder, 'results.json'),
      report,
      passed: String(passed),
      'baseline-key': baselineKey(result),
      thresholds: failed.join('; '),
    },
    folder,
    print: dataToStdout ? note : print,
  })
}

function exitCodeOf({ result, signal, breaches }: Measured, failed: readonly string[]): ExitCode {
  if (signal !== undefined) return signal
  for (const failure of failed) note(`${thresholdHeading}: ${failure}`)
  if (breaches.length > 0) {
    note('the measurement ended there')
    return exitCodes.threshold
  }
  if (result.measurements.some(({ passed }) => !passed)) return exitCodes.invalid
  return failed.length > 0 ? exitCodes.threshold : exitCodes.fine
}

/** Where progress shows. @param plain lines that stay, also on a terminal */
const screen = (plain: boolean) => ({
  write: (text: string): void => void process.stderr.write(text),
  isTTY: process.stderr.isTTY === true && !plain,
  columns: process.stderr.columns ?? 80,
})
