/** The part of faye-websocket that the tests use; the package itself carries no types. */
declare module 'faye-websocket' {
  import type { IncomingMessage } from 'node:http'
  import type { Duplex } from 'node:stream'

  interface Events {
    open: object
    message: { readonly data: unknown }
    close: { readonly code: number }
    error: { readonly message: string }
  }

  class Socket {
    on<E extends keyof Events>(event: E, listener: (event: Events[E]) => void): this
    send(data: string): boolean
    close(code?: number): void
  }

  /** The server's side of a connection. */
  class FayeWebSocket extends Socket {
    constructor(request: IncomingMessage, socket: Duplex, head: Buffer)
    static isWebSocket(request: IncomingMessage): boolean
    static readonly Client: new (
      url: string,
    ) => Socket
  }

  export default FayeWebSocket
}
