/**
 * The parent's side of a run's processes: starts one, talks to it, and ends it.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { extname } from 'node:path'
import type { Command } from '../messages/job.ts'
import type { Answer } from '../messages/report.ts'
import { ChildOutput } from './child-output.ts'

/**
 * The entries of child processes, by name: where each stands, and the flags of its runtime. V8 lets the young
 * generation grow to 48 MiB: ten kilobytes of garbage for each of 5,000 clients. A small one keeps the memory of a
 * client process that of its clients. The server is what is being measured and runs as users run it.
 */
const entries = {
  'server-process': { folder: '../server', flags: [] },
  'target-process': { folder: '../server', flags: [] },
  'ceiling-process': { folder: '../server', flags: [] },
  'client-process': { folder: '../fleet', flags: ['--max-semi-space-size=4'] },
  'relay-process': { folder: '../../relay', flags: [] },
} satisfies Record<string, { folder: string; flags: readonly string[] }>

/** Which entry a child runs. */
export type Entry = keyof typeof entries

/** A child that ended or failed before it answered; the message says which and why. */
export class ChildError extends Error {}

type Of<T extends Answer['type']> = Extract<Answer, { type: T }>

/** How long a process may take to get ready, in milliseconds. */
export const bootTimeoutMs = 15_000
/** How long a child that was asked to close may take before it is killed. */
const closeGraceMs = 3_000

export class Child {
  /** Resolves when the process has ended, with how: `exited with code 1`. */
  readonly ended: Promise<string>
  /** What it writes to stdout and stderr, in the order in which it came. */
  readonly output = new ChildOutput()
  readonly #name: string
  readonly #process: ChildProcess
  readonly #waiting = new Map<Answer['type'], (answer: Answer) => void>()
  readonly #early = new Map<Answer['type'], Answer>()
  #stopped = false
  #stopGuard: ChildProcess | undefined
  #failure: string | undefined
  #stack = ''

  /** @param name what the process is called in messages, e.g. `the server of sse` */
  constructor(entry: Entry, name: string, onProgress: (progress: Of<'progress'>) => void = () => {}) {
    this.#name = name
    // The entry has the extension of this module: TypeScript in the source tree, JavaScript in the package.
    const { folder, flags } = entries[entry]
    const file = new URL(`${folder}/${entry}${extname(import.meta.url)}`, import.meta.url)
    this.#process = fork(file, {
      execArgv: [...flags],
      stdio: ['ignore', this.output.file, this.output.file, 'ipc'],
    })
    this.#process.on('message', message => {
      const answer = message as Answer
      if (answer.type === 'progress') onProgress(answer)
      else this.#take(answer)
    })
    this.ended = new Promise(resolve => {
      this.#process.once('error', error => {
        if (this.pid === undefined) this.output.end()
        resolve(`could not start: ${error.message}`)
      })
      // Not at its exit: its last message may come after that.
      this.#process.once('close', (code, signal) => {
        this.output.end()
        resolve(this.#describeEnd(code, signal))
      })
    })
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /** All that it wrote, and the stack of the error that ended it. */
  get log(): string {
    const written = this.output.text()
    return written === '' || written.endsWith('\n')
      ? `${written}${this.#stack}`
      : `${written}\n${this.#stack}`
  }

  /** What it wrote last, to follow the sentence about how it ended; empty where it wrote nothing. */
  get lastWords(): string {
    const isQuoted = this.#failure === undefined && this.output.lastError() !== undefined
    const lines = isQuoted ? [] : this.output.lastLines()
    return lines.length === 0 ? '' : `; it wrote last: ${lines.join(' | ')}`
  }

  send(command: Command): void {
    // A child that is gone shows in `ended`; a write to its channel must not throw here as well.
    if (this.#process.connected) this.#process.send(command, () => {})
  }

  /** Waits for an answer. @throws {ChildError} when the child ends first or `timeoutMs` pass */
  async next<T extends Answer['type']>(type: T, timeoutMs: number): Promise<Of<T>> {
    const early = this.#early.get(type)
    this.#early.delete(type)
    if (early !== undefined) return early as Of<T>
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    this.#waiting.set(type, resolve)
    const silence = type === 'listening' ? 'did not listen' : 'gave no answer'
    const timer = setTimeout(
      () => reject(new ChildError(`${this.#name} ${silence} within ${timeoutMs / 1_000} s${this.lastWords}`)),
      timeoutMs,
    )
    void this.ended.then(end => reject(new ChildError(`${this.#name} ${end}${this.lastWords}`)))
    try {
      return (await promise) as Of<T>
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(type)
    }
  }

  /** Sends a signal: SIGSTOP and SIGCONT, or SIGKILL. */
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    this.#process.kill(name)
    this.#stopped = name === 'SIGSTOP'
    if (this.#stopped) setImmediate(() => this.#guardWhileStopped())
    else this.#stopGuard?.kill('SIGKILL')
  }

  /** Asks the child to close; kills it when it does not. Resolves when it has ended. */
  async close(): Promise<void> {
    // A stopped process receives no messages.
    this.signal('SIGCONT')
    this.send({ type: 'close' })
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), closeGraceMs)
    await this.ended
    clearTimeout(timer)
  }

  /** Later than the signal: starting a process takes milliseconds, by which a fault would be late. */
  #guardWhileStopped(): void {
    if (this.#stopped && this.pid !== undefined) this.#stopGuard = guardStopped(this.pid)
  }

  #take(answer: Answer): void {
    if (answer.type === 'failed') [this.#failure, this.#stack] = [answer.message, answer.stack ?? '']
    const waiting = this.#waiting.get(answer.type)
    if (waiting === undefined) this.#early.set(answer.type, answer)
    else waiting(answer)
  }

  #describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.#failure !== undefined) return `failed: ${this.#failure}`
    const end = signal === null ? `exited with code ${code}` : `was killed by ${signal}`
    // An uncaught error is followed by its stack and the version of Node; its own line says most.
    const error = this.output.lastError()
    return error === undefined ? end : `${end}: ${error}`
  }
}

/**
 * Kills a stopped process when this one ends: it cannot notice by itself that its channel is gone. The input of the
 * guard ends with this process, however that ends; a signal to the process group leaves the guard alone.
 */
function guardStopped(pid: number): ChildProcess {
  const guard = spawn('sh', ['-c', 'trap "" INT TERM HUP; read -r _; kill -KILL "$1"', 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // Without a guard a run measures the same.
  guard.on('error', () => {})
  guard.unref()
  return guard
}
