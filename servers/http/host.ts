/**
 * What all HTTP server adapters share: an HTTP/1.1 server, streams with their logs, the cursor that a client
 * sends (`?since=<seq>`), the answer to a request for events. A technique adds its {@link Transport}.
 *
 * The path of an event:
 *
 * 1. The publisher calls `Host.publish`. Every topic of the stream appends the event to its store: a log, the queue
 *    of a session, or the last value (`topic.ts`).
 * 2. The host calls `Transport.published` for each topic. From here there are three ways to a client:
 *    - An open connection. The technique calls `host.deliver`, which sends to each subscriber that keeps up. One that
 *      is behind reads from the store once its socket has drained (`Feed.catchUp`, `host.collect`).
 *    - A held request. The technique calls `host.wake`, and answers by `host.answer`, which reads from the store.
 *    - A poll. The technique has no `published`: the next request is answered by `host.answer`.
 * 3. `deliver` and `collect`, which `answer` uses, are the only two ways out. They report each event that is handed
 *    over to the observer, with the time that it lay in the store.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { encodeOverrun, type PushEvent } from '../../model/event.ts'
import type { RequestMethod } from '../../model/request.ts'
import { zero } from '../../model/settings.ts'
import type { Address, PushServer, ServerContext } from '../../model/technique.ts'
import { elapsed, type Instant, type Micros } from '../../model/units.ts'
import { drainInTurn, markLast } from './connection-draining.ts'
import { type Asked, eventsPath, readPosted, readRequest } from './events-request.ts'
import { createHttpServer, Listener } from './listener.ts'
import { refuse, refuseUpgrade } from './refusals.ts'
import { type Topic, Topics } from './topic.ts'
import { type Envelope, type Exchange, jsonArray, type Text, type Transport } from './transport.ts'

/** Serves one technique. */
export class Host<S> implements PushServer {
  readonly #context: ServerContext
  readonly #transport: Transport<S>
  readonly #methods: readonly RequestMethod[]
  readonly #topics: Topics<S>
  readonly #listener: Listener
  /** When the last response on a connection ended, undefined while it asks, and whether that was the first. */
  readonly #answered = new WeakMap<Socket, { at: Instant | undefined; first: boolean }>()
  /** The subscriber that waits on a connection, or did last. */
  readonly #waiting = new WeakMap<Duplex, S>()
  /** While the server drains: the sockets to close now, and how long their clients are asked to wait. */
  #leaving: { readonly sockets: Set<Duplex>; readonly retryAfter: Micros } | undefined

  /** @param transport makes the technique's part, given the host to answer through */
  constructor(context: ServerContext, transport: (host: Host<S>) => Transport<S>) {
    this.#context = context
    this.#topics = new Topics(context.delivery ?? 'log', context.logEvents)
    this.#transport = transport(this)
    this.#methods = this.#transport.methods ?? ['GET']
    const http = createHttpServer((request, response) =>
      this.#serve(request, response, () => this.#respond(request, response)),
    )
    this.#listener = new Listener(http, context)
    const upgrade = this.#transport.upgrade?.bind(this.#transport)
    if (upgrade === undefined) return
    http.on('upgrade', (request, socket, head) => {
      const asked = readRequest(request)
      if (typeof asked === 'number') {
        refuseUpgrade(socket, asked)
        return
      }
      upgrade(this.#exchange(asked, request), socket, head)
      if (this.#leaving?.sockets.has(socket)) this.#dismiss(socket)
    })
  }

  get subscribers(): number {
    return this.#topics.subscribers
  }

  listen(address: Address): Promise<URL> {
    return this.#listener.listen(address, eventsPath)
  }

  publish(stream: number, event: PushEvent): void {
    this.#topics.publish(stream, event, (topic, entry) => this.#transport.published?.(topic, entry))
  }

  close(): Promise<void> {
    this.#transport.close?.()
    return this.#listener.close()
  }

  async drain(over: Micros, retryAfter: Micros): Promise<void> {
    this.#listener.stopAccepting()
    const leaving = new Set<Duplex>()
    this.#leaving = { sockets: leaving, retryAfter }
    await drainInTurn([...this.#listener.sockets], over, socket => {
      leaving.add(socket)
      this.#dismiss(socket)
    })
  }

  /**
   * Adds a client that waits for the events of a topic. The technique deletes it from `topic.subscribers` when the wait
   * ends.
   * @param socket its connection, by which a draining server finds it
   */
  subscribe(topic: Topic<S>, socket: Duplex, subscriber: S): void {
    topic.subscribers.add(subscriber)
    this.#waiting.set(socket, subscriber)
  }

  /**
   * Sends an event, as it is published, to subscribers with open connections: to all of them, or to one of a
   * session. A subscriber that cannot take it now reads it from the store later.
   * @param send writes the event to a subscriber; returns false when the subscriber cannot take it now
   */
  deliver(topic: Topic<S>, event: PushEvent, send: (subscriber: S) => boolean): void {
    const receivers = topic.deliver(event, send)
    if (receivers > 0) this.#context.observer.handedOver(event, zero, receivers)
  }

  /**
   * Answers held requests when an event is in the store: of all subscribers, or of one of a session. {@link answer}
   * hands the event over, not this call.
   * @param respond answers a subscriber, or will soon; returns false when the event is nothing new to it
   */
  wake(topic: Topic<S>, respond: (subscriber: S) => boolean): void {
    topic.wake(respond)
  }

  /**
   * The events for a client that saw `cursor` last, with a notice first when the log no longer reaches back that far.
   * @param armed true when a request was waiting as the events were published, so that none of them waited
   * @param most how many events at the most; all of them unless given
   */
  collect(topic: Topic<S>, cursor: number, { armed = false, most = Number.POSITIVE_INFINITY } = {}): Text[] {
    const { overrun, entries } = topic.take(cursor, most)
    const texts: Text[] = overrun === null ? [] : [{ seq: overrun.last, text: encodeOverrun(overrun) }]
    const now = this.#context.clock()
    for (const { event, text } of entries) {
      this.#context.observer.handedOver(event, armed ? zero : elapsed(event.sentAt, now), 1)
      texts.push({ seq: event.seq, text })
    }
    return texts
  }

  /** Ends an exchange with everything after `cursor` in the given envelope. */
  answer(
    response: ServerResponse,
    topic: Topic<S>,
    cursor: number,
    { envelope = jsonArray, armed = false }: { envelope?: Envelope; armed?: boolean } = {},
  ): void {
    const texts = this.collect(topic, cursor, { armed }).map(({ text }) => text)
    const body = Buffer.from(envelope.body(texts))
    // RFC 9111 section 5.2.2.5: an answer that is stored would be given to the next poll.
    response.writeHead(200, {
      'Content-Type': envelope.contentType,
      'Cache-Control': 'no-store',
      'Content-Length': body.length,
    })
    response.end(body)
    this.answered(response)
  }

  /** Notes that a response has ended: the re-arm gap of its connection begins. */
  answered({ socket }: ServerResponse): void {
    if (socket === null) return
    const at = this.#context.clock()
    const before = this.#answered.get(socket)
    if (before === undefined) this.#answered.set(socket, { at, first: true })
    else {
      before.at = at
      before.first = false
    }
  }

  #dismiss(socket: Duplex): void {
    const subscriber = this.#waiting.get(socket)
    if (subscriber !== undefined && this.#leaving !== undefined)
      this.#transport.dismiss?.(subscriber, this.#leaving.retryAfter)
  }

  /** Responds; on a connection that is being drained the response is marked as the last, and what it opens is ended. */
  #serve({ socket }: IncomingMessage, response: ServerResponse, respond: () => void): void {
    // The request crossed the end of its connection, so it cannot be answered (RFC 9112 section 9.6).
    if (!socket.writable) return
    const leaving = this.#leaving?.sockets.has(socket) ? this.#leaving : undefined
    if (leaving !== undefined) markLast(response, leaving.retryAfter)
    respond()
    if (leaving !== undefined) this.#dismiss(socket)
  }

  #respond(request: IncomingMessage, response: ServerResponse): void {
    const route = this.#transport.routes?.[(request.url ?? '').split('?', 1)[0] ?? '']
    if (route !== undefined) {
      route(request, response)
      return
    }
    this.#noteRearm(request.socket)
    // The connection may be drained before the body arrives: what the request opens is ended then, not before.
    if (request.method === 'POST' && this.#methods.includes('POST'))
      readPosted(request, posted =>
        this.#serve(request, response, () => this.#ask(request, response, posted)),
      )
    else this.#ask(request, response)
  }

  #noteRearm(socket: Socket): void {
    const answered = this.#answered.get(socket)
    if (answered?.at === undefined) return
    this.#context.observer.rearmed(elapsed(answered.at, this.#context.clock()), answered.first)
    answered.at = undefined
  }

  /** Hands a request to the technique, with the body that it posted, or refuses it. */
  #ask(request: IncomingMessage, response: ServerResponse, posted?: string): void {
    const asked = readRequest(request, posted)
    const { method } = request
    if (typeof asked === 'number') refuse(response, asked)
    else if (!this.#methods.some(each => each === method)) refuse(response, 405, this.#methods)
    else if (this.#transport.request === undefined) refuse(response, 426)
    else this.#transport.request(this.#exchange(asked, request), response)
  }

  #exchange({ stream, cursor, query }: Asked, request: IncomingMessage): Exchange<S> {
    return { topic: this.#topics.of(stream, query.get('session') ?? ''), cursor, query, request }
  }
}
