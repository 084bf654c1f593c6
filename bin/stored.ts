/** Reads what earlier commands have stored. */
import { readFileSync } from 'node:fs'
import { type Calibration, parseCalibration } from '../compare/calibration.ts'
import { parseResult, type Result, UsageError } from '../index.ts'

/** Reads a result. @throws {UsageError | ResultError} with one sentence that names the file */
export const readResult = (file: string): Result => parseResult(textOf(file), file)

/** Reads a calibration. @throws {UsageError | ResultError} with one sentence that names the file */
export const readCalibration = (file: string): Calibration => parseCalibration(textOf(file), file)

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder; give the results.json in it',
  EACCES: 'it may not be read',
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw new UsageError(`cannot read ${file === '' ? '""' : file}: ${reasons[code] ?? String(error)}`)
  }
}
