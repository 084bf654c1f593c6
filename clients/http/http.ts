/**
 * The connection that HTTP client adapters share: one a client, as a page has it, and requests on it. undici's
 * `dispatch` is used below its promises: a simulated fleet pays for every layer thousands of times a second.
 */
import { StringDecoder } from 'node:string_decoder'
import { buildConnector, Client, type Dispatcher } from 'undici'
import { type Loss, LossError } from '../../model/loss.ts'
import type { Micros } from '../../model/units.ts'
import { lossOf } from './loss.ts'
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
  readonly #origin: string
  /** Undefined while closed. */
  #client: Client | undefined
  /** Of the request that was sent last. */
  #reader: ResponseReader | undefined
  /** Of the exchange that is under way. */
  #controller: Dispatcher.DispatchController | undefined
  #paused = false
  readonly #decoder = new StringDecoder('utf8')

  constructor({ origin }: URL) {
    this.#origin = origin
  }

  /** Sends a GET, or a POST of `body`; the reader gets everything that follows, failures included. */
  send(path: string, headers: string[], reader: ResponseReader, body?: string): void {
    const request = body === undefined ? { method: 'GET' } : { method: 'POST', body }
    this.#reader = reader
    this.#client ??= new Client(this.#origin, {
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

  /** Reads no answer from now on. undici may hand over one more piece of a body that is under way. */
  pause(): void {
    this.#paused = true
    this.#controller?.pause()
  }

  /** Reads on. */
  resume(): void {
    this.#paused = false
    this.#controller?.resume()
  }

  /** Notes the exchange that is under way: none when it is over. */
  runs(controller: Dispatcher.DispatchController | undefined): void {
    this.#controller = controller
    if (this.#paused) controller?.pause()
  }

  /** False for an undici client that was closed, whether or not another has taken its place. */
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
    this.#client = this.#controller = undefined
    await client?.destroy()
  }
}

/** What reads on one connection of its own: it pauses, resumes and closes with it. */
export abstract class OneConnection {
  protected readonly connection: HttpConnection

  /** @param url of the server */
  constructor(url: URL) {
    this.connection = new HttpConnection(url)
  }

  pause(): void {
    this.connection.pause()
  }

  resume(): void {
    this.connection.resume()
  }

  close(): Promise<void> {
    return this.connection.close()
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

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#connection.runs(controller)
  }

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
    this.#connection.runs(undefined)
    this.#reader.end()
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (!this.#connection.lives(this.#client)) return
    this.#connection.runs(undefined)
    this.#reader.failed(lossOf(error))
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
