/**
 * A TCP relay that the conformance suite puts between a client and its server, to cut connections and to
 * hand bytes on in pieces of its choice.
 */
import { type AddressInfo, createServer, type Server, type Socket, connect as tcpConnect } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'

export class VerifyProxy {
  /** While true, whoever connects is turned away before the server hears of it. */
  away = false
  readonly #server: Server
  readonly #target: URL
  readonly #pieceBytes: number
  readonly #sockets = new Set<Socket>()

  private constructor(target: URL, pieceBytes: number) {
    this.#target = target
    this.#pieceBytes = pieceBytes
    this.#server = createServer(client => this.#relay(client))
  }

  /**
   * Opens a relay to the server of `target`.
   * @param pieceBytes what the server sends arrives in pieces of so many bytes; without it, as it comes
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

  /** Resets every connection, on both sides and without a word of farewell. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  async close(): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve))
    this.cut()
    await closed
  }

  #relay(client: Socket): void {
    if (this.away) {
      client.on('error', () => {}).resetAndDestroy()
      return
    }
    const server = tcpConnect(Number(this.#target.port), this.#target.hostname)
    this.#join(client, server)
    this.#join(server, client)
    client.pipe(server)
    if (this.#pieceBytes === Number.POSITIVE_INFINITY) server.pipe(client)
    else void drip(server, client, this.#pieceBytes)
  }

  /** Lets the end of one side be the end of the other. */
  #join(socket: Socket, other: Socket): void {
    socket.setNoDelay(true)
    this.#sockets.add(socket)
    socket.on('error', () => other.destroy())
    socket.once('close', () => {
      this.#sockets.delete(socket)
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
    // A side that was cut ends the relay; `#join` has told the other.
    to.destroy()
  }
}
