/**
 * One connection through the relay: the client's, and the matching one to the server. Bytes, half-closes and
 * resets pass both ways.
 *
 * A handshake costs a round trip over a real link and nothing on loopback. So a client's first bytes leave one
 * round trip after it connected at the earliest, and the relay connects to the server when a SYN would reach it.
 */
import { Socket } from 'node:net'
import type { DelayQueue } from '../measure/time/delay-queue.ts'
import type { Link } from '../model/link.ts'
import { after, elapsed, type Instant, instant, type Micros, micros, toMilliseconds } from '../model/units.ts'
import { Path, type PathContext } from './relay-path.ts'
import { ResponseShaper, shapes } from './relay-shaper.ts'

/** What a connection reports to its relay. */
export interface ConnectionObserver {
  /** Both sides are closed. */
  closed(): void
  /** It carried nothing for too long and was closed for that. */
  cut(): void
}

/** Where the bytes that a socket receives go. */
interface Reader {
  data(bytes: Buffer): void
  /** The socket has ended. */
  end(): void
  /** The connection broke, or was never established. */
  broken(): void
}

export class RelayedConnection {
  readonly #client: Socket
  readonly #server = new Socket({ allowHalfOpen: true })
  readonly #departures: DelayQueue
  readonly #observer: ConnectionObserver
  readonly #shaper: ResponseShaper | undefined
  #activeAt: Instant
  #idleTimer: NodeJS.Timeout | undefined

  constructor(client: Socket, target: URL, link: Link, context: PathContext, observer: ConnectionObserver) {
    this.#client = client
    this.#departures = context.departures
    this.#observer = observer
    const acceptedAt = this.#departures.turnStart()
    this.#activeAt = acceptedAt
    const up = new Path(context, client, this.#server, after(acceptedAt, link.rtt))
    const down = new Path(context, this.#server, client, acceptedAt)
    this.#shaper = shapes(link) ? new ResponseShaper(link, bytes => down.send(bytes)) : undefined
    const shaper = this.#shaper
    this.#read(client, down, {
      data: bytes => {
        shaper?.request(bytes)
        up.send(bytes)
      },
      end: () => up.end(),
      broken: () => up.reset(),
    })
    this.#read(this.#server, up, {
      data: bytes => {
        if (shaper === undefined) down.send(bytes)
        else shaper.response(bytes)
      },
      end: () => {
        shaper?.finish()
        down.end()
      },
      broken: () => down.reset(),
    })
    this.#server.setNoDelay(true)
    const carriedAt = instant(Math.max(acceptedAt, context.carriesFrom))
    this.#connect(after(carriedAt, micros(link.rtt / 2)), target)
    if (link.idleCut !== null) this.#watch(up, down, link.idleCut, link.idleCut)
  }

  /** Passes what its buffer holds. */
  letGo(): void {
    this.#shaper?.letGo()
  }

  /** Closes both sides at once. */
  destroy(): void {
    this.#client.destroy()
    this.#server.destroy()
  }

  /** @param back the path whose sink the socket is */
  #read(socket: Socket, back: Path, reader: Reader): void {
    socket.on('data', (bytes: Buffer) => {
      this.#activeAt = this.#departures.turnStart()
      reader.data(bytes)
    })
    socket.once('end', () => reader.end())
    socket.on('error', () => reader.broken())
    socket.once('close', () => {
      back.stop()
      if (!this.#client.closed || !this.#server.closed) return
      clearTimeout(this.#idleTimer)
      this.#observer.closed()
    })
  }

  #connect(due: Instant, { port, hostname }: URL): void {
    const connect = (): void => {
      // A client that is gone before its SYN arrived is seen by the server all the same: it sent one.
      if (!this.#server.destroyed) this.#server.connect({ port: Number(port), host: hostname })
    }
    if (due <= this.#departures.turnStart()) connect()
    else this.#departures.add({ due, depart: connect })
  }

  /** Closes both sides in order (FIN), as a proxy does, once the connection was idle for too long. */
  #watch(up: Path, down: Path, idleCut: Micros, look: Micros): void {
    this.#idleTimer = setTimeout(() => {
      const carriedAt = instant(Math.max(this.#activeAt, up.lastDue, down.lastDue))
      const left = micros(idleCut - elapsed(carriedAt, this.#departures.clock()))
      if (left > 0) return this.#watch(up, down, idleCut, left)
      this.#observer.cut()
      for (const path of [up, down]) path.stop()
      for (const socket of [this.#client, this.#server]) {
        // A side that has not read its bytes by now never will; waiting for it would keep the connection for ever.
        if (socket.writableLength > 0) socket.destroy()
        else socket.destroySoon()
      }
    }, toMilliseconds(look))
  }
}
