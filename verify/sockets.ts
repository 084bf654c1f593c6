/**
 * The connections that a server in this process holds, whichever library created the server: Node publishes
 * every accepted socket on a diagnostics channel.
 */
import { channel } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

export class AcceptedSockets {
  readonly #open = new Set<Socket>()
  readonly #onSocket: (message: unknown) => void

  /** @param port of the server; sockets of other servers are not counted */
  constructor(port: number) {
    this.#onSocket = message => {
      const { socket } = message as { socket: Socket }
      if (socket.localPort !== port) return
      this.#open.add(socket)
      socket.once('close', () => this.#open.delete(socket))
    }
    channel('net.server.socket').subscribe(this.#onSocket)
  }

  /** How many connections are open. */
  get open(): number {
    return this.#open.size
  }

  /** Stops listening to the announcements. */
  close(): void {
    channel('net.server.socket').unsubscribe(this.#onSocket)
  }
}
