/**
 * `websocket`: one connection upgraded by the handshake of RFC 6455, then a text frame for each event.
 */
import { WebSocket, WebSocketServer } from 'ws'
import { duration, toggle } from '../measure/settings.ts'
import { serverTechnique } from '../measure/technique.ts'
import { toMilliseconds } from '../measure/units.ts'
import { Host } from './host.ts'

export const websocket = serverTechnique({
  family: 'modern, duplex',
  summary: 'one connection, upgraded from HTTP; a text frame for each event',
  reference: 'RFC 6455; compression RFC 7692',
  settings: {
    ping: duration(
      '25s',
      'a ping frame is sent so often, and a client that has not answered by the next is dropped; 0 sends none',
    ),
    compression: toggle(false, 'permessage-deflate, agreed in the handshake'),
  },

  create: (context, { ping, compression }) =>
    new Host<WebSocket>(context, host => {
      const acceptor = new WebSocketServer({
        noServer: true,
        clientTracking: false,
        // Where a client forbids context takeover, ws leaves messages below 1 KiB alone unless told otherwise;
        // a setting that is on must act.
        perMessageDeflate: compression ? { threshold: 0 } : false,
      })
      const silent = new Set<WebSocket>()
      const everyone = new Set<WebSocket>()
      const timer = ping > 0 ? setInterval(pingAll, toMilliseconds(ping)) : undefined

      // RFC 6455 section 5.5.2: a ping is answered by a pong, which tells a dead peer from an idle one.
      function pingAll(): void {
        for (const socket of everyone) {
          if (silent.has(socket)) socket.terminate()
          else socket.ping()
          silent.add(socket)
        }
      }

      return {
        upgrade({ topic, cursor, request }, stream, head) {
          acceptor.handleUpgrade(request, stream, head, socket => {
            for (const { text } of host.collect(topic, cursor)) socket.send(text)
            topic.subscribers.add(socket)
            everyone.add(socket)
            socket.on('pong', () => silent.delete(socket))
            // A client that resets its connection is a fact of life; 'close' follows.
            socket.on('error', () => {})
            socket.once('close', () => {
              topic.subscribers.delete(socket)
              everyone.delete(socket)
              silent.delete(socket)
            })
          })
        },

        published(topic, entry) {
          host.handOver(entry, topic.subscribers.size)
          const message = Buffer.from(entry.text)
          for (const socket of topic.subscribers) {
            if (socket.readyState === WebSocket.OPEN) socket.send(message, { binary: false })
          }
        },

        close() {
          clearInterval(timer)
        },
      }
    }),

  watch: url => {
    const address = url.href.replace('http', 'ws')
    return `node -e "new WebSocket('${address}').onmessage = message => console.log(message.data)"`
  },
})
