/**
 * The load of foreign processes, as Linux reports it for any process (proc(5)): CPU time in ticks of 10 ms and resident
 * memory without a collection before. Their event loops cannot be observed.
 */

import { zero } from '../../model/settings.ts'
import type { ProcessLoad } from '../messages/process-load.ts'
import { readText } from './read-text.ts'

/** USER_HZ: fixed at 100 by the interface of every architecture that Node runs on. */
const ticksPerSecond = 100

/** One process at one moment; null when there is no such process, or the host does not report it. */
function readProcess(pid: number): { cpuSeconds: number; rssBytes: number } | null {
  // The name of the command stands in brackets and may hold anything; the fields are counted from behind it.
  const fields = readText(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')
  const rss = /^VmRSS:\s+(\d+) kB/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1]
  const [utime, stime] = [fields?.[11], fields?.[12]]
  if (utime === undefined || stime === undefined || rss === undefined) return null
  return { cpuSeconds: (Number(utime) + Number(stime)) / ticksPerSecond, rssBytes: Number(rss) * 1_024 }
}

/** True for a process whose cost can be read. */
export const reportsLoad = (pid: number): boolean => readProcess(pid) !== null

/** The sum over several processes; null when one of them cannot be read, because a partial sum would mislead. */
function readAll(pids: readonly number[]): { cpuSeconds: number; rssBytes: number } | null {
  const sum = { cpuSeconds: 0, rssBytes: 0 }
  for (const pid of pids) {
    const one = readProcess(pid)
    if (one === null) return null
    sum.cpuSeconds += one.cpuSeconds
    sum.rssBytes += one.rssBytes
  }
  return pids.length === 0 ? null : sum
}

/** Reads the load of processes over the measured window, as {@link LoadMeter} does of its own process. */
export class ForeignLoadMeter {
  readonly #pids: readonly number[]
  readonly #baseline: ReturnType<typeof readAll>
  #atStart: ReturnType<typeof readAll> = null
  #openedLate = zero
  #stopped: ProcessLoad | null = null

  /** @param pids the processes that make up the server; empty where they are not known */
  constructor(pids: readonly number[]) {
    this.#pids = pids
    this.#baseline = readAll(pids)
  }

  /**
   * Begins the window.
   * @param late how long after its edge
   */
  start(late = zero): void {
    this.#openedLate = late
    this.#atStart = readAll(this.#pids)
  }

  /**
   * Ends the window; only once.
   * @param late how long after its edge
   */
  stop(late = zero): void {
    const now = readAll(this.#pids)
    if (this.#stopped !== null || this.#atStart === null || this.#baseline === null || now === null) return
    this.#stopped = {
      late: { open: this.#openedLate, close: late },
      cpuSeconds: now.cpuSeconds - this.#atStart.cpuSeconds,
      rssBytes: now.rssBytes,
      rssBaselineBytes: this.#baseline.rssBytes,
      loopDelayP99Micros: null,
      utilization: null,
    }
  }

  /** The load of the window; null where it is not known. */
  get load(): ProcessLoad | null {
    return this.#stopped
  }
}
