/**
 * Acts at instants of the run's clock. Node's timers may fire before their time is up, by up to 1.7 ms when the
 * delay is not whole milliseconds; at the edge of a measured window that is the difference between an event that
 * counts and one that does not, so an alarm that rings early is set again.
 */
import type { Clock } from '../../model/clock.ts'
import { elapsed, type Instant, type Micros, toMilliseconds } from '../../model/units.ts'

export class Alarms {
  readonly #clock: Clock
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Acts at `instant` or, when it has passed, now.
   * @param act given how long after `instant` it acts: a blocked event loop delays alarms
   */
  at(instant: Instant, act: (late: Micros) => void): void {
    const late = elapsed(instant, this.#clock())
    if (late >= 0) {
      act(late)
      return
    }
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer)
        this.at(instant, act)
      },
      Math.ceil(-toMilliseconds(late)),
    )
    this.#timers.add(timer)
  }

  /** Cancels all alarms. */
  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }
}
