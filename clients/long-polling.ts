/**
 * `long-polling`: asks, waits for the answer as long as it takes, and asks again (RFC 6202 section 2.2).
 */
import { duration } from '../measure/settings.ts'
import {
  type ClientContext,
  type ClientSink,
  clientTechnique,
  LossError,
  type PushClient,
} from '../measure/technique.ts'
import { type Micros, micros, seconds, toMilliseconds } from '../measure/units.ts'
import { requestHeaders } from './headers.ts'
import { HttpConnection, requestEvents } from './http.ts'

class LongPollingClient implements PushClient {
  readonly #connection: HttpConnection
  readonly #headers: string[]
  readonly #pauseMs: number
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor({ url, headers }: ClientContext, pause: Micros) {
    this.#connection = new HttpConnection(url)
    this.#headers = requestHeaders(headers, 'fetch', url.origin)
    this.#pauseMs = toMilliseconds(pause)
  }

  async connect(sink: ClientSink): Promise<void> {
    // The first request is answered at once: it proves the connection and brings what was missed.
    await this.#ask(sink, '&hold=0')
    this.#next(sink)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#connection.close()
  }

  #ask(sink: ClientSink, more = ''): Promise<void> {
    return requestEvents(this.#connection, this.#connection.path(sink.cursor, more), this.#headers, sink)
  }

  #next(sink: ClientSink): void {
    if (this.#closed) return
    if (this.#pauseMs === 0) void this.#poll(sink)
    else this.#timer = setTimeout(() => void this.#poll(sink), this.#pauseMs)
  }

  async #poll(sink: ClientSink): Promise<void> {
    try {
      await this.#ask(sink)
    } catch (error) {
      if (!(error instanceof LossError)) throw error
      return sink.lost(error.loss)
    }
    this.#next(sink)
  }
}

export const longPolling = clientTechnique({
  settings: {
    pause: duration('0', 'time between an answer and the next request; 0 asks again at once'),
  },
  create: (context, { pause }) => new LongPollingClient(context, pause),
  drain: ({ pause }) => micros(pause + seconds(2)),
  gap: (_, measured) =>
    measured && {
      gap: measured,
      basis: 'r = mean time from an answer to the next request, as the server saw it',
    },
})
