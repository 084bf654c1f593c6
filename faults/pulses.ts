/** What faults share that are only a load: single events at given moments. */
import { type Micros, micros, seconds } from '../model/units.ts'
import type { Workload } from '../model/workload.ts'

/** How long the window goes on after the last event. */
const lull = seconds(1)

/** The instant that lies `duration` after `at`. */
export const beyond = (at: Micros, duration: number): Micros => micros(at + duration)

/** The workload with single events at given instants of the window instead of its own; it ends when they arrived. */
export function atMoments(workload: Workload, moments: readonly Micros[]): Workload {
  const last = moments.at(-1) ?? micros(0)
  return {
    ...workload,
    arrivals: 'pulses',
    pulses: moments.map(moment => beyond(workload.warmup, Math.round(moment))),
    duration: beyond(last, lull),
  }
}
