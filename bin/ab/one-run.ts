/** One repetition of one side: starts it, and reads the result that it prints. */
import { fork } from 'node:child_process'
import { extname } from 'node:path'
import { parseResult, type Result } from '../../index.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Side } from './side.ts'

/** A side that cannot be measured; the message is one sentence. */
export class SideError extends Error {
  /** True where the side refused its flags or its configuration, so that nothing was measured. */
  readonly isUsage: boolean
  constructor(message: string, isUsage: boolean) {
    super(message)
    this.isUsage = isUsage
  }
}

/** The end of what a side wrote to stderr, kept for the message of its failure. */
const stderrTail = 2_000

/**
 * Runs a side once.
 * @param words flags of `run`
 * @returns null when the signal came first; then nothing of the side is left
 * @throws {SideError} when it prints no result
 */
export async function runOnce(
  side: Side,
  words: readonly string[],
  signal: AbortSignal,
): Promise<Result | null> {
  if (signal.aborted) return null
  const { code, stdout, stderr } = await output(side, words, signal)
  if (signal.aborted) return null
  const said =
    stderr
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^pushbench: /, '') || 'it said nothing on stderr'
  const where = `--${side.name} ${side.given}`
  if (code === exitCodes.usage) throw new SideError(`${where}: cannot be run: ${said}`, true)
  let result: Result
  try {
    result = parseResult(stdout, 'its output')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SideError(
      `${where}: printed no result for --json - (exit code ${code}): ${stdout.trim() === '' ? said : reason}`,
      stdout.trim() === '',
    )
  }
  if (result.measurements.length === 0)
    throw new SideError(`${where}: measured nothing (exit code ${code}): ${said}`, false)
  return result
}

interface Output {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function output({ cwd, program }: Side, words: readonly string[], signal: AbortSignal): Promise<Output> {
  const guard = fork(
    new URL(`./process-group-guard${extname(import.meta.url)}`, import.meta.url),
    [cwd, ...program, ...words],
    // A group of its own: a signal to this process's group is for this process to judge, and SIGKILL spares the guard.
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true },
  )
  const stdout: string[] = []
  let stderr = ''
  guard.stdout?.setEncoding('utf8').on('data', (text: string) => stdout.push(text))
  guard.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-stderrTail)
  })
  const cut = (): void => {
    if (guard.connected) guard.send('end')
  }
  signal.addEventListener('abort', cut)
  return new Promise((resolve, reject) => {
    guard.once('error', reject)
    guard.once('close', code => {
      signal.removeEventListener('abort', cut)
      resolve({ code, stdout: stdout.join(''), stderr })
    })
  })
}
