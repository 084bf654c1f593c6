/** Counts in windows of 100 ms on a time axis of their own: a storm's windows begin at its fault, or at the return. */

import { stormGrain, stormWindow, windowAt } from '../../simulation/storm-figures.ts'
import type { GrainCount } from '../messages/fleet-counts.ts'

/** Windows of 100 ms, one of which begins at `zero`; all in microseconds from the start of the measured window. */
export class Windows {
  readonly #zero: number
  readonly #counts = new Map<number, number>()

  constructor(zero = 0) {
    this.#zero = zero
  }

  /** Windows of what client processes counted in grains. */
  static ofGrains(series: readonly (readonly GrainCount[])[], zero: number): Windows {
    const windows = new Windows(zero)
    for (const [grain, count] of series.flat()) windows.add(grain * stormGrain, count)
    return windows
  }

  add(at: number, count: number): void {
    const window = this.#at(at)
    this.#counts.set(window, (this.#counts.get(window) ?? 0) + count)
  }

  /** Windows that are not empty, in order. */
  list(): { atMicros: number; count: number }[] {
    return [...this.#counts]
      .filter(([, count]) => count > 0)
      .sort(([a], [b]) => a - b)
      .map(([window, count]) => ({ atMicros: Math.round(this.#zero + window * stormWindow), count }))
  }

  /** The counts of the windows that an interval touches, `to` not included, empty ones included. */
  between(from: number, to: number): number[] {
    const first = this.#at(from)
    const beyond = Math.ceil((to - this.#zero) / stormWindow)
    return Array.from({ length: Math.max(0, beyond - first) }, (_, at) => this.#counts.get(first + at) ?? 0)
  }

  /** The highest count over any span of whole windows. */
  most(span: number): number {
    const width = span / stormWindow
    const sums = [...this.#counts.keys()].map(start => {
      let total = 0
      for (let window = start; window < start + width; window++) total += this.#counts.get(window) ?? 0
      return total
    })
    return Math.max(0, ...sums)
  }

  #at(at: number): number {
    return windowAt(at, this.#zero)
  }
}
