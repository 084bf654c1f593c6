/** Ctrl-C and similar signals: the first asks for an orderly end, a later one ends the command at once. */
import { note } from './command.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'

/** Watches for signals while something long runs. */
export interface SignalWatch {
  readonly signal: AbortSignal
  /** The exit code of the signal that came; undefined until one comes. */
  readonly code: () => ExitCode | undefined
  /** Ends the watch, unless a signal came: a copy of it must not end the process while it writes. */
  stop(): void
}

/** The signals that ask for an end: Ctrl-C; `kill`, service managers and containers; a terminal that closes. */
const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Signals this soon after the first, in milliseconds, are copies of it. A terminal sends Ctrl-C to the whole process
 * group, and then npm and the launcher pass on theirs; `timeout` sends each signal to its child and to the group.
 */
const copiesWithinMs = 1_000

/** @param farewell what to say when the first signal comes */
export function watchSignals(farewell: string): SignalWatch {
  const abort = new AbortController()
  let first: { readonly code: ExitCode; readonly at: number } | undefined
  const handle = (name: NodeJS.Signals): void => {
    if (first === undefined) {
      first = { code: exitCodes[name as (typeof names)[number]], at: performance.now() }
      note(farewell)
      abort.abort()
    } else if (performance.now() - first.at > copiesWithinMs) {
      // Children notice that their channel is gone and end themselves.
      process.exit(first.code)
    }
  }
  for (const name of names) process.on(name, handle)
  return {
    signal: abort.signal,
    code: () => first?.code,
    stop() {
      if (first === undefined) for (const name of names) process.off(name, handle)
    },
  }
}
