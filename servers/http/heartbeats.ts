/**
 * Heartbeats for silent streams. One timer per topic is enough: an event of a topic reaches all its subscribers and
 * resets the timer for all of them.
 */
import { type Micros, toMilliseconds } from '../../model/units.ts'
import { Phases } from './phases.ts'
import type { Topic } from './topic.ts'

export class Heartbeats<S> {
  readonly #everyMs: number
  readonly #beat: (subscribers: ReadonlySet<S>) => void
  readonly #timers = new Map<Topic<S>, NodeJS.Timeout>()
  readonly #spread: boolean
  readonly #phases = new Phases()
  /** Topics in their first silence, which is shorter. */
  readonly #first = new Set<Topic<S>>()

  /**
   * @param every length of a silence; 0 for no heartbeats
   * @param beat gives the subscribers of a topic a heartbeat
   * @param spread true where the first silence of a topic is shorter by a share, so that topics do not beat together
   */
  constructor(every: Micros, beat: (subscribers: ReadonlySet<S>) => void, spread = false) {
    this.#everyMs = toMilliseconds(every)
    this.#beat = beat
    this.#spread = spread
  }

  /** Starts the heartbeats of a topic. */
  watch(topic: Topic<S>): void {
    if (this.#everyMs === 0 || this.#timers.has(topic)) return
    this.#first.add(topic)
    this.#timers.set(
      topic,
      setTimeout(
        () => {
          this.#begin(topic)
          this.#sendHeartbeat(topic)
        },
        this.#everyMs * (this.#spread ? this.#phases.next() : 1),
      ),
    )
  }

  /** An event was sent: the silence starts again from zero. */
  silenceEnds(topic: Topic<S>): void {
    if (this.#first.has(topic)) this.#begin(topic)
    else this.#timers.get(topic)?.refresh()
  }

  /** Whole silences from now on. */
  #begin(topic: Topic<S>): void {
    this.#first.delete(topic)
    clearTimeout(this.#timers.get(topic))
    this.#timers.set(
      topic,
      setInterval(() => this.#sendHeartbeat(topic), this.#everyMs),
    )
  }

  #sendHeartbeat(topic: Topic<S>): void {
    if (topic.subscribers.size > 0) {
      this.#beat(topic.subscribers)
      return
    }
    // No subscriber is left: the topic of a session may be gone.
    clearInterval(this.#timers.get(topic))
    this.#timers.delete(topic)
  }

  close(): void {
    for (const timer of this.#timers.values()) clearInterval(timer)
  }
}
