/** Ctrl-C and similar signals: the first asks for an orderly end, a second one ends the command at once. */
import { note } from './command.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'

/** Watches for signals while something long runs. */
export interface SignalWatch {
  readonly signal: AbortSignal
  /** The exit code of the signal that came; undefined until one comes. */
  readonly code: () => ExitCode | undefined
  stop(): void
}

/** @param farewell what to say when the first signal comes */
export function watchSignals(farewell: string): SignalWatch {
  const abort = new AbortController()
  let code: ExitCode | undefined
  const handle = (name: 'SIGINT' | 'SIGTERM') => (): void => {
    // Children notice that their channel is gone and end themselves.
    if (code !== undefined) process.exit(code)
    code = exitCodes[name]
    note(farewell)
    abort.abort()
  }
  const [onInt, onTerm] = [handle('SIGINT'), handle('SIGTERM')]
  process.on('SIGINT', onInt)
  process.on('SIGTERM', onTerm)
  return {
    signal: abort.signal,
    code: () => code,
    stop() {
      process.off('SIGINT', onInt)
      process.off('SIGTERM', onTerm)
    },
  }
}
