/**
 * Accepts connections no faster than a given rate, so that the server behaves as on a loaded machine. A connection
 * that is not accepted yet waits as in the listen queue of a busy system: established, its request unanswered.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../../model/clock.ts'
import {
  after,
  elapsed,
  type Instant,
  instant,
  type Micros,
  seconds,
  toMilliseconds,
} from '../../model/units.ts'

/** What a client may send before its connection is taken; about what a system keeps for it. */
const longestUnread = 65_536

export class AcceptGate {
  readonly #clock: Clock
  readonly #gap: Micros
  readonly #take: (socket: Socket) => void
  /** In the order in which they came, with what they sent meanwhile. */
  readonly #waiting = new Map<Socket, Buffer[]>()
  /** When the next connection may be taken. */
  #nextAt: Instant = instant(Number.NEGATIVE_INFINITY)
  #timer: NodeJS.Timeout | undefined

  /**
   * Puts a gate in front of a server.
   * @param rate connections per second; above 0
   * @param taken called for each connection that is taken
   */
  constructor(server: Server, rate: number, clock: Clock, taken: () => void = () => {}) {
    this.#clock = clock
    this.#gap = (seconds(1) / rate) as Micros
    // What Node's server does with a connection; it is done later.
    const served = server.listeners('connection')
    server.removeAllListeners('connection')
    server.on('connection', (socket: Socket) => this.#enter(socket))
    this.#take = socket => {
      taken()
      for (const listener of served) listener.call(server, socket)
    }
  }

  /** Resets those that wait, as a system does with its queue when a server stops listening. */
  reset(): void {
    for (const socket of this.#waiting.keys()) socket.resetAndDestroy()
  }

  #enter(socket: Socket): void {
    const unread: Buffer[] = []
    let bytes = 0
    // It must be read for its end to be seen: a client that gave up leaves the queue and costs no turn.
    socket.on('data', (piece: Buffer) => {
      unread.push(piece)
      bytes += piece.length
      if (bytes > longestUnread) socket.pause()
    })
    socket
      .once('end', leave)
      .once('error', leave)
      .once('close', () => this.#forget(socket))
    // A turn that no connection took is not kept for later.
    if (this.#waiting.size === 0) this.#nextAt = instant(Math.max(this.#nextAt, this.#clock()))
    this.#waiting.set(socket, unread)
    this.#takeDue()
  }

  #forget(socket: Socket): void {
    this.#waiting.delete(socket)
    if (this.#waiting.size === 0) clearTimeout(this.#timer)
  }

  /** Accepts the connections that are due. Due times follow from each other, so a late timer shifts none of them. */
  #takeDue(): void {
    clearTimeout(this.#timer)
    for (const [socket, unread] of this.#waiting) {
      const wait = elapsed(this.#clock(), this.#nextAt)
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#takeDue(), Math.ceil(toMilliseconds(wait)))
        return
      }
      this.#nextAt = after(this.#nextAt, this.#gap)
      this.#waiting.delete(socket)
      socket.pause().removeAllListeners('data').off('end', leave).off('error', leave)
      if (unread.length > 0) socket.unshift(Buffer.concat(unread))
      this.#take(socket)
      socket.resume()
    }
  }
}

/** Ends a connection whose client has gone. */
function leave(this: Socket): void {
  this.destroy()
}
