/**
 * The figures of a storm, measured or simulated: attempts counted in windows, and how long until clients are
 * back. Instants count from the fault.
 */
import { elapsed, type Instant, instant, type Micros, milliseconds } from './units.ts'

/** Width of the windows that arrivals are counted in. */
export const stormWindow: Micros = milliseconds(100)

/** Clients count so finely, that windows can begin at the fault. */
export const stormGrain: Micros = milliseconds(10)

/** The window that an instant after the fault falls into, from 0. */
export const windowAt = (at: Instant): number => Math.floor(at / stormWindow)

/** Counts per window, from the fault to a horizon. */
export class WindowCounts {
  readonly #counts: Uint32Array

  constructor(horizon: Instant) {
    this.#counts = new Uint32Array(Math.ceil(horizon / stormWindow))
  }

  /** Counts so many at an instant; what lies beyond the horizon is not counted. */
  add(at: Instant, count = 1): void {
    const window = windowAt(at)
    this.#counts[window] = (this.#counts[window] ?? 0) + count
  }

  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0)
  }

  /** The counts of the windows up to the one of `last`, which is included. */
  until(last: Instant): Uint32Array {
    return this.#counts.subarray(0, windowAt(last) + 1)
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
 * @param clients all that were dropped, so that those who never came back count
 * @param since what the times count from: the fault, or the server's return
 */
export function returnTimes(backAt: ArrayLike<number>, clients: number, since: Instant): ReturnTimes {
  const time = (percent: number): Micros | null => {
    const at = backAt[Math.max(1, Math.ceil((clients * percent) / 100)) - 1]
    return at === undefined ? null : elapsed(since, instant(at))
  }
  return { t50: time(50), t90: time(90), t99: time(99), t100: time(100) }
}
