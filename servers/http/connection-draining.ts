/** Drains connections before a server shuts down: asks its clients to leave, one after the other. */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type Micros, seconds, toMilliseconds } from '../../model/units.ts'

/** How long after the window an idle connection stays open, so that the answer to its next request says that it is the last. */
const lingerMs = 1_000
/** How long a connection may outlive the window: one whose client reads nothing does not end by itself. */
const graceMs = 2_000

/**
 * Marks an answer as the last on its connection (RFC 9112 section 9.6), and says when to come back (RFC 9110 section
 * 10.2.3). Call it before the head is written.
 * @param retryAfter sent in whole seconds, rounded up; 0 sends nothing
 */
export function markLast(response: ServerResponse, retryAfter: Micros): void {
  response.setHeader('Connection', 'close')
  if (retryAfter > 0) response.setHeader('Retry-After', Math.ceil(retryAfter / seconds(1)))
}

/**
 * Drains connections in their order, evenly over a window, and resolves when all of them are closed: by their
 * clients, or at the latest {@link graceMs} after the window.
 */
export async function drainInTurn(
  sockets: readonly Socket[],
  over: Micros,
  sendAway: (socket: Socket) => void,
): Promise<void> {
  const windowMs = toMilliseconds(over)
  const closed = sockets.map(socket => new Promise(resolve => socket.once('close', resolve)))
  const timers = sockets.map((socket, place) =>
    setTimeout(sendAway, (place * windowMs) / sockets.length, socket),
  )
  const all = (end: (socket: Socket) => void) => () => sockets.forEach(end)
  timers.push(
    setTimeout(
      all(socket => void socket.end()),
      windowMs + lingerMs,
    ),
    setTimeout(
      all(socket => void socket.destroy()),
      windowMs + graceMs,
    ),
  )
  await Promise.all(closed)
  for (const timer of timers) clearTimeout(timer)
}
