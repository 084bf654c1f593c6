/**
 * The child's side of a run's processes: takes commands over the IPC channel, and never outlives its parent.
 */

import type { Instant, Micros } from '../../model/units.ts'
import type { Answer, CeilingJob, ClientJob, Command, RelayJob, ServerJob, Start, TargetJob } from './job.ts'

/** What a process does for each command once it has its job. */
export interface Role {
  /** Gets ready and says so. */
  boot(): Promise<void>
  /** Connects the first so many of its clients; absent for a process without any. */
  ramp?(clients: number): Promise<void>
  start(start: Start): void
  /** Publishes nothing that is due at `at` or later, and says what was published beyond; absent where nothing is. */
  halt?(at: Instant): void
  /** Ends the measured window early. */
  cut(start: Start): void
  /** @param abruptly the process is about to be killed: what takes long is left out */
  finish(abruptly: boolean): void | Promise<void>
  /** Resets a share of the connections. */
  reset?(share: number): void
  /** Sends the clients away; resolves when none is left. */
  drain?(over: Micros, retryAfter: Micros): Promise<void>
  /** Carries nothing until then. */
  blackhole?(until: Instant): void
  close(): Promise<void>
}

/** Tells the parent. Silently void once the channel is gone: then this process is about to exit. */
export function answer(message: Answer): void {
  if (process.connected) process.send?.(message)
}

/**
 * Runs this process as a child of a run.
 * @param make builds the role from the job; what it throws is reported to the parent
 */
export function runProcess<J extends ServerJob | TargetJob | ClientJob | RelayJob | CeilingJob>(
  role: J['role'],
  make: (job: J) => Promise<Role>,
): void {
  let running: Role | undefined
  const act = async (command: Command): Promise<void> => {
    switch (command.type) {
      case 'job':
        if (command.job.role !== role)
          throw new Error(`a ${role} process was given the job of a ${command.job.role}`)
        running = await make(command.job as J)
        return running.boot()
      case 'ramp':
        return running?.ramp?.(command.clients)
      case 'start':
        return running?.start(command.start)
      case 'halt':
        return running?.halt?.(command.at)
      case 'cut':
        return running?.cut(command.start)
      case 'finish':
        return running?.finish(command.abruptly === true)
      case 'reset':
        return running?.reset?.(command.share)
      case 'drain':
        return running?.drain?.(command.over, command.retryAfter)
      case 'blackhole':
        return running?.blackhole?.(command.until)
      case 'close':
        await running?.close()
        process.exit(0)
    }
  }
  const fail = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error)
    if (!process.connected) process.exit(1)
    process.send?.({ type: 'failed', message } satisfies Answer, () => process.exit(1))
  }
  process.on('message', command => void act(command as Command).catch(fail))
  process.on('uncaughtException', fail)
  // Ctrl-C reaches the whole process group; the parent decides, so that what was measured can still be reported.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => {})
  process.on('disconnect', () => process.exit(0))
}
