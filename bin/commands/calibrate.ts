/** `pushbench calibrate`: how much this machine scatters when nothing changes, and how many runs a gate needs on it. */
import { dirname, join, relative, resolve } from 'node:path'
import { type Calibration, calibrate as calibrationOf } from '../../compare/calibration.ts'
import { readMinimumEffects } from '../../compare/minimum-effects.ts'
import { type Result, UsageError } from '../../index.ts'
import { readOptions } from '../../plan/options.ts'
import { planRuns } from '../../plan/plan.ts'
import { readingOf } from '../../results/reading.ts'
import { calibrationText } from '../calibration-text.ts'
import { type Command, note, print, textArg } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { configFlag, optionFlags, showFlags } from '../flags.ts'
import { measureInto, outputFolder, progressOf, sourcesOf } from '../measuring.ts'
import { requireWritable, requireWritableFile, writeReport, writeWhole } from '../output.ts'
import { readResult } from '../stored.ts'

type Args = Readonly<Record<string, unknown>>

/** The runs a side that a gate takes by default. */
const usualRuns = 10

export const calibrate: Command = {
  usage: 'calibrate [results..]',
  summary: "measure this machine's noise: how many runs a gate needs, and what it cannot see",
  positionals: [
    {
      name: 'results',
      type: 'string',
      array: true,
      describe: 'results of the same code on this machine, instead of new measurements',
    },
  ],
  options: {
    ...optionFlags({ runs: String(usualRuns) }),
    ...configFlag,
    'minimum-effect': {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'the least effect that matters, e.g. latency.p99=20%; repeatable',
    },
    output: {
      type: 'string',
      alias: 'o',
      requiresArg: true,
      describe:
        'folder for results.json, report.html and calibration.json; a results.json that it holds is kept as results.json.old  [default: pushbench-results/<time>]',
    },
    'calibration-file': {
      type: 'string',
      requiresArg: true,
      describe:
        'where the calibration goes  [default: calibration.json in the output folder, or here for given results]',
    },
    json: {
      type: 'string',
      requiresArg: true,
      describe: 'write the calibration to this file as well; - for stdout',
    },
    ...showFlags,
  },
  examples: [
    ['$0 calibrate -t sse,websocket -c 200', 'ten runs of each, and the noise between them'],
    ['$0 calibrate results.json', 'the noise of runs that were measured already'],
    ['$0 compare base.json head.json --calibration calibration.json', 'use the calibration in a comparison'],
  ],
  teach:
    'All runs are of the same code, so differences between them are noise. Calibrate with the flags of the gate: noise depends on the load.\n' +
    '-n is the number of runs a side of the comparisons to come.',
  handle: calibrateCommand,
}

async function calibrateCommand(args: Args): Promise<ExitCode> {
  const given = args['minimum-effect']
  const minimumEffects = readMinimumEffects(Array.isArray(given) ? given.map(String) : [])
  if ('problem' in minimumEffects) throw new UsageError(`--minimum-effect: ${minimumEffects.problem}`)
  const { results, runsASide, folder, signal } = await resultsOf(args)
  try {
    write(args, folder, calibrationOf(results, { runsASide, minimumEffects: minimumEffects.value }))
  } catch (error) {
    if (signal === undefined || !(error instanceof UsageError)) throw error
    note('pushbench: too few runs were measured to calibrate with')
  }
  return signal ?? exitCodes.fine
}

/** The results to calibrate with, and where the calibration goes. */
interface Source {
  readonly results: readonly Result[]
  readonly runsASide: number
  /** Where the calibration goes by default. */
  readonly folder: string
  /** The exit code of the signal that cut the measuring short. */
  readonly signal?: ExitCode | undefined
}

async function resultsOf(args: Args): Promise<Source> {
  const { options } = await sourcesOf(args)
  const { runs, seed } = readOptions({ runs: usualRuns, ...options })
  if (runs < 2) throw new UsageError('--runs: one run has no scatter: give 2, better 10 or more')
  requireTarget(args)
  const files = Array.isArray(args['results']) ? args['results'].map(String) : []
  if (files.length > 0)
    return { results: files.map(readResult), runsASide: runs, folder: textArg(args, 'output') ?? '.' }
  const plans = planRuns({ ...options, runs })
  const folder = outputFolder(args)
  const outlet = {
    folder,
    targets: [],
    thresholds: [],
    quiet: args['quiet'] === true,
    progress: progressOf(args),
    color: false,
    ci: null,
  }
  const { result, signal } = await measureInto(plans, seed, outlet)
  if (result.measurements.length > 0) writeReport(folder, readingOf(result))
  return { results: [result], runsASide: runs, folder, signal }
}

/** Finds what cannot be written before anything is measured. */
function requireTarget(args: Args): void {
  for (const flag of ['calibration-file', 'json']) {
    const path = textArg(args, flag)
    if (path !== undefined) requireWritableFile(path, `--${flag}`)
  }
}

function write(args: Args, folder: string, calibration: Calibration): void {
  const text = `${JSON.stringify(calibration, null, 1)}\n`
  const path = textArg(args, 'calibration-file') ?? join(folder, 'calibration.json')
  const json = textArg(args, 'json')
  requireWritable(dirname(resolve(path)), `--output ${folder}`)
  writeWhole(path, text)
  if (args['quiet'] !== true) {
    ;(json === '-' ? note : print)(calibrationText(calibration))
    note(`\ncalibration: ${relative(process.cwd(), path)}`)
  }
  if (json === '-') print(text)
  else if (json !== undefined) writeWhole(json, text)
}
