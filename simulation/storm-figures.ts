/**
 * The figures of a storm, measured or simulated: attempts counted in windows, and how long until clients are
 * back. Instants count from the fault.
 */
import { elapsed, type Instant, instant, type Micros, milliseconds } from '../model/units.ts'

/** Width of the windows that arrivals are counted in. */
export const stormWindow: Micros = milliseconds(100)

/** Clients count attempts this finely, so that windows can begin at any instant: at the fault, or at the return. */
export const stormGrain: Micros = milliseconds(1)

/** How finely the number of connected clients is recorded. */
export const connectedGrain: Micros = milliseconds(10)

/** The window that an instant falls into, counted from the one that begins at `zero`. */
export const windowAt = (at: number, zero: number): number => Math.floor((at - zero) / stormWindow)

/**
 * When an attempt must begin at the earliest to meet the returned server: half a round trip before the return.
 * The windows of the peak after the return begin here, measured or simulated.
 */
export const meetsFrom = (serverBackAt: number, roundTrip: Micros): number => serverBackAt - roundTrip / 2

/** Counts per window, of which the first begins at `from`. */
export class WindowCounts {
  readonly #from: Instant
  readonly #counts: Uint32Array

  /** @param horizon nothing is counted from here on */
  constructor(from: Instant, horizon: Instant) {
    this.#from = from
    this.#counts = new Uint32Array(Math.max(0, Math.ceil((horizon - from) / stormWindow)))
  }

  /** Adds a count at an instant; what lies before the first window or beyond the horizon is not counted. */
  add(at: Instant, count = 1): void {
    const window = windowAt(at, this.#from)
    const before = this.#counts[window]
    if (before !== undefined) this.#counts[window] = before + count
  }

  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0)
  }

  /** The counts of the windows up to the one of `last`, which is included. */
  until(last: Instant): Uint32Array {
    return this.#counts.subarray(0, Math.max(0, windowAt(last, this.#from) + 1))
  }
}

/** How unevenly arrivals fell over a span of windows. */
export interface WindowFigures {
  /** Most arrivals in one window. */
  readonly peak: number
  /** Arrivals per window. */
  readonly mean: number
  /** Index of dispersion: variance / mean of the counts. A Poisson process has 1; null without arrivals. */
  readonly dispersion: number | null
}

/** The figures over all of the given windows, empty ones included. */
export function windowFigures(counts: ArrayLike<number>): WindowFigures {
  let [peak, sum, squares] = [0, 0, 0]
  for (let window = 0; window < counts.length; window++) {
    const count = counts[window] ?? 0
    peak = Math.max(peak, count)
    sum += count
    squares += count * count
  }
  if (sum === 0) return { peak, mean: 0, dispersion: null }
  const mean = sum / counts.length
  return { peak, mean, dispersion: (squares / counts.length - mean * mean) / mean }
}

/** How long until a share of the clients were back; null where fewer ever were. */
export interface ReturnTimes {
  readonly t50: Micros | null
  readonly t90: Micros | null
  readonly t99: Micros | null
  readonly t100: Micros | null
}

/**
 * @param backAt when each client was back, in ascending order; those that never were are left out
 * @param clients all that were dropped, so that those that never came back count
 * @param since what the times count from: the fault, or the server's return
 */
export function returnTimes(backAt: ArrayLike<number>, clients: number, since: Instant): ReturnTimes {
  const time = (percent: number): Micros | null => {
    const at = backAt[Math.max(1, Math.ceil((clients * percent) / 100)) - 1]
    return at === undefined ? null : elapsed(since, instant(at))
  }
  return { t50: time(50), t90: time(90), t99: time(99), t100: time(100) }
}
