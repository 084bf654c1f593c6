/**
 * What a technique adds to the host: how it takes requests and how it writes events. The path of an event through both
 * is described in `host.ts`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { RequestMethod } from '../../model/request.ts'
import type { Micros } from '../../model/units.ts'
import type { Entry } from './log.ts'
import type { Topic } from './topic.ts'

/** A client's request for events. */
export interface Exchange<S> {
  readonly topic: Topic<S>
  /** Sequence number that the client saw last; 0 for everything that there is. */
  readonly cursor: number
  /** The parameters in the query of the request and, of a POST, in its body: form fields, or the members of a JSON object. */
  readonly query: URLSearchParams
  readonly request: IncomingMessage
}

/** How an answer to a request for events is written. */
export interface Envelope {
  readonly contentType: string
  /** The body around event texts, each of them JSON; called with none when nothing happened. */
  body(texts: readonly string[]): string
}

/** The plain envelope: a JSON array, empty when nothing happened. */
export const jsonArray: Envelope = { contentType: 'application/json', body: texts => `[${texts.join(',')}]` }

/** A text for the wire, with the sequence number that a client has seen once it has read it. */
export interface Text {
  readonly seq: number
  readonly text: string
}

/** What a technique adds to the host. */
export interface Transport<S> {
  /** The methods of a request for events, GET alone by default; others are answered 405. */
  readonly methods?: readonly RequestMethod[]
  /**
   * A request for events by one of {@link methods}; a POST once its body has come. A technique without it has an
   * upgrade, and a plain GET is answered 426.
   */
  request?(exchange: Exchange<S>, response: ServerResponse): void
  /** What else is served, by path. */
  readonly routes?: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>>
  /** A request to upgrade the connection; without it the request is answered as any other. */
  upgrade?(exchange: Exchange<S>, socket: Duplex, head: Buffer): void
  /**
   * The topic has a new event: to be sent to open connections by `host.deliver`, or to have held requests answered
   * by `host.wake`. Absent for techniques whose clients poll.
   */
  published?(topic: Topic<S>, entry: Entry): void
  /**
   * Asks a subscriber to leave, in the technique's own way; does nothing for one that is gone or was asked already.
   * Absent for techniques whose clients poll.
   */
  dismiss?(subscriber: S, retryAfter: Micros): void
  /** Ends what the technique holds apart from the subscribers: timers, mostly. */
  close?(): void
}
