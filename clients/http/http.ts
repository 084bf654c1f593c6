/**
 * What the HTTP client adapters share: one connection a client, as a page has it, and requests on it. undici's
 * `dispatch` is used below its promises: a simulated fleet pays for every layer thousands of times a second.
 */
import { StringDecoder } from 'node:string_decoder'
import { buildConnector, Client, type Dispatcher } from 'undici'
import { type Message, toMessage } from '../../model/event.ts'
import {
  type ClientContext,
  type ClientSink,
  type EmptyPoll,
  type Loss,
  type LossCause,
  LossError,
} from '../../model/technique.ts'
import type { Micros } from '../../model/units.ts'
import { type Asking, type EventsRequest, requestFor } from './asking.ts'
import { readsHeaders, requestHeaders } from './headers.ts'
import { parseRetryAfter } from './retry-after.ts'

/** The session decides how long an attempt may take; undici would end it after 10 s. */
const connector = buildConnector({ timeout: 0, allowH2: false })

/** Receives a response as it arrives. */
export interface ResponseReader {
  /** There is no connection, so one is being opened for the request. */
  opening?(): void
  /** The connection that was opened stands. */
  open?(): void
  /** The head of a 200 response. Throws a {@link LossError} when it is not what was asked for. */
  head?(contentType: string, headers: Readonly<Record<string, unknown>>): void
  /**
   * Called before `head` or `failed` when the server asks the client to reconnect later: by `Retry-After` in
   * an error, or in the last response of a connection. To be left out where no script could read a header.
   */
  sentAway?(retryAfter: Micros): void
  /** A piece of the body; pieces are cut anywhere but within a character. */
  text(piece: string): void
  end(): void
  failed(loss: Loss): void
}

/** One keep-alive connection to the server of `url`; it opens with the first request and again after a loss. */
export class HttpConnection {
  readonly #url: URL
  /** Undefined while closed. */
  #client: Client | undefined
  /** Of the request that was sent last. */
  #reader: ResponseReader | undefined
  readonly #decoder = new StringDecoder('utf8')

  constructor(url: URL) {
    this.#url = url
  }

  /** The path of the events with the client's stream and `cursor`. */
  path(cursor: number): string {
    return this.eventsRequest({}, cursor).path
  }

  /** The request for what comes after `cursor`, with further parameters behind those that it always has. */
  eventsRequest(asking: Omit<Asking, 'initiator'>, cursor: number, further?: string): EventsRequest {
    return requestFor(this.#url, asking, cursor, further)
  }

  /** Sends a GET, or a POST of `body`; the reader gets everything that follows, failures included. */
  send(path: string, headers: string[], reader: ResponseReader, body?: string): void {
    const request = body === undefined ? { method: 'GET' } : { method: 'POST', body }
    this.#reader = reader
    this.#client ??= new Client(this.#url.origin, {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (options, callback) => this.#connect(options, callback),
      allowH2: false,
    })
    this.#client.dispatch({ ...request, path, headers }, new Exchange(reader, this, this.#client, path))
  }

  /**
   * Sends a request that is answered at once by a stream. One that crosses the close of a connection used before is
   * made once more, on a new connection, as browsers do whatever its method (RFC 9112 section 9.3.1; asking for events
   * changes nothing at the server). Held requests are not: their connection is closed while they wait, a loss.
   */
  stream(path: string, headers: string[], reader: ResponseReader, body?: string): void {
    let [reused, answered] = [true, false]
    const retrying: ResponseReader = {
      ...reader,
      opening: () => {
        reused = false
        reader.opening?.()
      },
      head: (...head) => {
        answered = true
        reader.head?.(...head)
      },
      failed: loss => {
        const client = this.#client
        if (answered || !reused || loss.cause !== 'reset' || client === undefined) return reader.failed(loss)
        queueMicrotask(() => {
          if (this.lives(client)) this.send(path, headers, reader, body)
        })
      },
    }
    this.send(path, headers, retrying, body)
  }

  /** Opens a connection; undici does so unasked when a request finds the last one closed. */
  #connect(options: buildConnector.Options, callback: buildConnector.Callback): void {
    const reader = this.#reader
    reader?.opening?.()
    connector(options, (...opened) => {
      if (opened[0] === null) reader?.open?.()
      callback(...opened)
    })
  }

  /** False of an undici client that was closed, whether or not another has taken its place. */
  lives(client: Client): boolean {
    return this.#client === client
  }

  /** Begins a body. A connection carries one at a time, so one decoder serves all; what broke off is forgotten. */
  startBody(): void {
    this.#decoder.end()
  }

  /** The text of the next piece of the body; of a character that is cut in two, nothing until the rest has come. */
  decode(chunk: Buffer): string {
    return this.#decoder.write(chunk)
  }

  /**
   * Closes the connection at once; what is under way ends without a word to its reader. The next request opens
   * another.
   */
  async close(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    await client?.destroy()
  }
}

/** Turns undici's callbacks into the reader's. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #reader: ResponseReader
  readonly #connection: HttpConnection
  readonly #client: Client
  readonly #path: string

  constructor(reader: ResponseReader, connection: HttpConnection, client: Client, path: string) {
    this.#reader = reader
    this.#connection = connection
    this.#client = client
    this.#path = path
  }

  /** Required by undici; a request that has started has nothing to tell. */
  onRequestStart(): void {}

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Record<string, unknown>): void {
    const asked = headers['retry-after']
    if (asked !== undefined) this.#askedToWait(String(asked), status, headers['connection'])
    if (status !== 200) throw new LossError({ cause: 'status', detail: statusDetail(status, this.#path) })
    this.#connection.startBody()
    this.#reader.head?.(String(headers['content-type'] ?? ''), headers)
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#reader.text(this.#connection.decode(chunk))
  }

  onResponseEnd(): void {
    this.#reader.end()
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#connection.lives(this.#client)) this.#reader.failed(lossOf(error))
  }

  /** Only a response that ends something can ask that a client wait before it reconnects. */
  #askedToWait(value: string, status: number, connection: unknown): void {
    if (status === 200 && !/\bclose\b/i.test(String(connection))) return
    const delay = parseRetryAfter(value, Date.now())
    if (delay !== null) this.#reader.sentAway?.(delay)
  }
}

/** What an answer other than 200 is called; the query, which differs from client to client, is left out. */
export const statusDetail = (status: number | string, path: string): string =>
  `HTTP status ${status} at ${path.split('?', 1)[0]}`

/** How a connection ends when its server asks the client to reconnect later. */
export const sentAway: Loss = { cause: 'closed', detail: 'the server asks to come back later' }

/** How the answers of a technique are asked for and read. */
export interface Question extends Asking {
  /** The server may hold its answer, so that a new connection says nothing of itself but that it stands. */
  readonly held?: true
  /** Turns a body into the JSON array of event texts that it carries, `null` for none. Throws when it does not. */
  readonly read: (body: string) => unknown
}

/** The plain question of a script in the page: the body is the array. */
export const plainQuestion: Question = { initiator: 'fetch', read: JSON.parse }

/** The question of a client to which nothing has happened yet. */
export const emptyPoll = (
  { url, headers }: Pick<ClientContext, 'url' | 'headers'>,
  asking: Asking,
  further?: string,
): EmptyPoll => ({
  method: asking.method ?? 'GET',
  ...requestFor(url, asking, 0, further),
  headers: requestHeaders(headers, asking.initiator, url.origin),
})

/** Requests events on a connection of its own, for all techniques that get a response to every request. */
export class Asker {
  readonly #connection: HttpConnection
  readonly #headers: string[]
  readonly #question: Question

  constructor({ url, headers }: ClientContext, question: Question) {
    this.#connection = new HttpConnection(url)
    this.#headers = requestHeaders(headers, question.initiator, url.origin)
    this.#question = question
  }

  /**
   * Sends one request and hands the events of the response to the sink. Resolves when the response is complete.
   * Rejects with a {@link LossError} when the request failed or the response has the wrong format, and also, after
   * its events are handed over, when the server asks the client to reconnect later.
   */
  ask(sink: ClientSink, more?: string): Promise<void> {
    const request = this.#connection.eventsRequest(this.#question, sink.cursor, more)
    return this.#request(request, this.#headers, sink, this.#question.read)
  }

  /** Posts a form; `read` takes the array of events out of the answer. */
  post(sink: ClientSink, form: string, headers: string[], read: (body: string) => unknown): Promise<void> {
    return this.#request({ path: this.#connection.path(sink.cursor), body: form }, headers, sink, read)
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  #request(
    request: EventsRequest,
    headers: string[],
    sink: ClientSink,
    read: (body: string) => unknown,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      let body = ''
      let away = false
      const reader: ResponseReader = {
        opening: () => sink.opening(),
        open: () => {
          if (this.#question.held) sink.opened()
        },
        sentAway: retryAfter => {
          if (!readsHeaders(this.#question.initiator)) return
          away = true
          sink.retryAfter(retryAfter, true)
        },
        text: piece => {
          body += piece
        },
        end: () => {
          sink.opened()
          try {
            sink.response(deliver(read(body), sink) === 0)
            if (away) reject(new LossError(sentAway))
            else resolve()
          } catch (error) {
            reject(new LossError(lossOf(error)))
          }
        },
        failed: loss => reject(new LossError(loss)),
      }
      this.#connection.send(request.path, headers, reader, request.body)
    })
  }
}

/** Hands an array of event texts, or `null`, to the sink; returns how many there were. */
function deliver(texts: unknown, sink: ClientSink): number {
  if (texts === null) return 0
  if (!Array.isArray(texts)) throw new SyntaxError('the answer is not an array of events')
  for (const text of texts) hand(toMessage(text), sink)
  return texts.length
}

/** Hands one message to the sink. */
export function hand(message: Message, sink: ClientSink): void {
  if ('event' in message) sink.event(message.event)
  else sink.overrun(message.overrun)
}

const causes: Readonly<Record<string, LossCause>> = {
  ECONNREFUSED: 'refused',
  // No way to the server, or no local port left to leave from: there never was a connection either.
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EADDRNOTAVAIL: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  // The body broke off before the length that its head announced.
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
}

/** Any error of a connection as a loss. What is none of the known ones broke the protocol. */
export function lossOf(error: unknown): Loss {
  if (error instanceof LossError) return error.loss
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const detail = error instanceof Error ? error.message : String(error)
  return { cause: causes[code] ?? 'protocol', detail }
}
