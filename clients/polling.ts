/**
 * `polling`: a request every interval, whether or not anything happened. `fixed-rate` is a page's
 * setInterval, `fixed-delay` a setTimeout that is set anew when the answer is there.
 */
import { choice, duration } from '../measure/settings.ts'
import {
  type ClientContext,
  type ClientSink,
  clientTechnique,
  LossError,
  type PushClient,
} from '../measure/technique.ts'
import { type Micros, micros, milliseconds, seconds, toMilliseconds } from '../measure/units.ts'
import { requestHeaders } from './headers.ts'
import { HttpConnection, requestEvents } from './http.ts'

class PollingClient implements PushClient {
  readonly #connection: HttpConnection
  readonly #headers: string[]
  readonly #intervalMs: number
  readonly #fixedRate: boolean
  readonly #phase: number
  #timer: NodeJS.Timeout | undefined
  #nextAt = 0
  #closed = false

  constructor({ url, headers, random }: ClientContext, interval: Micros, fixedRate: boolean) {
    this.#connection = new HttpConnection(url)
    this.#headers = requestHeaders(headers, 'fetch', url.origin)
    this.#intervalMs = toMilliseconds(interval)
    this.#fixedRate = fixedRate
    // Users open a page when they please; without a phase of its own every client would poll at once.
    this.#phase = random()
  }

  async connect(sink: ClientSink): Promise<void> {
    await this.#poll(sink)
    this.#nextAt = performance.now() + this.#phase * this.#intervalMs
    this.#arm(sink)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#connection.close()
  }

  #poll(sink: ClientSink): Promise<void> {
    return requestEvents(this.#connection, this.#connection.path(sink.cursor), this.#headers, sink)
  }

  #arm(sink: ClientSink): void {
    if (this.#closed) return
    this.#timer = setTimeout(() => void this.#tick(sink), Math.max(0, this.#nextAt - performance.now()))
  }

  async #tick(sink: ClientSink): Promise<void> {
    try {
      await this.#poll(sink)
    } catch (error) {
      if (!(error instanceof LossError)) throw error
      return sink.lost(error.loss)
    }
    const now = performance.now()
    if (this.#fixedRate) {
      // A tick that falls due while a request is under way is left out, or answers could overtake each other.
      do this.#nextAt += this.#intervalMs
      while (this.#nextAt <= now)
    } else {
      this.#nextAt = now + this.#intervalMs
    }
    this.#arm(sink)
  }
}

export const polling = clientTechnique({
  settings: {
    interval: duration('1s', 'time from one request to the next', '1ms'),
    timing: choice(
      ['fixed-rate', 'fixed-delay'],
      'count the interval from request to request, or from answer to request',
    ),
  },
  verifySettings: { interval: milliseconds(5) },
  create: (context, { interval, timing }) => new PollingClient(context, interval, timing === 'fixed-rate'),
  drain: ({ interval }) => micros(interval + seconds(2)),
  gap: ({ interval, timing }, measured) =>
    timing === 'fixed-rate'
      ? { gap: interval, basis: 'r = the interval' }
      : measured && { gap: measured, basis: 'r = the interval and a round trip, as the server saw it' },
})
