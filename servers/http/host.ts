/**
 * What all HTTP server adapters share: an HTTP/1.1 server, streams with their logs, the cursor that a client
 * sends (`?since=<seq>`), the answer to a request for events. A technique adds only what makes it itself.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { encodeOverrun, type PushEvent } from '../../model/event.ts'
import type { Entry } from '../../model/log.ts'
import { none } from '../../model/settings.ts'
import type { Address, PushServer, RequestMethod, ServerContext } from '../../model/technique.ts'
import { elapsed, type Instant, type Micros } from '../../model/units.ts'
import { AcceptGate } from './accept-gate.ts'
import { drainInTurn, markLast } from './connection-draining.ts'
import { type Asked, eventsPath, readForm, readRequest } from './events-request.ts'
import { refuse, refuseUpgrade } from './refusals.ts'
import { type Topic, Topics } from './topic.ts'

/** A client's request for events. */
export interface Exchange<S> {
  readonly topic: Topic<S>
  /** Sequence number that the client saw last; 0 for everything that there is. */
  readonly cursor: number
  /** The parameters in the query of the request and, of a POST, in the form that is its body. */
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
  /** The methods by which {@link eventsPath} is asked for events, GET alone by default; others are answered 405. */
  readonly methods?: readonly RequestMethod[]
  /**
   * A request for events by one of {@link methods}; a POST once its body has come. A technique without it has an
   * upgrade, and a plain GET is answered 426.
   */
  request?(exchange: Exchange<S>, response: ServerResponse): void
  /** What is served beside the events, by path. */
  readonly routes?: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>>
  /** A request to upgrade the connection; without it the wish is ignored and the request answered as any other. */
  upgrade?(exchange: Exchange<S>, socket: Duplex, head: Buffer): void
  /** An event was appended to the topic, to be offered to its subscribers. Absent for techniques whose clients come and ask. */
  published?(topic: Topic<S>, entry: Entry): void
  /**
   * Sends a subscriber away that {@link Host.waits} named, in the technique's own words; one that is gone or was
   * sent away already is left alone. Absent for techniques whose clients come and ask.
   */
  dismiss?(subscriber: S, retryAfter: Micros): void
  /** Ends what the technique holds besides the subscribers: timers, mostly. */
  close?(): void
}

/** As HTTP servers in front of browsers have it, so that polls slower than Node's default 5 s keep their connection. */
const keepAliveMs = 75_000
/** A fleet connects at once; Node's default queue of 511 would drop and delay connections by a second. */
const backlog = 4_096

/** Serves one technique. */
export class Host<S> implements PushServer {
  readonly #context: ServerContext
  readonly #transport: Transport<S>
  readonly #methods: readonly RequestMethod[]
  readonly #topics: Topics<S>
  readonly #sockets = new Set<Socket>()
  /** When the last response on a connection ended, undefined while it asks, and whether that was the first. */
  readonly #answered = new WeakMap<Socket, { at: Instant | undefined; first: boolean }>()
  /** Who waits on a connection, or did. */
  readonly #waiting = new WeakMap<Duplex, S>()
  readonly #gate: AcceptGate | undefined
  /** While the server is drained: those whose turn to go has come, and how long they are asked to wait. */
  #leaving: { readonly sockets: Set<Duplex>; readonly retryAfter: Micros } | undefined
  readonly #http = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 0, headersTimeout: 60_000 })

  /** @param transport makes the technique's part, given the host to answer through */
  constructor(context: ServerContext, transport: (host: Host<S>) => Transport<S>) {
    this.#context = context
    this.#topics = new Topics(context.delivery ?? 'log', context.logEvents)
    this.#transport = transport(this)
    this.#methods = this.#transport.methods ?? ['GET']
    const { acceptRate, clock, observer } = context
    if (acceptRate !== undefined)
      this.#gate = new AcceptGate(this.#http, acceptRate, clock, () => observer.accepted?.())
    this.#http.on('connection', socket => {
      socket.setNoDelay(true)
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    this.#http.on('request', (request, response) =>
      this.#serve(request, response, () => this.#respond(request, response)),
    )
    const upgrade = this.#transport.upgrade?.bind(this.#transport)
    if (upgrade === undefined) return
    this.#http.on('upgrade', (request, socket, head) => {
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

  async listen(address: Address): Promise<URL> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#http.once('error', reject)
    this.#http.listen({ ...address, backlog }, resolve)
    await promise
    const { address: host, port, family } = this.#http.address() as AddressInfo
    return new URL(`http://${family === 'IPv6' ? `[${host}]` : host}:${port}${eventsPath}`)
  }

  publish(stream: number, event: PushEvent): void {
    this.#topics.publish(stream, event, (topic, entry) => this.#transport.published?.(topic, entry))
  }

  async close(): Promise<void> {
    this.#transport.close?.()
    const closed = new Promise<void>(resolve => this.#http.close(() => resolve()))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  async drain(over: Micros, retryAfter: Micros): Promise<void> {
    // An HTTP server's own close() would end connections that are idle before their turn.
    NetServer.prototype.close.call(this.#http)
    this.#gate?.reset()
    const leaving = new Set<Duplex>()
    this.#leaving = { sockets: leaving, retryAfter }
    await drainInTurn([...this.#sockets], over, socket => {
      leaving.add(socket)
      this.#dismiss(socket)
    })
  }

  /** Notes who waits on a connection, for the day when it is sent away. */
  waits(socket: Duplex, subscriber: S): void {
    this.#waiting.set(socket, subscriber)
  }

  /**
   * What there is for a client that saw `cursor` last, a notice first when the log no longer reaches back that far.
   * @param armed true when a request was waiting as the events were published, so that none of them waited
   * @param most how many events at the most; all of them unless given
   */
  collect(topic: Topic<S>, cursor: number, { armed = false, most = Number.POSITIVE_INFINITY } = {}): Text[] {
    const { overrun, entries } = topic.take(cursor, most)
    const texts: Text[] = overrun === null ? [] : [{ seq: overrun.last, text: encodeOverrun(overrun) }]
    const now = this.#context.clock()
    for (const { event, text } of entries) {
      this.#context.observer.handedOver(event, armed ? none : elapsed(event.sentAt, now), 1)
      texts.push({ seq: event.seq, text })
    }
    return texts
  }

  /** Notes an event that was written at once to connections of a topic that stand open. */
  handOver(topic: Topic<S>, event: PushEvent, receivers: number): void {
    if (receivers === 0) return
    topic.handedOver(event)
    this.#context.observer.handedOver(event, none, receivers)
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

  /** Responds; on a connection that is to go the response is marked as the last, and what it opens is dismissed. */
  #serve({ socket }: IncomingMessage, response: ServerResponse, respond: () => void): void {
    // A request that crossed the end of its connection: nothing could be answered (RFC 9112 section 9.6).
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
    // The turn of the connection to go may come before the body: what it opens is dismissed then, not before.
    if (request.method === 'POST' && this.#methods.includes('POST'))
      readForm(request, form => this.#serve(request, response, () => this.#ask(request, response, form)))
    else this.#ask(request, response)
  }

  #noteRearm(socket: Socket): void {
    const answered = this.#answered.get(socket)
    if (answered?.at === undefined) return
    this.#context.observer.rearmed(elapsed(answered.at, this.#context.clock()), answered.first)
    answered.at = undefined
  }

  /** Hands a request to the technique, with the form that it posted, or refuses it. */
  #ask(request: IncomingMessage, response: ServerResponse, form?: string): void {
    const asked = readRequest(request, form)
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
