/** Writes results: files into a folder, data to stdout where `-` asks for it. */
import { accessSync, constants, existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type FormatName, formats, type Result, UsageError } from '../index.ts'
import { print } from './command.ts'

/** A format and where it goes: a file, or `-` for stdout. */
export interface Target {
  readonly format: FormatName | 'json'
  readonly path: string
}

/** Which flags write which format, besides the HTML report that always goes into the output folder. */
export const formatFlags = ['json', 'csv', 'markdown', 'junit'] as const

/** Options of every command that writes formats. */
export const formatOptions = Object.fromEntries(
  formatFlags.map(name => [
    name,
    {
      type: 'string',
      requiresArg: true,
      describe:
        name === 'json'
          ? 'also write results.json to this file; - for stdout'
          : `write ${formats[name].description} to this file; - for stdout`,
    } as const,
  ]),
)

/** The targets that the flags name. @throws {UsageError} when two want stdout or one cannot be written */
export function targetsOf(args: Readonly<Record<string, unknown>>): Target[] {
  const targets = formatFlags.flatMap(format => {
    const path = args[format]
    return typeof path === 'string' ? [{ format, path }] : []
  })
  const toStdout = targets.filter(({ path }) => path === '-')
  if (toStdout.length > 1) {
    throw new UsageError(
      `${toStdout.map(({ format }) => `--${format} -`).join(' and ')} both want stdout: give one of them a file`,
    )
  }
  for (const { format, path } of targets)
    if (path !== '-') requireWritable(dirname(resolve(path)), `--${format} ${path}`)
  return targets
}

/** Makes sure that files can be written into a folder, creating it where it is missing. */
export function requireWritable(folder: string, what: string): void {
  try {
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true })
    if (!statSync(folder).isDirectory()) throw new Error('it is not a folder')
    accessSync(folder, constants.W_OK)
  } catch (error) {
    const reason =
      error instanceof Error
        ? error.message.replace(/^[A-Z]+: /, '').replace(/, \w+ '.*'$/, '')
        : String(error)
    throw new UsageError(`${what}: cannot write into ${folder}: ${reason}`)
  }
}

/** The text of `results.json`. */
export const resultText = (result: Result): string => `${JSON.stringify(result, null, 1)}\n`

/** Writes a file whole or not at all: a reader never sees half a result. */
export function writeWhole(path: string, text: string): void {
  const partial = `${path}.partial`
  writeFileSync(partial, text)
  renameSync(partial, path)
}

/** Writes `results.json`; called after every measurement, so that nothing measured is ever lost. */
export const writeResult = (folder: string, result: Result): void =>
  writeWhole(join(folder, 'results.json'), resultText(result))

/** Writes the HTML report; returns its path. */
export function writeReport(folder: string, result: Result): string {
  const path = join(folder, formats.html.fileName)
  writeWhole(path, formats.html.render(result))
  return path
}

/** Writes what the flags asked for. */
export function writeTargets(targets: readonly Target[], result: Result): void {
  for (const { format, path } of targets) {
    const text = format === 'json' ? resultText(result) : formats[format].render(result)
    if (path === '-') print(text)
    else writeWhole(resolve(path), text)
  }
}
