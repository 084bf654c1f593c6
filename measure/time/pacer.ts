/**
 * An alarm clock finer than a timer. Node's timers are whole milliseconds and fire up to 1.6 ms off either
 * way; here a thread sleeps on a futex until the instant, which is about 0.1 ms late, and then posts to the
 * event loop. Unlike a spinning loop it costs the server that is being measured next to nothing.
 */
import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type Clock, clockFrom, type Origin } from '../../model/clock.ts'
import { type Instant, instant } from '../../model/units.ts'

/** Shared with the thread: what it is to wait for. */
interface Shared {
  readonly origin: Origin
  /** [generation]: raised and notified whenever the due instant changes. */
  readonly control: Int32Array
  /** [due]: the instant to wake at. */
  readonly due: Float64Array
}

const never = Number.POSITIVE_INFINITY

export class Pacer {
  readonly #shared: Shared
  readonly #worker: Worker

  /** @param wake called on the event loop as soon as possible after each due instant */
  constructor(origin: Origin, wake: () => void) {
    this.#shared = {
      origin,
      control: new Int32Array(new SharedArrayBuffer(4)),
      due: new Float64Array(new SharedArrayBuffer(8)),
    }
    this.#shared.due[0] = never
    this.#worker = new Worker(new URL(import.meta.url), { workerData: this.#shared })
    this.#worker.on('message', wake)
    this.#worker.unref()
  }

  /** Resolves when the thread runs and has fired once, so that its start delays no later alarm. */
  async ready(): Promise<void> {
    const rung = once(this.#worker, 'message')
    this.wakeAt(instant(0))
    await rung
  }

  /** Sets the one alarm, in place of any before. */
  wakeAt(at: Instant): void {
    this.#shared.due[0] = at
    Atomics.add(this.#shared.control, 0, 1)
    Atomics.notify(this.#shared.control, 0)
  }

  /** Cancels the alarm. */
  cancel(): void {
    this.wakeAt(instant(never))
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}

function sleepAndPost({ control, due, origin }: Shared): never {
  const clock: Clock = clockFrom(origin)
  for (;;) {
    const generation = Atomics.load(control, 0)
    const remaining = ((due[0] ?? never) - clock()) / 1_000
    if (remaining > 0) {
      Atomics.wait(control, 0, generation, remaining)
    } else {
      parentPort?.postMessage(null)
      Atomics.wait(control, 0, generation)
    }
  }
}

if (!isMainThread && parentPort !== null && isShared(workerData)) sleepAndPost(workerData)

function isShared(value: unknown): value is Shared {
  return (
    typeof value === 'object' && value !== null && 'control' in value && 'due' in value && 'origin' in value
  )
}
