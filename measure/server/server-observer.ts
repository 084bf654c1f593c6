/** What only the server sees, counted for the events of the measured window. */

import type { Clock } from '../../model/clock.ts'
import type { ServerObserver } from '../../model/technique.ts'
import type { Instant, Micros } from '../../model/units.ts'
import { Histogram } from '../../results/histogram.ts'
import { type Window, within } from '../messages/fleet-counts.ts'
import type { ServerCounts } from '../messages/server-counts.ts'
import { PulseServices } from '../messages/single-events.ts'
import type { ArrivalCounter } from './arrival-counter.ts'

export class CountingObserver implements ServerObserver {
  readonly wait = new Histogram()
  readonly rearm = new Histogram()
  readonly pulses: PulseServices | null
  window: Window | undefined

  readonly #clock: Clock
  readonly #counts: ServerCounts
  readonly #arrivals: ArrivalCounter
  readonly #skipsFirstGap: boolean

  /**
   * @param kind what is counted: `singly` where events are few and each is reported; `skipsFirstGap` where that of a
   * connection is a random part of an interval
   * @param counts what is handed over and written is added here
   * @param arrivals counts each connection that is taken
   */
  constructor(
    { singly, skipsFirstGap }: { readonly singly: boolean; readonly skipsFirstGap: boolean },
    clock: Clock,
    counts: ServerCounts,
    arrivals: ArrivalCounter,
  ) {
    this.#clock = clock
    this.#counts = counts
    this.#arrivals = arrivals
    this.#skipsFirstGap = skipsFirstGap
    this.pulses = singly ? new PulseServices(clock) : null
  }

  handedOver(
    { seq, intendedAt }: { seq: number; intendedAt: Instant },
    wait: Micros,
    receivers: number,
  ): void {
    this.#counts.handedOver += receivers
    if (!within(this.window, intendedAt)) return
    this.wait.recordMany(wait, receivers)
    this.pulses?.handedOver(seq, wait, receivers)
  }

  heartbeats(receivers: number): void {
    this.#counts.heartbeats += receivers
  }

  rearmed(gap: Micros, first = false): void {
    if (this.window === undefined) return
    this.pulses?.rearmed(gap)
    const now = this.#clock()
    if (now < this.window.from || now >= this.window.to) return
    if (!first || !this.#skipsFirstGap) this.rearm.record(gap)
  }

  accepted(): void {
    this.#arrivals.accepted()
  }
}
