/** The progress of a run, from its instants and the latest reports of its clients. */
import { elapsed, type Instant, micros } from '../../model/units.ts'
import type { Start } from '../messages/job.ts'
import type { RunPlan } from '../messages/run-plan.ts'
import type { ClientProcesses } from './client-processes.ts'
import type { Phase, Progress } from './hooks.ts'

/** @param start the instants of the run; undefined before they are fixed */
export function progressOf(
  { workload: { lead } }: RunPlan,
  start: Start | undefined,
  now: Instant,
  clients: ClientProcesses,
): Progress {
  const { connected, received } = clients.progress
  return {
    ...(lead && { warmupReason: lead.reason }),
    phase: start === undefined ? (clients.wire.length === 0 ? 'boot' : 'connect') : phaseOf(start, now),
    connected,
    received,
    remaining: start === undefined ? null : micros(Math.max(0, elapsed(now, start.window.to))),
  }
}

function phaseOf({ window }: Start, now: Instant): Phase {
  if (now < window.from) return 'warm-up'
  return now < window.to ? 'measure' : 'drain'
}
