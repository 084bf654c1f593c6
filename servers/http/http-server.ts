/**
 * A server adapter around a plain Node handler of HTTP requests, such as an Express application is one: for servers of a
 * user's own, which bring their own way to keep and to write to their clients.
 */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { encodeEvent } from '../../model/event.ts'
import { none } from '../../model/settings.ts'
import type { PushServer, ServerContext } from '../../model/technique.ts'
import { AcceptGate } from './accept-gate.ts'

/** What an application brings to be a server adapter. */
export interface HttpService {
  /** Answers requests; an Express application is one. */
  readonly handler: RequestListener
  /** Where clients subscribe, e.g. `/events`; they name their stream in `?stream=`, counted from 0. */
  readonly path: string
  /**
   * Writes the text of an event to the clients of a stream. Never waits.
   * @param text one line of JSON, for the body of the technique's frame
   * @param seq the number of the event in its stream, for an `id:` or a log
   * @returns to how many connections it was written; nothing where that is not known
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that counts nothing returns nothing
  publish(stream: number, text: string, seq: number): number | void
  /** Takes the server before it listens, for what upgrades connections, e.g. `new WebSocketServer({ server })`. */
  attach?(server: Server): void
  /** Ends what the application holds besides its connections. */
  close?(): void | Promise<void>
}

/** A fleet connects at once, and a poll that is slower than Node's 5 s keeps its connection; see `host.ts`. */
const [backlog, keepAliveTimeout] = [4_096, 75_000]

/**
 * Serves an application as a server adapter.
 * @param context as `create` is given it; with an `acceptRate`, connections are taken at that rate
 */
export function httpServer(context: ServerContext, service: HttpService): PushServer {
  const { acceptRate, clock, observer } = context
  const http = createServer({ keepAliveTimeout, requestTimeout: 0 }, service.handler)
  service.attach?.(http)
  const gate =
    acceptRate === undefined
      ? undefined
      : new AcceptGate(http, acceptRate, clock, () => observer.accepted?.())
  // Node forgets a connection once it was upgraded.
  const sockets = new Set<Socket>()
  http.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return {
    async listen(address) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      http.once('error', reject)
      http.listen({ ...address, backlog }, resolve)
      await promise
      const { address: host, port, family } = http.address() as AddressInfo
      return new URL(service.path, `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`)
    },
    publish(stream, event) {
      const receivers = service.publish(stream, encodeEvent(event), event.seq)
      if (typeof receivers === 'number' && receivers > 0) observer.handedOver(event, none, receivers)
    },
    async close() {
      await service.close?.()
      gate?.reset()
      const closed = new Promise<void>(resolve => http.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
    get subscribers() {
      return sockets.size
    },
  }
}
