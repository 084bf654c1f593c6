/** The server's side of a storm: connections and requests at the instant at which the server takes them. */
import type { Clock } from './clock.ts'
import { stormWindow } from './storm-figures.ts'
import { elapsed, type Instant } from './units.ts'

/** What a server took in one window of 100 ms. */
export interface Intake {
  /** Counts from the start of the measured window. */
  readonly window: number
  readonly accepted: number
  readonly requests: number
}

export class IntakeMeter {
  readonly #clock: Clock
  readonly #windows = new Map<number, { accepted: number; requests: number }>()
  #zero: Instant | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Fixes the start of the measured window; what came before is not counted. */
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

  windows(): Intake[] {
    return [...this.#windows].map(([window, counts]) => ({ window, ...counts }))
  }

  #count(what: 'accepted' | 'requests'): void {
    if (this.#zero === undefined) return
    const window = Math.floor(elapsed(this.#zero, this.#clock()) / stormWindow)
    if (window < 0) return
    const counts = this.#windows.get(window) ?? { accepted: 0, requests: 0 }
    counts[what]++
    this.#windows.set(window, counts)
  }
}
