/** Writes results: files into a folder, data to stdout where `-` asks for it. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Options } from 'yargs'
import type { Comparison } from '../compare/compare.ts'
import { type FormatName, formats, type Result, UsageError } from '../index.ts'
import { type GateFormatName, type GateOptions, gateFormats } from '../reports/gate/index.ts'
import type { Reading } from '../results/reading.ts'
import { print } from './command.ts'

/** A format and where it goes: a file, or `-` for stdout. */
export interface TargetOf<F extends string> {
  readonly format: F
  readonly path: string
}

/** A format of a result and where it goes. */
export type Target = TargetOf<FormatName | 'json'>

/** A format of a comparison and where it goes. */
export type GateTarget = TargetOf<GateFormatName>

/** Which flags write which format, in addition to the HTML report, which always goes into the output folder. */
export const formatFlags = ['json', 'csv', 'markdown', 'junit', 'annotations', 'action-benchmark'] as const

/** Which flags of a comparison write which format. */
const gateFlags = ['json', 'csv', 'markdown', 'html', 'junit', 'annotations'] as const

const optionsOf = <F extends string>(
  flags: readonly F[],
  what: (format: F) => string,
): Readonly<Record<F, Options>> =>
  Object.fromEntries(
    flags.map(format => [
      format,
      {
        type: 'string',
        requiresArg: true,
        describe: `write to this file, or - for stdout: ${what(format)}`,
      } as const,
    ]),
  ) as Record<F, Options>

/** Options of every command that writes formats of a result. */
export const formatOptions = optionsOf(formatFlags, format =>
  format === 'json' ? 'results.json' : formats[format].description,
)

/** Options of every command that writes formats of a comparison. */
export const gateOptions = optionsOf(gateFlags, format => gateFormats[format].description)

/** The targets that the flags name. @throws {UsageError} when two want stdout or one cannot be written */
function readTargets<F extends string>(
  args: Readonly<Record<string, unknown>>,
  flags: readonly F[],
): TargetOf<F>[] {
  const targets = flags.flatMap(format => {
    const path = args[format]
    return typeof path === 'string' ? [{ format, path }] : []
  })
  const toStdout = targets.filter(isStdout)
  if (toStdout.length > 1) {
    throw new UsageError(
      `${toStdout.map(({ format }) => `--${format} -`).join(' and ')} both want stdout: give one of them a file`,
    )
  }
  for (const { format, path } of targets) requireWritableFile(path, `--${format}`)
  const twice = targets.find(({ path }, index) => targets.findIndex(each => each.path === path) < index)
  if (twice !== undefined && twice.path !== '-')
    throw new UsageError(
      `--${twice.format} ${twice.path}: another flag writes this file too: give one of them another`,
    )
  return targets
}

/** The targets of a result. @throws {UsageError} when two want stdout or one cannot be written */
export const targetsOf = (args: Readonly<Record<string, unknown>>): Target[] => readTargets(args, formatFlags)

/** The targets of a comparison. @throws {UsageError} when two want stdout or one cannot be written */
export const gateTargetsOf = (args: Readonly<Record<string, unknown>>): GateTarget[] =>
  readTargets(args, gateFlags)

/** True for a target that is stdout. */
export const isStdout = ({ path }: TargetOf<string>): boolean => path === '-'

/** True where a target is stdout, so that everything else must go to stderr. */
export const takesStdout = (targets: readonly TargetOf<string>[]): boolean => targets.some(isStdout)

/** Makes sure that files can be written into a folder, creating it where it is missing. */
export function requireWritable(folder: string, what: string): void {
  try {
    makeFolder(resolve(folder))
    if (!statSync(folder).isDirectory()) throw new Error('it is not a folder')
    // The rights of a folder say less than an attempt: root may write everywhere, and yet not into /proc.
    rmdirSync(mkdtempSync(join(folder, '.pushbench-')))
  } catch (error) {
    throw new UsageError(`${what}: cannot write into ${folder}: ${reasonOf(error)}`)
  }
}

/** Makes sure that a file can be written, or that `-` asks for stdout. @param flag the flag that names it */
export function requireWritableFile(path: string, flag: string): void {
  if (path === '-') return
  if (path === '') throw new UsageError(`${flag}: "" is not a file: give a path, or - for stdout`)
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${flag} ${path}: it is a folder: give a file in it`)
  requireWritable(dirname(resolve(path)), `${flag} ${path}`)
}

/** One level at a time: Node's own recursion never ends where the kernel denies that a parent exists, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another process may have made it since.
    if (!existsSync(folder)) throw error
  }
}

/** What the system says, without its code, call and path. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && error.code === 'ENOENT') return 'nothing can be made there; give another folder'
  return error.message.replace(/^[A-Z]+: /, '').replace(/, \w+ '.*'$/, '')
}

/** The text of `results.json`. */
export const resultText = (result: Result): string => `${JSON.stringify(result, null, 1)}\n`

/** Output that cannot be written although its folder could be written to before, as when a disk is full. */
export class WriteError extends Error {}

/** Writes a file atomically: a reader never sees a partial result. @throws {WriteError} with one sentence */
export function writeWhole(path: string, text: string): void {
  const partial = `${path}.partial`
  try {
    writeFileSync(partial, text)
    renameSync(partial, path)
  } catch (error) {
    if (statSync(partial, { throwIfNoEntry: false })?.isFile()) rmSync(partial)
    throw new WriteError(`cannot write ${path}: ${reasonOf(error)}`)
  }
}

/**
 * Keeps what a file holds before a command writes its first measurement there, as `<file>.old`; that of the command before is replaced.
 * @returns the path of the kept file; null where there was none
 */
export function keepEarlier(path: string): string | null {
  if (!existsSync(path)) return null
  const kept = `${path}.old`
  renameSync(path, kept)
  return kept
}

/** Writes `results.json`; called after every measurement, so that nothing measured is ever lost. */
export const writeResult = (folder: string, result: Result): void =>
  writeWhole(join(folder, 'results.json'), resultText(result))

/** Writes the HTML report; returns its path. */
export function writeReport(folder: string, reading: Reading): string {
  const path = join(folder, formats.html.fileName)
  writeWhole(path, formats.html.render(reading))
  return path
}

/** Writes a text to each target. */
function writeEach<F extends string>(targets: readonly TargetOf<F>[], textOf: (format: F) => string): void {
  for (const { format, path } of targets) {
    if (path === '-') print(textOf(format))
    else writeWhole(resolve(path), textOf(format))
  }
}

/** Writes what the flags asked for. */
export const writeTargets = (targets: readonly Target[], reading: Reading): void =>
  writeEach(targets, format =>
    format === 'json' ? resultText(reading.result) : formats[format].render(reading),
  )

/** Writes what the flags of a comparison asked for. */
export const writeGateTargets = (
  targets: readonly GateTarget[],
  comparison: Comparison,
  options: GateOptions,
): void => writeEach(targets, format => gateFormats[format].render(comparison, options))
