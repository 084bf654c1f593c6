/**
 * `sse`: what EventSource does (WHATWG HTML section 9.2): one endless response, parsed as it comes, and on
 * reconnecting the id of the last event in `Last-Event-ID`.
 */
import { createParser } from 'eventsource-parser'
import { decodeMessage } from '../model/event.ts'
import { LossError } from '../model/loss.ts'
import {
  type ClientContext,
  type ClientSink,
  clientTechnique,
  type PausableClient,
} from '../model/technique.ts'
import { milliseconds } from '../model/units.ts'
import { hand, requestFor } from './http/asking.ts'
import { requestHeaders, resumingHeaders } from './http/headers.ts'
import { OneConnection } from './http/http.ts'
import { streamTraits } from './http/stream.ts'

class EventSourceClient extends OneConnection implements PausableClient {
  readonly #headers: string[]
  readonly #path: string

  constructor({ url, headers }: ClientContext) {
    super(url)
    this.#headers = requestHeaders(headers, 'eventsource', url.origin)
    // The URL of an EventSource stays: what to continue after stands in a header.
    this.#path = requestFor(url, {}, 0).path
  }

  connect(sink: ClientSink): Promise<void> {
    return new Promise((resolve, reject) => {
      let connected = false
      let empty = true
      const parser = createParser({
        onEvent: ({ data }) => {
          empty = false
          hand(decodeMessage(data), sink)
        },
        onRetry: delay => sink.retryAfter(milliseconds(delay)),
      })
      const resuming = sink.cursor > 0
      const headers = resuming ? resumingHeaders(this.#headers, String(sink.cursor)) : this.#headers
      this.connection.stream(this.#path, headers, {
        opening: () => sink.opening(),
        head(contentType) {
          // Section 9.2.3: any other type fails the connection.
          if (!/^text\/event-stream\s*(;|$)/i.test(contentType)) {
            throw new LossError({
              cause: 'protocol',
              detail: `content type "${contentType}" is not text/event-stream`,
            })
          }
          connected = true
          resolve()
        },
        text: piece => {
          sink.alive()
          parser.feed(piece)
        },
        end: () => {
          sink.response(empty)
          sink.lost({ cause: 'closed', detail: 'the server ended the stream', streamEnded: true })
        },
        failed(loss) {
          if (connected) sink.lost(loss)
          else reject(new LossError(loss))
        },
      })
    })
  }
}

export const sse = clientTechnique({
  ...streamTraits,
  create: context => new EventSourceClient(context),
})
