/**
 * What a process costs: CPU time, resident memory, event-loop delay and utilisation, over the measured window.
 */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { zero } from '../../model/settings.ts'
import { type Micros, toMilliseconds } from '../../model/units.ts'

/** One process over one window: everything but memory is of the span between two readings. */
export interface ProcessLoad {
  /** How long after the edges of the window the readings were taken; 0 for a process that began or ended within it. */
  readonly late: { readonly open: Micros; readonly close: Micros }
  /** User and system time. */
  readonly cpuSeconds: number
  /** After a full garbage collection: what is in use, not what has not been swept yet. */
  readonly rssBytes: number
  /** Resident memory before the first client. */
  readonly rssBaselineBytes: number
  /** Null for a process that is not Node's, or not part of the run. */
  readonly loopDelayP99Micros: number | null
  /** 0 to 1, from the opening edge of the window to the last reading; null as above. */
  readonly utilization: number | null
}

/** Sampling period of the loop-delay monitor: fine enough for tens of milliseconds, coarse enough to cost nothing. */
const resolutionMs = 10

export class LoadMeter {
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs })
  readonly #baseline = settledRss()
  #cpu = process.cpuUsage()
  #utilization = performance.eventLoopUtilization()
  #openedLate = zero
  #stopped: Omit<ProcessLoad, 'rssBytes' | 'rssBaselineBytes'> | null = null

  /**
   * Begins the window.
   * @param late how long after its edge; the event loop was blocked meanwhile, or it would have begun on time
   */
  start(late = zero): void {
    this.#openedLate = late
    this.#delay.reset()
    this.#delay.enable()
    this.#cpu = process.cpuUsage()
    this.#utilization = performance.eventLoopUtilization()
  }

  /**
   * Ends the window. Memory is read later, by {@link settle}.
   * @param late how long after its edge
   */
  stop(late = zero): void {
    if (this.#stopped !== null) return
    const cpu = process.cpuUsage(this.#cpu)
    const { active, idle } = performance.eventLoopUtilization(this.#utilization)
    this.#delay.disable()
    this.#stopped = {
      late: { open: this.#openedLate, close: late },
      cpuSeconds: (cpu.user + cpu.system) / 1_000_000,
      // The monitor records the whole time between two of its ticks; what is beyond its period is delay.
      loopDelayP99Micros: Math.max(0, this.#delay.percentile(99) / 1_000 - resolutionMs * 1_000),
      utilization: busyShare(active, idle, toMilliseconds(this.#openedLate)),
    }
  }

  /**
   * The load of the window, with memory after a full collection: call it when no event is awaited any more.
   * @param rssBytes resident memory, where there is no time to collect
   */
  settle(rssBytes?: number): ProcessLoad | null {
    return (
      this.#stopped && {
        ...this.#stopped,
        rssBytes: rssBytes ?? settledRss(),
        rssBaselineBytes: this.#baseline,
      }
    )
  }
}

/**
 * Share of a window in which an event loop was busy, 0 to 1.
 * @param active busy time between the readings, in milliseconds like the others
 * @param late how long the loop was blocked before the first reading, which it could not take on time
 */
export const busyShare = (active: number, idle: number, late: number): number =>
  active + idle + late === 0 ? 0 : (active + late) / (active + idle + late)

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Resident memory after a full collection; costs tens of milliseconds, so never within a window. */
function settledRss(): number {
  // Objects with a finalizer, such as the parser of a handshake, need two collections to be freed.
  collectGarbage()
  collectGarbage()
  return process.memoryUsage.rss()
}
