/**
 * Signs of life for streams that are silent: one timer a topic, since an event of a topic reaches all its
 * subscribers alike and starts their silence anew.
 */
import { type Micros, toMilliseconds } from '../measure/units.ts'
import type { Topic } from './topic.ts'

export class Heartbeats<S> {
  readonly #everyMs: number
  readonly #beat: (subscribers: ReadonlySet<S>) => void
  readonly #timers = new Map<Topic<S>, NodeJS.Timeout>()

  /**
   * @param every length of a silence; 0 for no signs of life
   * @param beat gives the subscribers of a topic a sign of life
   */
  constructor(every: Micros, beat: (subscribers: ReadonlySet<S>) => void) {
    this.#everyMs = toMilliseconds(every)
    this.#beat = beat
  }

  /** Sees to a topic from now on. */
  watch(topic: Topic<S>): void {
    if (this.#everyMs === 0 || this.#timers.has(topic)) return
    this.#timers.set(
      topic,
      setInterval(() => this.#signOfLife(topic), this.#everyMs),
    )
  }

  /** An event went out: the silence begins anew. */
  silenceEnds(topic: Topic<S>): void {
    this.#timers.get(topic)?.refresh()
  }

  #signOfLife(topic: Topic<S>): void {
    if (topic.subscribers.size > 0) {
      this.#beat(topic.subscribers)
      return
    }
    // Nobody to be told: the topic of a session may be given up.
    clearInterval(this.#timers.get(topic))
    this.#timers.delete(topic)
  }

  close(): void {
    for (const timer of this.#timers.values()) clearInterval(timer)
  }
}
