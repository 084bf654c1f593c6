/**
 * Counts what passes the sockets of a server process, whatever made the server: Node announces every accepted
 * socket and every request on diagnostics channels, so a server adapter needs no instrument of its own.
 * Bytes are application bytes: HTTP heads, framing and bodies; TCP and IP headers are not seen here.
 */

import { channel } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import type { Random } from '../../model/random.ts'
import type { SocketTotals } from '../messages/server-counts.ts'

/** Hears of each connection and each request as it comes. */
export interface SocketListener {
  readonly accepted?: () => void
  readonly request?: () => void
}

export class SocketMeter {
  readonly #open = new Set<Socket>()
  #closedToServer = 0
  #closedToClients = 0
  #accepted = 0
  #requests = 0
  readonly #onSocket = (message: unknown): void => this.#add((message as { socket: Socket }).socket)
  readonly #listener: SocketListener
  readonly #onRequest = (): void => {
    this.#requests++
    this.#listener.request?.()
  }

  constructor(listener: SocketListener = {}) {
    this.#listener = listener
    channel('net.server.socket').subscribe(this.#onSocket)
    channel('http.server.request.start').subscribe(this.#onRequest)
  }

  /** Resets (RST) each open connection with the probability `share`. */
  reset(share: number, random: Random): void {
    for (const socket of this.#open) if (random() < share) socket.resetAndDestroy()
  }

  /** Requests since the meter was made. */
  get requests(): number {
    return this.#requests
  }

  /** Walks the open sockets: 0.2 to 0.5 us each, so it is called seldom. */
  read(): SocketTotals {
    let toServer = this.#closedToServer
    let toClients = this.#closedToClients
    for (const socket of this.#open) {
      toServer += socket.bytesRead
      toClients += socket.bytesWritten
    }
    return { toServer, toClients, accepted: this.#accepted, open: this.#open.size, requests: this.#requests }
  }

  close(): void {
    channel('net.server.socket').unsubscribe(this.#onSocket)
    channel('http.server.request.start').unsubscribe(this.#onRequest)
  }

  #add(socket: Socket): void {
    this.#accepted++
    this.#listener.accepted?.()
    this.#open.add(socket)
    socket.once('close', () => {
      this.#open.delete(socket)
      this.#closedToServer += socket.bytesRead
      this.#closedToClients += socket.bytesWritten
    })
  }
}
