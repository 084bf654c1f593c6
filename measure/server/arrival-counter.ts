/** The server's side of a storm: connections and requests at the instant at which the server takes them. */

import type { Clock } from '../../model/clock.ts'
import { elapsed, type Instant, type Micros, micros } from '../../model/units.ts'
import { stormWindow, windowAt } from '../../simulation/storm-figures.ts'
import type { ArrivalWindow } from '../messages/server-counts.ts'

export class ArrivalCounter {
  readonly #clock: Clock
  readonly #windows = new Map<number, { accepted: number; requests: number }>()
  readonly #faultDue: Micros
  #zero: Instant | undefined

  /** @param faultDue from the start of the measured window; a window begins here */
  constructor(clock: Clock, faultDue = micros(0)) {
    this.#clock = clock
    this.#faultDue = faultDue
  }

  /** Fixes the start of the measured window; earlier arrivals are not counted. */
  open(zero: Instant): void {
    this.#zero = zero
  }

  /** A connection was taken. */
  accepted(): void {
    this.#count('accepted')
  }

  /** A request began. */
  request(): void {
    this.#count('requests')
  }

  windows(): ArrivalWindow[] {
    return [...this.#windows].map(([window, counts]) => ({
      at: this.#faultDue + window * stormWindow,
      ...counts,
    }))
  }

  #count(what: 'accepted' | 'requests'): void {
    if (this.#zero === undefined) return
    const at = elapsed(this.#zero, this.#clock())
    if (at < 0) return
    const window = windowAt(at, this.#faultDue)
    const counts = this.#windows.get(window) ?? { accepted: 0, requests: 0 }
    counts[what]++
    this.#windows.set(window, counts)
  }
}
