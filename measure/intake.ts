/** The server's side of a storm: connections and requests as the server takes them, in windows of 100 ms. */
import type { Alarms } from './alarms.ts'
import type { Clock } from './clock.ts'
import { stormWindow } from './storm-figures.ts'
import { after, elapsed, type Instant, micros } from './units.ts'

/** What a server took in one window. */
export interface Intake {
  /** Counts from the start of the measured window. */
  readonly window: number
  readonly accepted: number
  readonly requests: number
}

/** Running totals of a server. */
export type IntakeTotals = Pick<Intake, 'accepted' | 'requests'>

export class IntakeMeter {
  readonly windows: Intake[] = []
  readonly #clock: Clock
  readonly #alarms: Alarms
  readonly #read: () => IntakeTotals
  #last: IntakeTotals | undefined
  #window = 0

  /** @param read the running totals; cheap, as it is called ten times a second */
  constructor(clock: Clock, alarms: Alarms, read: () => IntakeTotals) {
    this.#clock = clock
    this.#alarms = alarms
    this.#read = read
  }

  /** Begins with the window that is open at `zero` or, in a server that starts later, now. */
  start(zero: Instant): void {
    const first = Math.max(0, Math.floor(elapsed(zero, this.#clock()) / stormWindow))
    this.#alarms.at(after(zero, micros(first * stormWindow)), () => {
      this.#last = this.#read()
      this.#window = first
      this.#sample(zero)
    })
  }

  /** Counts what has come since the last look. */
  finish(): void {
    if (this.#last === undefined) return
    const { accepted, requests } = this.#read()
    const came = { accepted: accepted - this.#last.accepted, requests: requests - this.#last.requests }
    this.#last = { accepted, requests }
    if (came.accepted > 0 || came.requests > 0) this.windows.push({ window: this.#window, ...came })
  }

  #sample(zero: Instant): void {
    this.#alarms.at(after(zero, micros((this.#window + 1) * stormWindow)), () => {
      this.finish()
      // A process that was stopped finds its windows over: what comes from now on belongs to the one that is open.
      this.#window = Math.max(this.#window + 1, Math.floor(elapsed(zero, this.#clock()) / stormWindow))
      this.#sample(zero)
    })
  }
}
