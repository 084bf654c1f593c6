/**
 * The base of the HTTP streams: one response that does not end. A technique defines how an event, a heartbeat and the
 * opening look on the wire. How long a stream lasts, how much it may send and how far a reader may fall behind is the
 * same for all.
 */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { RequestMethod } from '../../model/request.ts'
import { duration, size, type Values } from '../../model/settings.ts'
import { heartbeatSettings } from '../../model/shared-settings.ts'
import type { PushServer, ServerContext, ServerTechnique } from '../../model/technique.ts'
import { type Micros, toMilliseconds } from '../../model/units.ts'
import { Feed } from './feed.ts'
import { Heartbeats } from './heartbeats.ts'
import { Host } from './host.ts'
import type { Entry } from './log.ts'
import { Phases } from './phases.ts'
import { refuse } from './refusals.ts'
import type { Exchange, Transport } from './transport.ts'

export const streamSettings = {
  ...heartbeatSettings,
  lifetime: duration('0', 'a stream ends after this time and the client opens another; 0 means no limit'),
  limit: size(0, 'a stream ends after this many bytes, because browsers keep all of them; 0 means no limit'),
  padding: size(
    0,
    'bytes of filler ahead of the first event, for readers that show nothing before 1 or 2 KiB have come',
  ),
  stall: duration(
    '10s',
    'a reader that takes nothing for this long while events wait for it is dropped; 0 drops none',
  ),
}

/** What all stream techniques declare; one with settings of its own adds them. */
export const streamTraits = {
  settings: streamSettings,
  // The closed form does not cover streams that end by their bytes.
  hold: ({ lifetime, limit }) => (lifetime > 0 && limit === 0 ? lifetime : null),
  heartbeat: ({ heartbeat }) => heartbeat,
  watch: url => `curl -N '${url}'`,
} satisfies Partial<ServerTechnique<typeof streamSettings>>

/** What frames may add to the events of one write, when a reader catches up. */
const batchBytes = 65_536

/** How a technique writes its stream. */
export interface Framing {
  /** By which clients ask for the stream; GET by default. */
  readonly method?: RequestMethod
  readonly contentType: string
  readonly headers?: Readonly<Record<string, string>>
  /** What comes before everything else, with `padding` bytes of filler in it. */
  opening(padding: number, exchange: Exchange<Stream>): string
  /** One event. */
  frame(seq: number, text: string): string
  /** A heartbeat, which no reader mistakes for an event. */
  readonly heartbeat: string
  /** The end of a stream that closes in order, after what was written last. */
  ending?(last: Written): string
  /** How long a client that is sent away is asked to wait before it reconnects, if the wire format can say it. */
  farewell?(retryAfter: Micros): string
}

/** What a stream is made of. */
type Written = 'opening' | 'frame' | 'heartbeat'

/** One open stream. */
export interface Stream {
  readonly response: ServerResponse
  readonly feed: Feed<Stream>
  readonly end: () => void
  sent: number
  last: Written
}

/** What a technique may add to its streams. */
interface Additions extends Pick<Transport<Stream>, 'routes'> {
  /** True for a request that is answered 400. */
  refuses?(exchange: Exchange<Stream>): boolean
}

/** A server of endless responses. */
export function streamServer(
  context: ServerContext,
  settings: Values<typeof streamSettings>,
  framing: Framing,
  { routes = {}, refuses = () => false }: Additions = {},
): PushServer {
  return new Host<Stream>(context, host => {
    const heartbeats = new Heartbeats<Stream>(
      settings.heartbeat,
      streams => {
        let receivers = 0
        for (const stream of streams) {
          // A reader that is behind gets events instead of a heartbeat.
          if (!stream.feed.keepsUp) continue
          receivers++
          write(stream, framing.heartbeat, 'heartbeat')
        }
        context.observer.heartbeats(receivers)
      },
      context.beginsAnywhere,
    )

    const phases = new Phases()
    /** Connections that have carried a stream. */
    const opened = new WeakSet<Socket>()

    const write = (stream: Stream, text: string, what: Written): boolean => {
      stream.last = what
      if (settings.limit > 0) stream.sent += Buffer.byteLength(text)
      return stream.response.write(text)
    }

    // An event ends a stream, never its opening alone: with an opening larger than the limit, clients would reconnect
    // for ever and never receive anything.
    const carry = (stream: Stream, frames: string): boolean => {
      const taken = write(stream, frames, 'frame')
      if (settings.limit > 0 && stream.sent >= settings.limit) stream.end()
      return taken
    }

    // Where the frame outweighs the event by far, as a page does, fewer go into one write.
    const batch = Math.max(1, Math.floor(batchBytes / Math.max(1, framing.frame(0, '').length)))

    const open = (exchange: Exchange<Stream>, response: ServerResponse): Stream => {
      const { topic, cursor } = exchange
      const close = (): void => {
        clearTimeout(timer)
        stream.feed.close()
        topic.subscribers.delete(stream)
      }
      const end = (): void => {
        close()
        // A reader that reads nothing does not read the end either.
        response.setTimeout(toMilliseconds(settings.stall))
        response.end(framing.ending?.(stream.last) ?? '')
        host.answered(response)
      }
      const { socket } = exchange.request
      // Streams that were opened together would end together for ever: the first of a connection is shorter.
      const share = opened.has(socket) ? 1 : phases.next()
      opened.add(socket)
      const lifetimeMs = share * toMilliseconds(settings.lifetime)
      const timer = settings.lifetime > 0 ? setTimeout(end, lifetimeMs) : undefined
      const feed = new Feed<Stream>(host, topic, cursor, settings.stall, {
        write: texts => carry(stream, texts.map(({ seq, text }) => framing.frame(seq, text)).join('')),
        onDrain: drained => void response.once('drain', drained),
        watch: limitMs => void response.setTimeout(limitMs),
        batch,
      })
      const stream: Stream = { response, feed, end, sent: 0, last: 'opening' }
      response.once('timeout', () => response.destroy()).once('close', close)
      host.subscribe(topic, socket, stream)
      return stream
    }

    return {
      methods: [framing.method ?? 'GET'],
      routes,

      request(exchange, response) {
        if (refuses(exchange)) {
          refuse(response, 400)
          return
        }
        response.writeHead(200, {
          'Content-Type': framing.contentType,
          'Cache-Control': 'no-store',
          // Without this header nginx holds a stream back until its buffer is full.
          'X-Accel-Buffering': 'no',
          ...framing.headers,
        })
        // Node keeps the head back until the first write; the client must know that it is connected.
        response.flushHeaders()
        const stream = open(exchange, response)
        heartbeats.watch(exchange.topic)
        const opening = framing.opening(settings.padding, exchange)
        if (opening !== '') write(stream, opening, 'opening')
        stream.feed.catchUp()
      },

      published(topic, { event, text }: Entry) {
        heartbeats.silenceEnds(topic)
        const frame = framing.frame(event.seq, text)
        host.deliver(topic, event, stream => stream.feed.send(event.seq, () => carry(stream, frame)))
      },

      dismiss({ response, end }, retryAfter) {
        const { socket } = response
        if (socket === null || response.writableEnded) return
        const farewell = retryAfter > 0 ? (framing.farewell?.(retryAfter) ?? '') : ''
        if (farewell !== '') response.write(farewell)
        end()
        // As nginx does in a graceful shutdown: the end of the last response closes the connection, so that the client
        // reconnects through the port and not to this process. If the wire format cannot ask a client to wait, the
        // connection stays open, and the head of the next response asks it (`Retry-After`).
        if (farewell !== '' || retryAfter === 0) socket.end()
      },

      close: () => heartbeats.close(),
    }
  })
}

/** Filler that a parser passes over: `length` bytes between an opening and a closing mark. */
export const filler = (length: number, open: string, close: string): string =>
  length === 0 ? '' : `${open}${' '.repeat(Math.max(0, length - open.length - close.length))}${close}`
