/**
 * What a client may find instead of its server: a server of another kind, or no server.
 */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** A server of another kind. */
export interface StubServer {
  readonly url: URL
  close(): Promise<void>
}

/** Starts a server that gives one answer to whatever it is asked, and hangs up. */
export async function openStubServer(answer: string): Promise<StubServer> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket.on('error', () => {}))
    // Only when asked: hanging up with a request unread would reset the connection and lose the answer.
    socket.once('data', () => socket.end(answer))
  })
  const url = await listen(server)
  return {
    url,
    async close() {
      for (const socket of sockets) socket.destroy()
      await close(server)
    },
  }
}

/** The address of a port on which nothing listens any more. */
export async function unusedAddress(): Promise<URL> {
  const server = createServer()
  const url = await listen(server)
  await close(server)
  return url
}

/** An HTTP response with a page in it. */
export const httpAnswer = (status: string, page: string): string =>
  [
    `HTTP/1.1 ${status}`,
    'Content-Type: text/html',
    `Content-Length: ${page.length}`,
    'Connection: close',
    '',
    page,
  ].join('\r\n')

async function listen(server: Server): Promise<URL> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events`)
}

const close = (server: Server): Promise<void> => new Promise(resolve => server.close(() => resolve()))
