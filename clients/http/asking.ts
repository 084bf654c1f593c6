/** How a client requests events over HTTP, as its technique declares it, and reads the answers. */
import { type Message, toMessage } from '../../model/event.ts'
import { LossError } from '../../model/loss.ts'
import type { EmptyPoll, PostBody, RequestMethod } from '../../model/request.ts'
import type { ClientContext, ClientSink } from '../../model/technique.ts'
import { type Initiator, readsHeaders, requestHeaders } from './headers.ts'
import { OneConnection, type ResponseReader } from './http.ts'
import { lossOf, sentAway } from './loss.ts'

/** How a technique asks for events. */
export interface Asking {
  /** What in the page makes the request; `form` for a POST. */
  readonly initiator: Initiator
  /** GET by default. A POST carries the cursor and what follows it in its body. */
  readonly method?: RequestMethod
  /** What the body of a POST is: form fields by default, `since=7`, or a JSON object, `{"since":7}`. */
  readonly body?: PostBody
  /** Parameters behind the cursor, e.g. `&callback=push`. */
  readonly more?: string
}

/** A request for events: a POST of `body`, or a GET where there is none. */
export type EventsRequest = Pick<EmptyPoll, 'path' | 'body'>

/**
 * The request for what comes after `cursor`.
 * @param url address of the events with the client's stream in its query
 * @param further parameters of this one request, behind those that all have
 */
export function requestFor(
  { pathname, search }: URL,
  { method = 'GET', body = 'form', more = '' }: Omit<Asking, 'initiator'>,
  cursor: number,
  further = '',
): EventsRequest {
  const parameters = `since=${cursor}${more}${further}`
  const path = `${pathname}${search}`
  if (method === 'GET') return { path: `${path}&${parameters}` }
  return { path, body: body === 'form' ? parameters : jsonOf(cursor, `${more}${further}`) }
}

/** The cursor and what follows it as a JSON object. */
const jsonOf = (since: number, further: string): string =>
  JSON.stringify({ since, ...Object.fromEntries(new URLSearchParams(further)) })

/** The headers of a request for events. */
export const askingHeaders = (
  { url, headers }: Pick<ClientContext, 'url' | 'headers'>,
  { initiator, body }: Asking,
): string[] => requestHeaders(headers, initiator, url.origin, body)

/** How the answers of a technique are asked for and read. */
export interface Question extends Asking {
  /** The server may hold its answer, so a new connection counts as up before the answer comes. */
  readonly held?: true
  /** Turns a body into the JSON array of event texts that it carries, `null` for none. Throws when it does not. */
  readonly read: (body: string) => unknown
}

/** The plain question of a script in the page: the body is the array. */
export const plainQuestion: Question = { initiator: 'fetch', read: JSON.parse }

/** The question of a client to which nothing has happened yet. */
export const emptyPoll = (
  context: Pick<ClientContext, 'url' | 'headers'>,
  asking: Asking,
  further?: string,
): EmptyPoll => ({
  method: asking.method ?? 'GET',
  ...requestFor(context.url, asking, 0, further),
  headers: askingHeaders(context, asking),
})

/** Requests events on a connection of its own, for all techniques that get a response to every request. */
export class Asker extends OneConnection {
  readonly #url: URL
  readonly #headers: string[]
  readonly #question: Question

  constructor(context: ClientContext, question: Question) {
    super(context.url)
    this.#url = context.url
    this.#headers = askingHeaders(context, question)
    this.#question = question
  }

  /**
   * Sends one request and hands the events of the response to the sink. Resolves when the response is complete.
   * Rejects with a {@link LossError} when the request failed or the response has the wrong format, and also, after
   * its events are handed over, when the server asks the client to reconnect later.
   */
  ask(sink: ClientSink, further?: string): Promise<void> {
    const request = requestFor(this.#url, this.#question, sink.cursor, further)
    return this.#request(request, this.#headers, sink, this.#question.read)
  }

  /** Posts a form; `read` takes the array of events out of the answer. */
  post(sink: ClientSink, form: string, headers: string[], read: (body: string) => unknown): Promise<void> {
    const { path } = requestFor(this.#url, {}, sink.cursor)
    return this.#request({ path, body: form }, headers, sink, read)
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
      this.connection.send(request.path, headers, reader, request.body)
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
