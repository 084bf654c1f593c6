/** What the commands that compare share: their flags, what they refuse, and the exit code of a comparison. */
import type { Options } from 'yargs'
import { type CompareOptions, type Comparison, compareResults } from '../compare/compare.ts'
import { DifferentSetupError, differenceSentence } from '../compare/differences.ts'
import { lacksRuns } from '../compare/finding.ts'
import { readLevels } from '../compare/levels.ts'
import { readMinimumEffects } from '../compare/minimum-effects.ts'
import { type Result, UsageError } from '../index.ts'
import { countsOf, gateFormats, isFailed, renderGateTerminal } from '../reports/gate/index.ts'
import { newBaselineFormats } from '../reports/gate/new-baseline.ts'
import { thresholdSentences } from '../reports/thresholds.ts'
import type { Threshold } from '../results/thresholds.ts'
import { type CiSystem, ciOf, ciOptions, tellCi } from './ci.ts'
import { note, print, textArg } from './command.ts'
import { readThresholds } from './conditions.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { thresholdFlag } from './flags.ts'
import {
  type GateTarget,
  gateOptions,
  gateTargetsOf,
  requireWritable,
  takesStdout,
  writeGateTargets,
} from './output.ts'
import type { Sources } from './sources.ts'
import { readCalibration } from './stored.ts'

/** The flags of every command that compares. */
export const comparingFlags: Readonly<Record<string, Options>> = {
  'allow-different': {
    type: 'boolean',
    describe: 'compare although machine, versions, settings or order differ; a warning then leads the output',
  },
  strict: { type: 'boolean', describe: 'exit with 5 where anything is inconclusive' },
  calibration: {
    type: 'string',
    requiresArg: true,
    describe:
      'the noise of this machine, as "calibrate" wrote it; raises minimum effects that it could not resolve',
  },
  metric: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe:
      'what a regression of a metric does: error fails, warn is shown and never fails, off is not compared; e.g. latency.p99=error,server.rssPerClient=warn; repeatable',
  },
  'minimum-effect': {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'the least effect that matters, e.g. latency.p99=20%; repeatable',
  },
  threshold: {
    ...thresholdFlag,
    describe: `a condition that the head must meet, or the exit code is 99, e.g. 'median(latency.p99) < 200ms'; repeatable`,
  },
  ...gateOptions,
  ...ciOptions,
}

/** A gate as the flags ask for it. */
export interface Gate {
  readonly allowDifferent: boolean
  readonly strict: boolean
  readonly options: CompareOptions
  readonly targets: readonly GateTarget[]
  readonly quiet: boolean
  readonly color: boolean
  /** Null without `--ci`. */
  readonly ci: CiSystem | null
  /** Where files for the CI go. */
  readonly folder: string
}

/**
 * Reads the flags of a command that compares.
 * @param names what to call the two sides
 * @param configured what the configuration file says: flags replace its levels metric by metric, and all its thresholds
 * @throws {UsageError | ResultError} with one sentence
 */
export function gateOf(
  args: Readonly<Record<string, unknown>>,
  names: { base: string; head: string },
  configured: Configured,
): Gate {
  const given = readLevels(listArg(args, 'metric'))
  if ('problem' in given) throw new UsageError(`--metric: ${given.problem}`)
  const levels = { ...configured.levels, ...given.value }
  const minimumEffects = readMinimumEffects(listArg(args, 'minimum-effect'), levels)
  if ('problem' in minimumEffects) throw new UsageError(`--minimum-effect: ${minimumEffects.problem}`)
  const calibration = textArg(args, 'calibration')
  const ci = ciOf(args)
  const folder = textArg(args, 'output') ?? 'pushbench-results'
  if (ci !== null && ci.written.length > 0) requireWritable(folder, '--ci')
  return {
    allowDifferent: args['allow-different'] === true,
    strict: args['strict'] === true,
    options: {
      names,
      levels,
      minimumEffects: minimumEffects.value,
      ...(calibration === undefined ? {} : { calibration: readCalibration(calibration) }),
      thresholds: thresholdsOf(listArg(args, 'threshold'), configured.thresholds),
    },
    targets: gateTargetsOf(args),
    quiet: args['quiet'] === true,
    color: args['color'] !== false && ci === null,
    ci,
    folder,
  }
}

/** What a comparison takes from a configuration file. */
type Configured = Pick<Sources, 'levels' | 'thresholds'>

function thresholdsOf(texts: readonly string[], configured: readonly Threshold[]): readonly Threshold[] {
  const given = readThresholds(texts, '--threshold')
  const aborting = given.find(({ abort }) => abort)
  if (aborting !== undefined)
    throw new UsageError(`--threshold: ${aborting.text}: a comparison comes after all runs: leave out abort`)
  return given.length > 0 ? given : configured
}

function listArg(args: Readonly<Record<string, unknown>>, name: string): string[] {
  const given = args[name]
  return Array.isArray(given) ? given.map(String) : []
}

/**
 * Compares what may be compared.
 * @throws {UsageError} when the two have nothing in common, or differ in more than the code and that is not allowed
 */
export const compareThrough = (gate: Gate, base: Result, head: Result): Comparison =>
  permitted(compareResults(base, head, gate.options), gate)

/**
 * As {@link compareThrough}, for sides that were measured alternately, so that neither is older.
 * @param stopped a sentence where the measuring was ended early
 */
export const compareInterleaved = (
  gate: Gate,
  base: Result,
  head: Result,
  stopped: string | null,
): Comparison => permitted({ ...compareResults(base, head, gate.options), swapped: null, stopped }, gate)

function permitted(comparison: Comparison, gate: Gate): Comparison {
  if (gate.allowDifferent) return comparison
  const advice = 'measure both alike, or give --allow-different'
  const { swapped, differences } = comparison
  if (swapped !== null) throw new UsageError(`${swapped}, or give --allow-different`)
  if (differences.length > 0) throw new DifferentSetupError(differenceText(differences, gate), advice)
  return comparison
}

/** The most differences that are named; another kind of machine differs in a dozen. */
const mostNamed = 4

function differenceText(differences: Comparison['differences'], { options: { names } }: Gate): string {
  const named = differences.slice(0, mostNamed).map(differenceSentence)
  const more =
    differences.length > mostNamed ? [`and ${differences.length - mostNamed} more differences`] : []
  return `${names?.base} and ${names?.head} differ in more than the code: ${[...named, ...more].join('; ')}`
}

/** Writes and prints a comparison. */
export function conclude(comparison: Comparison, gate: Gate): ExitCode {
  const { targets, strict, quiet, color: wantColor } = gate
  if (!quiet) {
    const dataToStdout = takesStdout(targets)
    const stream = dataToStdout ? process.stderr : process.stdout
    const color = wantColor && stream.isTTY && stream.hasColors()
    ;(dataToStdout ? note : print)(renderGateTerminal(comparison, { color }))
  }
  writeGateTargets(targets, comparison, { strict })
  tellGate(comparison, gate)
  if (comparison.verdict === 'regressed') return exitCodes.regressed
  if (comparison.findings.some(lacksRuns)) return exitCodes.invalid
  if (comparison.thresholds.some(({ met }) => !met)) return exitCodes.threshold
  return isFailed(comparison, { strict }) ? exitCodes.inconclusive : exitCodes.fine
}

/**
 * Says that nothing was compared and why, in place of {@link conclude}.
 * @param reason a sentence without a full stop
 */
export function beginBaseline(reason: string, { ci, folder, quiet, targets }: Gate): ExitCode {
  if (!quiet) note(`a new baseline begins: nothing was compared: ${reason}`)
  if (ci !== null)
    tellCi(ci, {
      render: format => newBaselineFormats[format](reason),
      outputs: { 'new-baseline': reason },
      folder,
      print: takesStdout(targets) ? note : print,
    })
  return exitCodes.fine
}

function tellGate(comparison: Comparison, { ci, folder, strict, targets }: Gate): void {
  if (ci === null) return
  const counts = Object.entries(countsOf(comparison)).map(([verdict, count]) => [verdict, String(count)])
  tellCi(ci, {
    render: format => gateFormats[format].render(comparison, { strict }),
    outputs: {
      verdict: comparison.verdict,
      ...Object.fromEntries(counts),
      thresholds: thresholdSentences(comparison.thresholds).join('; '),
    },
    folder,
    print: takesStdout(targets) ? note : print,
  })
}
