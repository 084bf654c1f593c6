/**
 * Counts application bytes at the clients' sockets of a process, for a server whose own sockets are out of reach.
 * Node announces every TCP socket that is opened on a diagnostics channel, whatever library opened it.
 */
import { channel } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

export class ClientMeter {
  readonly #open = new Set<Socket>()
  #toServer = 0
  #toClients = 0
  readonly #onSocket = (message: unknown): void => this.#add((message as { socket: Socket }).socket)

  constructor() {
    channel('net.client.socket').subscribe(this.#onSocket)
  }

  /** Bytes both ways since the meter was made. */
  read(): { toServer: number; toClients: number } {
    let [toServer, toClients] = [this.#toServer, this.#toClients]
    for (const { bytesWritten, bytesRead } of this.#open) {
      toServer += bytesWritten
      toClients += bytesRead
    }
    return { toServer, toClients }
  }

  close(): void {
    channel('net.client.socket').unsubscribe(this.#onSocket)
  }

  #add(socket: Socket): void {
    this.#open.add(socket)
    socket.once('close', () => {
      this.#open.delete(socket)
      this.#toServer += socket.bytesWritten
      this.#toClients += socket.bytesRead
    })
  }
}
