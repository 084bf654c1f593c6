/** `pushbench ab`: measures two sides alternately on this machine, and compares them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { spanText } from '../../compare/words.ts'
import { type Result, UsageError } from '../../index.ts'
import { flagOf, optionNames, readOptions } from '../../plan/options.ts'
import { gateFormats } from '../../reports/gate/index.ts'
import { alternate, type Block, blocksOf, type Measured, merged } from '../ab/alternation.ts'
import { type Forecast, forecastOf, leftMs, planOf, tooFewRuns } from '../ab/forecast.ts'
import { type Side, type SideName, sideOf } from '../ab/side.ts'
import { type Command, note, textArg } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { configFlag, givenOptions, optionFlags, showFlags } from '../flags.ts'
import { compareInterleaved, comparingFlags, conclude, type Gate, gateOf } from '../gate.ts'
import { outputFolder, sourcesOf } from '../measuring.ts'
import { keepEarlier, resultText, writeWhole } from '../output.ts'
import { logLine, ServerLogs } from '../server-logs.ts'
import { watchSignals } from '../signals.ts'

type Args = Readonly<Record<string, unknown>>

/** Enough to detect a difference of two standard deviations; see "calibrate" for this machine. */
const usualRuns = 10
/** One block says nothing of chance. */
const fewestBlocks = 2

const sideFlag = (which: string) =>
  ({
    type: 'string',
    requiresArg: true,
    demandOption: true,
    describe: `${which}: a folder (checkout), a server module, or a command that takes the flags of run`,
  }) as const

export const ab: Command = {
  usage: 'ab',
  summary: 'measure two checkouts, server modules or commands alternately, and compare them',
  options: {
    base: sideFlag('what to compare with'),
    head: sideFlag('the change'),
    ...optionFlags({ runs: String(usualRuns) }),
    ...configFlag,
    output: {
      type: 'string',
      alias: 'o',
      requiresArg: true,
      describe: 'folder for base.json, head.json and comparison.html  [default: pushbench-results/<time>]',
    },
    ...comparingFlags,
    ...showFlags,
  },
  examples: [
    ['$0 ab --base ../main --head . -t sse -c 200', 'two checkouts, each with its own configuration'],
    ['$0 ab --base ./old-server.ts --head ./new-server.ts', 'two server modules'],
    [
      '$0 ab --base "node v1/bench.js" --head "node v2/bench.js" -n 15',
      'two commands that print results.json',
    ],
  ],
  teach:
    'Each block is one repetition of both sides with the same seed, in random order. -n counts blocks.\n' +
    'In a checkout the run has that folder as its working directory; a checkout of pushbench measures with its own code.\n' +
    'Exit codes are those of compare: 0 fine, 3 regressed, 4 no valid run to compare, 99 a threshold, 5 inconclusive with --strict.',
  handle: abCommand,
}

async function abCommand(args: Args): Promise<ExitCode> {
  const { options, levels, thresholds } = await sourcesOf(args)
  const { runs, seed } = readOptions({ runs: usualRuns, ...options })
  if (runs < fewestBlocks)
    throw new UsageError(
      `--runs: ${runs} block says nothing about chance: give ${fewestBlocks}, better ${usualRuns} or more`,
    )
  const sides = {
    base: sideOf('base', textArg(args, 'base') ?? ''),
    head: sideOf('head', textArg(args, 'head') ?? ''),
  }
  const flags = givenOptions(args)
  const config = textArg(args, 'config')
  const folder = outputFolder(args)
  // Files for the CI go into the same folder as the others.
  const names = { base: sides.base.given, head: sides.head.given }
  const gate = gateOf({ ...args, output: folder }, names, { levels, thresholds })
  // Before anything is measured: a side that cannot be run, and what so few runs cannot show.
  const plans = await Promise.all([sides.base, sides.head].map(side => planOf(side, flags, config)))
  const tooFew = tooFewRuns(runs, plans, gate.options.levels ?? {})
  if (tooFew !== null && !gate.quiet) note(`warning: ${tooFew}`)
  const forecast = forecastOf(plans, runs)
  return await measureSides(args, { sides, blocks: blocksOf(runs, seed), gate, folder, forecast })
}

/** What is to be done. */
interface Plan {
  readonly sides: Readonly<Record<SideName, Side>>
  readonly blocks: readonly Block[]
  readonly gate: Gate
  readonly folder: string
  readonly forecast: Forecast
}

async function measureSides(args: Args, plan: Plan): Promise<ExitCode> {
  const { sides, blocks, gate, folder } = plan
  const words = wordsOf(args)
  const logs = new ServerLogs(folder)
  const scratch = mkdtempSync(join(tmpdir(), 'pushbench-ab-'))
  const watch = watchSignals(
    '\nStopping: writing and comparing the results so far. Ctrl-C again quits without them.',
  )
  try {
    const report = gate.quiet || args['progress'] === false ? () => {} : progressReporter(plan)
    const measured = await alternate(
      sides,
      blocks,
      ({ seed }) => [...words, '--runs=1', `--seed=${seed}`, '--quiet', '--json=-', `--output=${scratch}`],
      {
        begin: report,
        end: ({ name }, measured) => {
          logs.take(scratch, name, `${name}, block ${measured[name].length}`)
          // Both at once: the results of two commands make no pair.
          if (measured.base.length + measured.head.length === 1)
            for (const side of ['base', 'head'] as const) keepEarlier(join(folder, `${side}.json`))
          write(folder, measured, blocks, watch.signal.aborted)
          // What differs apart from the code is known after the first block, not only after the last.
          if (isWhole(measured, 1)) compareInterleaved(gate, ...wholeBlocks(measured, blocks, false), null)
        },
        signal: watch.signal,
      },
    )
    write(folder, measured, blocks, watch.signal.aborted)
    const compared = compareMeasured(measured, plan, watch.signal.aborted)
    if (!gate.quiet) for (const path of logs.paths) note(logLine(path))
    return watch.code() ?? compared
  } finally {
    watch.stop()
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** The flags of `run` that go to both sides as they were given; repetitions and seeds are the blocks'. */
function wordsOf(args: Args): string[] {
  const given = givenOptions(args)
  const flags = optionNames.filter(name => name !== 'runs' && name !== 'seed')
  const config = textArg(args, 'config')
  return [
    ...flags.flatMap(name => {
      const value = given[name]
      if (value === undefined) return []
      return [value]
        .flat()
        .map(each => (each === false ? `--no-${flagOf(name).slice(2)}` : `${flagOf(name)}=${each}`))
    }),
    // A side may have a working directory of its own, and the file is the one that was named here.
    ...(config === undefined ? [] : [`--config=${resolve(config)}`]),
  ]
}

/** Says how long it will take, and returns what prints a line for each run with the time that is left. */
function progressReporter({ blocks, forecast }: Plan): (block: Block, side: Side) => void {
  const { blockMs, sentence } = forecast
  note(sentence)
  const startedAt = performance.now()
  const total = 2 * blocks.length
  let done = 0
  return ({ run }, { name }) => {
    const ms = leftMs(blockMs, performance.now() - startedAt, done, total)
    const left = ms === null ? '' : `, about ${spanText(ms / 1_000)} left`
    note(`[${done + 1}/${total}] block ${run} of ${blocks.length}: ${name}${left}`)
    done++
  }
}

/** Writes a file for each side that has a run. */
function write(folder: string, measured: Measured, blocks: readonly Block[], aborted: boolean): void {
  for (const name of ['base', 'head'] as const) {
    const [first, ...more] = measured[name]
    if (first !== undefined)
      writeWhole(join(folder, `${name}.json`), resultText(merged([first, ...more], blocks, aborted)))
  }
}

const wholeCount = ({ base, head }: Measured): number => Math.min(base.length, head.length)
const isWhole = (measured: Measured, count: number): boolean =>
  measured.base.length === count && measured.head.length === count

/** Both sides without the run of a block that has no partner. */
function wholeBlocks(
  measured: Measured,
  blocks: readonly Block[],
  aborted: boolean,
): [base: Result, head: Result] {
  const side = (name: SideName): Result => {
    const [first, ...more] = measured[name].slice(0, wholeCount(measured))
    if (first === undefined) throw new Error('no whole block to compare')
    return merged([first, ...more], blocks, aborted)
  }
  return [side('base'), side('head')]
}

function compareMeasured(measured: Measured, { blocks, gate, folder }: Plan, aborted: boolean): ExitCode {
  if (wholeCount(measured) < fewestBlocks) {
    note(`pushbench: ${wholeCount(measured)} whole blocks are too few to compare`)
    return exitCodes.fine
  }
  const stopped = aborted ? `stopped after ${wholeCount(measured)} of ${blocks.length} blocks` : null
  const comparison = compareInterleaved(gate, ...wholeBlocks(measured, blocks, aborted), stopped)
  const page = join(folder, gateFormats.html.fileName)
  writeWhole(page, gateFormats.html.render(comparison, { strict: gate.strict }))
  const code = conclude(comparison, gate)
  if (!gate.quiet) note(`\ncomparison: ${relative(process.cwd(), page)}`)
  return code
}
