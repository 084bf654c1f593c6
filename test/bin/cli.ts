/** The CLI for tests: the real binary as a child process, or one process that runs many lines. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Ended, Line } from './cli-process.ts'

/** The entry of the command. */
export const launcher = fileURLToPath(new URL('../../bin/launch.js', import.meta.url))

/** A CLI that was started. */
export interface Cli {
  readonly process: ChildProcess
  readonly pid: number
  /** Everything written to stdout so far. */
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves once the pattern stands in stderr or stdout. */
  said(pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves when the process has ended: its exit code, or the name of the signal. */
  readonly ended: Promise<number | string>
}

/** How `pushbench` is started. */
interface StartOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** The program and its first arguments, before the words; by default this Node.js and the launcher. */
  readonly program?: readonly [file: string, ...words: string[]]
  /** True for a process group of its own. */
  readonly detached?: boolean
}

/** Starts `pushbench` with the given words. */
export function start(
  words: readonly string[],
  { env, cwd, program = [process.execPath, launcher], detached = false }: StartOptions = {},
): Cli {
  const [file, ...first] = program
  const child = spawn(file, [...first, ...words], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  })
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const watch of watchers) watch()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (const watch of watchers) watch()
  })
  const ended = new Promise<number | string>(resolve => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'))
  })
  return {
    process: child,
    pid: child.pid ?? -1,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    said: pattern =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          const match = pattern.exec(stderr) ?? pattern.exec(stdout)
          if (match === null) return
          watchers.delete(watch)
          resolve(match)
        }
        watchers.add(watch)
        watch()
        void ended.then(end => reject(new Error(`ended (${end}) before it said ${pattern}: ${stderr}`)))
      }),
  }
}

/** What a line may have besides its words. */
interface Around {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
}

/** Runs the real binary to its end: for what a process does, such as its streams and its end. */
export async function binary(words: readonly string[], around: Around = {}) {
  const started = start(words, around)
  const code = await started.ended
  return { code, stdout: started.stdout(), stderr: started.stderr() }
}

/** Processes that wait for a line. */
const idle: ChildProcess[] = []

/** Runs the words as the binary would, in a process that has the tool in memory already. */
export async function cli(
  words: readonly string[],
  { env = {}, cwd = process.cwd() }: Around = {},
): Promise<Ended> {
  const child =
    idle.pop() ?? fork(new URL('cli-process.ts', import.meta.url), { stdio: 'ignore', execArgv: [] })
  for (const part of [child, child.channel]) part?.ref()
  child.send({ words, env, cwd } satisfies Line)
  const [ended] = (await once(child, 'message')) as [Ended]
  // The test ends without waiting for it, and it ends with the test.
  for (const part of [child, child.channel]) part?.unref()
  idle.push(child)
  return ended
}

/** A folder that is gone after the test. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'pushbench-test-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The processes that a process has started and that are alive, with their command lines. */
export function childrenOf(pid: number): { pid: number; command: string }[] {
  const children = readProc(pid, `task/${pid}/children`)
  return children
    .split(/\s+/)
    .filter(text => text !== '')
    .map(text => ({ pid: Number(text), command: readProc(Number(text), 'cmdline').replaceAll('\0', ' ') }))
}

/** All that a process has started, and what these have. */
export const descendantsOf = (pid: number): { pid: number; command: string }[] =>
  childrenOf(pid).flatMap(child => [child, ...descendantsOf(child.pid)])

/** Resolves when none of the processes is left; rejects after `limitMs` with those that are. */
export async function gone(pids: readonly number[], limitMs = 10_000): Promise<void> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const left = pids.filter(pid => existsSync(`/proc/${pid}`))
    if (left.length === 0) return
    if (performance.now() > deadline) throw new Error(`still alive: ${left.join(', ')}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
