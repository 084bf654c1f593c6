/** How a server adapter refuses requests that it does not understand. */
import { type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * Answers a request that is not understood; the answer echoes nothing of it.
 * @param allowed the methods that the path does take, for a 405 (RFC 9110 section 15.5.6)
 */
export function refuse(response: ServerResponse, status: number, allowed: readonly string[] = []): void {
  const headers: OutgoingHttpHeaders = { 'Content-Length': 0 }
  if (status === 405) headers['Allow'] = allowed.join(', ')
  // RFC 9110 section 15.5.22: name the protocol that is required.
  if (status === 426) Object.assign(headers, { Upgrade: 'websocket', Connection: 'Upgrade' })
  response.writeHead(status, headers).end()
}

/** RFC 6455 section 4.2.2: a handshake that is not accepted is answered with an HTTP status. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  // A client may be gone before its refusal arrives.
  socket.once('error', () => {}).once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
