/** `pushbench run`: measures, writes the result and the report, prints the table. */
import { join, relative } from 'node:path'
import type { Options } from 'yargs'
import { type Result, UsageError } from '../../index.ts'
import { measureSeries } from '../../measure/series.ts'
import { failedThresholds, readThreshold, type Threshold } from '../../measure/thresholds.ts'
import { kebab, optionHelp, optionNames, type RunOptions, readOptions } from '../../options.ts'
import { planRuns } from '../../plan.ts'
import { renderTerminal } from '../../reports/index.ts'
import { type Command, note, print, textArg } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { LiveView } from '../live-view.ts'
import {
  formatOptions,
  requireWritable,
  type Target,
  targetsOf,
  writeReport,
  writeResult,
  writeTargets,
} from '../output.ts'
import { watchSignals } from '../signals.ts'
import { gatherOptions } from '../sources.ts'

const lists = new Set<keyof RunOptions>(['technique', 'scenario', 'set'])

/** The flags of the options, from their schema. */
const measuringOptions = Object.fromEntries(
  optionNames.map((name): [string, Options] => {
    const { alias, help, unset } = optionHelp(name)
    return [
      kebab(name),
      {
        type: 'string',
        array: lists.has(name),
        requiresArg: true,
        ...(alias === undefined ? {} : { alias }),
        describe: unset === '' ? help : `${help}  [default: ${unset}]`,
      },
    ]
  }),
)

export const run: Command = {
  usage: 'run',
  summary: 'measure techniques side by side and write a report',
  options: {
    ...measuringOptions,
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
  },
  examples: [
    ['$0 run', 'all techniques, 1,000 clients, about two and a half minutes'],
    ['$0 run -t sse,websocket -c 5000 -R 10/s -d 30s', 'two of them under more load'],
    ['$0 run -t polling --set polling.interval=250ms', 'one technique with a setting'],
    ['$0 run --audience individual -n 5 --json -', 'a stream for each client, five runs, data to stdout'],
  ],
  teach:
    'Totals are global, never per worker. Latency counts from the instant at which an event was due. All load stays on loopback.\n' +
    'Durations read 500ms, 30s, 2m; rates 2/s, 30/m; sizes 128, 64KiB. Flags come before PUSHBENCH_* variables before the configuration file.',
  handle: runCommand,
}

async function runCommand(args: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const flags = Object.fromEntries(
    optionNames.flatMap(name => (args[kebab(name)] === undefined ? [] : [[name, args[kebab(name)]]])),
  )
  const options = await gatherOptions(flags, textArg(args, 'config'))
  const plans = planRuns(options)
  const thresholds = thresholdsOf(args['threshold'])
  const targets = targetsOf(args)
  const folder =
    textArg(args, 'output') ??
    join('pushbench-results', new Date().toISOString().slice(0, 19).replaceAll(':', '-'))
  requireWritable(folder, `--output ${folder}`)

  const quiet = args['quiet'] === true
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
    conclude(result, folder, targets, quiet, args['color'] !== false)
    return exitCodeOf(result, thresholds, watch.code())
  } finally {
    watch.stop()
  }
}

/** Writes and prints everything that a finished series leaves behind. */
function conclude(
  result: Result,
  folder: string,
  targets: readonly Target[],
  quiet: boolean,
  wantColor: boolean,
): void {
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
