/** How a caller watches a run and cuts it short. */
import type { Micros } from '../../model/units.ts'
import type { RunPlan } from '../messages/run-plan.ts'

/** The phase of a run. */
export type Phase = 'boot' | 'connect' | 'warm-up' | 'measure' | 'drain' | 'ceiling'

/** How far a run has come; reported several times a second. */
export interface Progress {
  readonly phase: Phase
  readonly connected: number
  readonly received: number
  /** Until the end of the measured window; null before its length is fixed. */
  readonly remaining: Micros | null
  /** Why the warm-up lasts longer than was asked for; absent where it does not. */
  readonly warmupReason?: string
}

/** What a server process wrote to stdout and stderr. */
export interface ServerLog {
  readonly plan: RunPlan
  /** The process among those of its run: `server`, `server 2`, `server of the ceiling`. */
  readonly process: string
  /** At most 1 MiB, without secrets; never empty. */
  readonly text: string
}

/** How the caller watches a run and cuts it short. */
export interface RunHooks {
  progress?(progress: Progress): void
  /** Called with the server's process ids once they listen; for tests that stop or kill one. */
  booted?(pids: readonly number[]): void
  /** Called at the end of a run for each of its server processes that wrote something. */
  serverLog?(log: ServerLog): void
  /** Cuts the run short: the measured window ends at once and what was measured is derived. */
  readonly signal?: AbortSignal
}

/** The outcome of `work`; undefined when the signal aborts first. */
export async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  if (signal === undefined) return await work
  const aborted = new Promise<undefined>(resolve => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  // After an abort the errors of the ended processes say nothing.
  work.catch(() => {})
  return await Promise.race([work, aborted])
}
