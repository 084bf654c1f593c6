/**
 * The HTTP/1.1 server under every server adapter: accepts connections, at a limited rate if the run asks for one,
 * keeps track of the open ones, and ends them.
 */
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net'
import { type Address, listenBacklog, type ServerContext } from '../../model/technique.ts'
import { AcceptGate } from './accept-gate.ts'

/** As usual for HTTP servers that browsers reach, so that polls slower than Node's default 5 s keep their connection. */
const keepAliveTimeout = 75_000

/** An HTTP server with the timeouts of all server adapters, in milliseconds; it does not listen yet. */
export const createHttpServer = (handler?: RequestListener): Server =>
  createServer({ keepAliveTimeout, requestTimeout: 0, headersTimeout: 60_000 }, handler)

/** Listens for a server adapter, and keeps its connections. */
export class Listener {
  /** Open connections, upgraded ones and those that wait for their turn included, in the order in which they came. */
  readonly sockets = new Set<Socket>()
  readonly #http: Server
  readonly #gate: AcceptGate | undefined

  /**
   * @param http with the listeners that act on a connection once it is taken; others may follow
   * @param context with an `acceptRate`, connections are taken at that rate
   */
  constructor(http: Server, { acceptRate, clock, observer }: ServerContext) {
    this.#http = http
    if (acceptRate !== undefined)
      this.#gate = new AcceptGate(http, acceptRate, clock, () => observer.accepted?.())
    http.on('connection', socket => {
      this.sockets.add(socket)
      socket.once('close', () => this.sockets.delete(socket))
    })
  }

  /**
   * Resolves with the address of `path`; rejects when the address cannot be had.
   * @param path what clients ask for events
   */
  async listen(address: Address, path: string): Promise<URL> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#http.once('error', reject)
    this.#http.listen({ ...address, backlog: listenBacklog }, resolve)
    await promise
    const { address: host, port, family } = this.#http.address() as AddressInfo
    return new URL(path, `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`)
  }

  /** Takes no connection from now on, and resets those that wait to be taken; the others stay. */
  stopAccepting(): void {
    // An HTTP server's own close() would end connections that are idle.
    NetServer.prototype.close.call(this.#http)
    this.#gate?.reset()
  }

  /** Ends every connection; resolves when none is left. */
  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => this.#http.close(() => resolve()))
    for (const socket of this.sockets) socket.destroy()
    await closed
  }
}
