/**
 * The child's side of a run's processes: takes commands over the IPC channel, and never outlives its parent.
 */

import type { FaultCommands, FaultTarget } from '../../model/fault.ts'
import { errorText, stackText } from './error-text.ts'
import type { CeilingJob, ClientJob, Command, Commands, RelayJob, ServerJob, TargetJob } from './job.ts'
import type { Answer } from './report.ts'

/** What a kind of process does on commands of a table. */
type Handlers<Table> = { [C in keyof Table]: (command: Table[C]) => void | Promise<void> }

/**
 * What a process does: handlers of commands by their name. Commands of an orderly run that do not concern it have none;
 * every fault that acts on its kind has one.
 */
type Role<R> = {
  /** Gets ready and says so. */
  boot(): Promise<void>
  close(): Promise<void>
} & Partial<Handlers<Commands>> &
  (R extends FaultTarget ? Handlers<FaultCommands[R]> : unknown)

/** Answers the parent. Does nothing once the channel is gone: then this process is about to exit. */
export function answer(message: Answer): void {
  if (process.connected) process.send?.(message)
}

/**
 * Runs this process as a child of a run.
 * @param make builds the role from the job; what it throws is reported to the parent
 */
export function runProcess<J extends ServerJob | TargetJob | ClientJob | RelayJob | CeilingJob>(
  role: J['role'],
  make: (job: J) => Promise<Role<J['role']>>,
): void {
  let running: Role<J['role']> | undefined
  let underTest: string | undefined
  const act = async (command: Command): Promise<void> => {
    if (command.type === 'job') {
      if (command.job.role !== role)
        throw new Error(`a ${role} process was given the job of a ${command.job.role}`)
      if (command.job.role === 'server') underTest = command.job.adapter.module
      running = await make(command.job as J)
      await running.boot()
    } else if (command.type === 'close') {
      await running?.close()
      process.exit(0)
    } else {
      const handlers = running as
        | Readonly<Record<string, (command: Command) => void | Promise<void>>>
        | undefined
      await handlers?.[command.type]?.(command)
    }
  }
  const fail = (error: unknown): void => {
    const message = error instanceof Error ? errorText(error, underTest) : String(error)
    if (!process.connected) process.exit(1)
    const stack = error instanceof Error ? { stack: stackText(error, underTest) } : {}
    process.send?.({ type: 'failed', message, ...stack } satisfies Answer, () => process.exit(1))
  }
  process.on('message', command => void act(command as Command).catch(fail))
  process.on('uncaughtException', fail)
  // A signal may reach the whole process group; the parent decides, so that what was measured can still be reported.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {})
  process.on('disconnect', () => process.exit(0))
}
