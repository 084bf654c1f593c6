/** The connections that servers of this process take. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import type { TestContext } from 'node:test'

/** Those from now on, in their order. */
export function takenSockets(t: TestContext): Socket[] {
  const sockets: Socket[] = []
  const take = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket)
  subscribe('net.server.socket', take)
  t.after(() => unsubscribe('net.server.socket', take))
  return sockets
}
