/**
 * A TCP relay that the conformance suite puts between a client and its server: it cuts, stalls and freezes
 * connections, forwards bytes in pieces of its choice, and records requests and responses.
 */
import { type AddressInfo, createServer, type Server, type Socket, connect as tcpConnect } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Exchange, HttpTap } from './http-tap.ts'

/** Called as something comes, before it is passed on. */
export interface ProxyHooks {
  /** A client has connected; the server does not know of it yet. */
  connection?: () => void
  /** The first bytes of a request have come from a client. */
  request?: () => void
  /** The first bytes of a request were passed on to the server. */
  requested?: () => void
  /** The first bytes of an answer have come from the server. */
  answer?: () => void
  /** A connection is gone. */
  closed?: () => void
}

/** One client's connection, and the matching one to the server. */
interface Link {
  readonly client: Socket
  readonly server: Socket
  frozen: boolean
}

export class VerifyProxy {
  /** While true, each client that connects is disconnected before the server sees it. */
  away = false
  /** Connections that were passed on to the server so far. */
  accepted = 0
  /** Connections that were turned away so far. */
  turnedAway = 0
  /** Requests that were answered, in the order of the answers. */
  readonly exchanges: Exchange[] = []
  /** How often something came from the server so far. */
  heard = 0
  hooks: ProxyHooks = {}
  readonly #server: Server
  readonly #pieceBytes: number
  readonly #links = new Set<Link>()
  #target: URL
  #stalled = false

  private constructor(target: URL, pieceBytes: number) {
    this.#target = target
    this.#pieceBytes = pieceBytes
    this.#server = createServer(client => this.#relay(client))
  }

  /**
   * Opens a relay to the server of `target`.
   * @param pieceBytes what the server sends arrives in pieces of this many bytes; without it, as it comes
   */
  static async open(target: URL, pieceBytes = Number.POSITIVE_INFINITY): Promise<VerifyProxy> {
    const proxy = new VerifyProxy(target, pieceBytes)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    proxy.#server.once('error', reject)
    proxy.#server.listen(0, '127.0.0.1', resolve)
    await promise
    return proxy
  }

  /** The target's address with this relay's host and port in place of its own. */
  get url(): URL {
    const url = new URL(this.#target)
    url.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return url
  }

  /** True when the server's connection from this port is one of the relay's. */
  carries(port: number | undefined): boolean {
    return [...this.#links].some(({ server }) => server.localPort === port)
  }

  /** Connects clients to another server from now on; open connections stay. */
  redirect(target: URL): void {
    this.#target = target
  }

  /** Resets every connection on both sides, without an orderly close. */
  cut(): void {
    for (const { client, server } of this.#links) {
      client.resetAndDestroy()
      server.resetAndDestroy()
    }
  }

  /** Reads nothing more from the server, on open connections and on new ones, until {@link resume}. */
  stall(): void {
    this.#stalled = true
    for (const { server } of this.#links) server.pause()
  }

  resume(): void {
    this.#stalled = false
    for (const { server, frozen } of this.#links) if (!frozen) server.resume()
  }

  /** Keeps the open connections and passes nothing on them any more; new connections work. */
  freeze(): void {
    for (const link of this.#links) {
      link.frozen = true
      link.client.pause()
      link.server.pause()
    }
  }

  async close(): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve))
    this.cut()
    await closed
  }

  #relay(client: Socket): void {
    if (this.away) {
      this.turnedAway++
      client.on('error', () => {}).resetAndDestroy()
      return
    }
    this.accepted++
    this.hooks.connection?.()
    const server = tcpConnect(Number(this.#target.port), this.#target.hostname)
    const link: Link = { client, server, frozen: false }
    this.#links.add(link)
    this.#join(link, client, server)
    this.#join(link, server, client)
    const tap = new HttpTap(exchange => this.exchanges.push(exchange))
    client.on('data', (piece: Buffer) => {
      const begins = tap.fromClient(piece)
      if (begins) this.hooks.request?.()
      server.write(piece)
      if (begins) this.hooks.requested?.()
    })
    if (this.#pieceBytes === Number.POSITIVE_INFINITY) this.#passAnswers(link, tap)
    else void drip(server, client, this.#pieceBytes)
    if (this.#stalled) server.pause()
  }

  #passAnswers(link: Link, tap: HttpTap): void {
    const { client, server } = link
    server.on('data', (piece: Buffer) => {
      this.heard++
      if (tap.fromServer(piece)) this.hooks.answer?.()
      if (client.write(piece)) return
      server.pause()
      client.once('drain', () => {
        if (!this.#stalled && !link.frozen) server.resume()
      })
    })
  }

  /** Ends each side when the other ends. */
  #join(link: Link, socket: Socket, other: Socket): void {
    socket.setNoDelay(true)
    socket.on('error', () => other.destroy())
    socket.once('end', () => other.end())
    socket.once('close', () => {
      if (this.#links.delete(link)) this.hooks.closed?.()
      other.destroySoon()
    })
  }
}

/** Hands on piece by piece. A turn of the event loop between two of them lets the reader see each by itself. */
async function drip(from: Socket, to: Socket, pieceBytes: number): Promise<void> {
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; at += pieceBytes) {
        to.write(chunk.subarray(at, at + pieceBytes))
        await nextTurn()
      }
    }
    to.end()
  } catch {
    // A side that was cut ends the relay; `#join` ends the other.
    to.destroy()
  }
}
