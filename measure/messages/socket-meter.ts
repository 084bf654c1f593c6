/**
 * Counts what passes the TCP sockets of this process, whichever library opened or accepted them: Node publishes each on
 * a diagnostics channel, so an adapter needs no meter of its own. Bytes are application bytes: HTTP heads, framing and
 * bodies; TCP and IP headers are not counted.
 */
import { channel } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

/** Bytes both ways since the meter was made. */
export interface SocketBytes {
  readonly toServer: number
  readonly toClients: number
}

export class SocketMeter {
  /** Sockets that are open, in the order in which they were opened. */
  readonly open = new Set<Socket>()
  readonly #side: 'server' | 'client'
  readonly #onOpen: () => void
  readonly #port: number | undefined
  #opened = 0
  /** Of sockets that are closed. */
  #read = 0
  #written = 0

  /**
   * @param side which sockets of the process are counted: those that its servers accept, or those that it opens
   * @param onOpen called for each socket as it comes
   * @param port only sockets on this port of the process are counted; on any port unless given
   */
  constructor(side: 'server' | 'client', onOpen = () => {}, port?: number) {
    this.#side = side
    this.#onOpen = onOpen
    this.#port = port
    channel(`net.${side}.socket`).subscribe(this.#add)
  }

  /** How many sockets were opened since the meter was made. */
  get opened(): number {
    return this.#opened
  }

  /** Walks the open sockets: 0.2 to 0.5 us each, so it is called seldom. */
  bytes(): SocketBytes {
    let [read, written] = [this.#read, this.#written]
    for (const socket of this.open) {
      read += socket.bytesRead
      written += socket.bytesWritten
    }
    return this.#side === 'server'
      ? { toServer: read, toClients: written }
      : { toServer: written, toClients: read }
  }

  close(): void {
    channel(`net.${this.#side}.socket`).unsubscribe(this.#add)
  }

  readonly #add = (message: unknown): void => {
    const { socket } = message as { socket: Socket }
    if (this.#port !== undefined && socket.localPort !== this.#port) return
    this.#opened++
    this.#onOpen()
    this.open.add(socket)
    socket.once('close', () => {
      this.open.delete(socket)
      this.#read += socket.bytesRead
      this.#written += socket.bytesWritten
    })
  }
}
