/**
 * Acts at instants of the run's clock. Node's timers may fire before their time is up, by up to 1.7 ms when the
 * delay is not whole milliseconds; at the edge of a measured window that is the difference between an event that
 * counts and one that does not, so an alarm that rings early is set again.
 */
import type { Clock } from '../../model/clock.ts'
import { elapsed, type Instant, type Micros, toMilliseconds } from '../../model/units.ts'

interface Alarm {
  readonly instant: Instant
  readonly act: (late: Micros) => void
  timer: NodeJS.Timeout
}

export class Alarms {
  readonly #clock: Clock
  /** Those that have not acted, in the order in which they were set. */
  readonly #pending = new Set<Alarm>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Acts at `instant` or, when it has passed, now. Alarms act in the order of their instants, also where a blocked
   * event loop comes to several at once: a window never closes before it opened.
   * @param act given how long after `instant` it acts: a blocked event loop delays alarms
   */
  at(instant: Instant, act: (late: Micros) => void): void {
    const alarm: Alarm = { instant, act, timer: setTimeout(() => this.#wake(alarm), this.#wait(instant)) }
    this.#pending.add(alarm)
    if (elapsed(instant, this.#clock()) >= 0) this.#actUntil(instant)
  }

  /** Cancels all alarms. */
  clear(): void {
    for (const { timer } of this.#pending) clearTimeout(timer)
    this.#pending.clear()
  }

  #wake(alarm: Alarm): void {
    if (elapsed(alarm.instant, this.#clock()) >= 0) this.#actUntil(alarm.instant)
    else alarm.timer = setTimeout(() => this.#wake(alarm), this.#wait(alarm.instant))
  }

  #wait(instant: Instant): number {
    return Math.max(0, Math.ceil(toMilliseconds(elapsed(this.#clock(), instant))))
  }

  #actUntil(instant: Instant): void {
    for (let next = this.#earliest(); next !== null && next.instant <= instant; next = this.#earliest()) {
      this.#pending.delete(next)
      clearTimeout(next.timer)
      next.act(elapsed(next.instant, this.#clock()))
    }
  }

  #earliest(): Alarm | null {
    let earliest: Alarm | null = null
    for (const alarm of this.#pending) {
      if (earliest === null || alarm.instant < earliest.instant) earliest = alarm
    }
    return earliest
  }
}
