/**
 * A server adapter around a plain Node handler of HTTP requests, such as an Express application: for a user's own
 * server, which manages its clients and writes to them itself.
 */
import type { RequestListener, Server } from 'node:http'
import { encodeEvent } from '../../model/event.ts'
import { zero } from '../../model/settings.ts'
import type { PushServer, ServerContext } from '../../model/technique.ts'
import { createHttpServer, Listener } from './listener.ts'

/** What an application provides to act as a server adapter. */
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
  /** Gets the server before it listens, for code that upgrades connections, e.g. `new WebSocketServer({ server })`. */
  attach?(server: Server): void
  /** Ends what the application holds apart from its connections. */
  close?(): void | Promise<void>
}

/**
 * Serves an application as a server adapter.
 * @param context as `create` gets it; with an `acceptRate`, connections are taken at that rate
 */
export function httpServer(context: ServerContext, service: HttpService): PushServer {
  const http = createHttpServer(service.handler)
  service.attach?.(http)
  const listener = new Listener(http, context)
  return {
    listen: address => listener.listen(address, service.path),
    publish(stream, event) {
      const receivers = service.publish(stream, encodeEvent(event), event.seq)
      if (typeof receivers === 'number' && receivers > 0) context.observer.handedOver(event, zero, receivers)
    },
    async close() {
      await service.close?.()
      await listener.close()
    },
    get subscribers() {
      return listener.sockets.size
    },
  }
}
