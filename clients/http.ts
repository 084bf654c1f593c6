/**
 * What the HTTP client halves share: one connection a client, as a page has it, and requests on it. undici's
 * `dispatch` is used below its promises: a simulated fleet pays for every layer thousands of times a second.
 */
import { StringDecoder } from 'node:string_decoder'
import { Client, type Dispatcher } from 'undici'
import { toMessage } from '../measure/event.ts'
import { type ClientSink, type Loss, type LossCause, LossError } from '../measure/technique.ts'

/** A connection attempt that takes longer has failed. */
const connectTimeoutMs = 10_000

/** Receives a response as it arrives. */
export interface ResponseReader {
  /** The head of a 200 response. Throws a {@link LossError} when it is not what was asked for. */
  head?(contentType: string): void
  /** A piece of the body; pieces are cut anywhere but within a character. */
  text(piece: string): void
  end(): void
  failed(loss: Loss): void
}

/** One keep-alive connection to the server of `url`; it opens with the first request and again after a loss. */
export class HttpConnection {
  readonly #url: URL
  readonly #client: Client
  #closed = false

  constructor(url: URL) {
    this.#url = url
    this.#client = new Client(url.origin, {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: connectTimeoutMs },
      allowH2: false,
    })
  }

  /** The path of the events with the client's stream and `cursor`, and further parameters behind them. */
  path(cursor: number, more = ''): string {
    return `${this.#url.pathname}${this.#url.search}&since=${cursor}${more}`
  }

  /** Sends a GET; the reader hears of everything that follows, failures included. */
  get(path: string, headers: string[], reader: ResponseReader): void {
    this.#client.dispatch({ method: 'GET', path, headers }, new Exchange(reader, () => this.#closed))
  }

  /** Closes the connection at once; what is under way ends without a word to its reader. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#client.destroy()
  }
}

/** Turns undici's callbacks into the reader's. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #reader: ResponseReader
  readonly #closed: () => boolean
  readonly #decoder = new StringDecoder('utf8')

  constructor(reader: ResponseReader, closed: () => boolean) {
    this.#reader = reader
    this.#closed = closed
  }

  /** Required by undici; a request that has started has nothing to tell. */
  onRequestStart(): void {}

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Record<string, unknown>): void {
    if (status !== 200) throw new LossError({ cause: 'status', detail: `HTTP status ${status}` })
    this.#reader.head?.(String(headers['content-type'] ?? ''))
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#reader.text(this.#decoder.write(chunk))
  }

  onResponseEnd(): void {
    this.#reader.end()
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (!this.#closed()) this.#reader.failed(lossOf(error))
  }
}

/**
 * Asks for events and hands them to the sink. Resolves when the response is complete; rejects with a
 * {@link LossError} when it failed or its body is not a JSON array of event texts, or `null` for none.
 */
export function requestEvents(
  connection: HttpConnection,
  path: string,
  headers: string[],
  sink: ClientSink,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let body = ''
    connection.get(path, headers, {
      text: piece => {
        body += piece
      },
      end: () => {
        try {
          sink.response(deliver(body, sink) === 0)
          resolve()
        } catch (error) {
          reject(new LossError(lossOf(error)))
        }
      },
      failed: loss => reject(new LossError(loss)),
    })
  })
}

/** Reads a JSON array of event texts, or `null`, and hands them to the sink; returns how many there were. */
function deliver(body: string, sink: ClientSink): number {
  const texts: unknown = JSON.parse(body) ?? []
  if (!Array.isArray(texts)) throw new SyntaxError('the answer is not a JSON array')
  for (const text of texts) {
    const message = toMessage(text)
    if ('event' in message) sink.event(message.event)
    else sink.overrun(message.overrun)
  }
  return texts.length
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
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
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
