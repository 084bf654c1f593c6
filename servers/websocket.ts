/**
 * `websocket`: one connection upgraded by the handshake of RFC 6455, then a text frame for each event.
 */
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { compressionSetting, pingSetting } from '../model/shared-settings.ts'
import { serverTechnique } from '../model/technique.ts'
import { Feed } from './http/feed.ts'
import { Host } from './http/host.ts'
import { Pings } from './http/pings.ts'
import { streamSettings } from './http/stream.ts'
import type { Topic } from './http/topic.ts'

/** The close code that asks a client to reconnect (IANA WebSocket Close Code Number Registry). */
const serviceRestart = 1012

/** One open connection. */
interface Subscriber {
  readonly feed: Feed<Subscriber>
  readonly dismiss: () => void
  send(message: Buffer | string): boolean
}

export const websocket = serverTechnique({
  family: 'modern, duplex',
  summary: 'one connection, upgraded from HTTP; a text frame for each event',
  reference: 'RFC 6455 (2011); compression RFC 7692',
  year: 2011,
  mechanism:
    'A handshake upgrades one HTTP connection; after it both sides send frames whenever they like, and an event is one text frame.',
  needs: {
    browser: 'WebSocket (every browser since 2013)',
    server: 'RFC 6455: the handshake, framing, unmasking, ping and pong',
    proxy: 'Upgrade passed on over HTTP/1.1, and a read timeout above the ping',
  },
  crossesOrigins: 'yes, without CORS: the server must check Origin',
  errors:
    "the close event with a code and whether it was clean; a refused handshake shows no status; reconnecting is the page's own",
  settings: {
    ping: pingSetting,
    stall: streamSettings.stall,
    compression: compressionSetting,
  },

  create: (context, { ping, stall, compression }) =>
    new Host<Subscriber>(context, host => {
      const acceptor = new WebSocketServer({
        noServer: true,
        clientTracking: false,
        // Where a client forbids context takeover, ws leaves messages below 1 KiB alone by default;
        // a setting that is on must have an effect.
        perMessageDeflate: compression ? { threshold: 0 } : false,
      })
      const silent = new Set<WebSocket>()
      // RFC 6455 section 5.5.2: a ping is answered by a pong, which a dead peer does not send.
      const pings = new Pings<WebSocket>(ping, sockets => {
        let sent = 0
        for (const socket of sockets) {
          if (silent.has(socket)) {
            socket.terminate()
            continue
          }
          socket.ping()
          silent.add(socket)
          sent++
        }
        context.observer.heartbeats(sent)
      })

      const subscribe = (
        topic: Topic<Subscriber>,
        cursor: number,
        socket: WebSocket,
        stream: Duplex,
      ): Subscriber => {
        // What compression still has in hand is not in the socket, so its 'drain' would come too early.
        let drained: (() => void) | undefined
        const keptUp = (): boolean => socket.bufferedAmount <= stream.writableHighWaterMark
        const sent = (): void => {
          if (drained === undefined || !keptUp()) return
          const goOn = drained
          drained = undefined
          goOn()
        }
        const send = (message: Buffer | string): boolean => {
          if (socket.readyState === WebSocket.OPEN) socket.send(message, { binary: false }, sent)
          return keptUp()
        }
        const feed = new Feed<Subscriber>(host, topic, cursor, stall, {
          write: texts => texts.map(({ text }) => send(text)).every(taken => taken),
          onDrain: goOn => {
            drained = goOn
          },
          // An upgraded connection is still a TCP socket; only its declared type is wider.
          watch: limitMs => void (stream as Socket).setTimeout(limitMs),
        })
        stream.once('timeout', () => socket.terminate())
        const leave = (): void => {
          feed.close()
          topic.subscribers.delete(subscriber)
        }
        const dismiss = (): void => {
          leave()
          socket.close(serviceRestart, 'service restart')
        }
        const subscriber: Subscriber = { feed, send, dismiss }
        host.subscribe(topic, stream, subscriber)
        const leavePings = pings.add(socket)
        socket.once('close', () => {
          leave()
          leavePings()
          silent.delete(socket)
        })
        return subscriber
      }

      return {
        // The listeners of a socket keep alive what this closure names: the request would cost 5 KB a connection.
        upgrade({ topic, cursor, request }, stream, head) {
          acceptor.handleUpgrade(request, stream, head, socket => {
            socket.on('pong', () => silent.delete(socket))
            // A client may reset its connection at any time; 'close' follows.
            socket.on('error', () => {})
            subscribe(topic, cursor, socket, stream).feed.catchUp()
          })
        },

        published(topic, { event, text }) {
          const message = Buffer.from(text)
          host.deliver(topic, event, ({ feed, send }) => feed.send(event.seq, () => send(message)))
        },

        dismiss: subscriber => subscriber.dismiss(),

        close() {
          pings.close()
        },
      }
    }),

  watch: url => {
    const address = url.href.replace('http', 'ws')
    // Node.js 20 has WebSocket behind this flag, and later ones still take it.
    return `node --experimental-websocket -e "new WebSocket('${address}').onmessage = message => console.log(message.data)"`
  },
})
