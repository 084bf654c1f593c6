/** A relay in this process before a TCP or HTTP server of the test's own, both closed with the test. */
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { type Clock, clockFrom, originNow } from '../../model/clock.ts'
import { type Link, plainLink } from '../../model/link.ts'
import { randomFor } from '../../model/random.ts'
import { Relay } from '../../relay/relay.ts'

/** A relay to the server of `target`. */
export async function relayTo(t: TestContext, target: URL, link: Partial<Link> = {}): Promise<Relay> {
  const relay = await Relay.open({
    link: { ...plainLink, ...link },
    target,
    origin: originNow(),
    random: randomFor(1, 'link'),
  })
  t.after(() => relay.close())
  return relay
}

/** A relay to a TCP server that treats its connections as `serve` says. */
export function relayed(
  t: TestContext,
  link: Partial<Link>,
  serve: (socket: Socket) => void,
): Promise<Relay> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, socket => {
    socket.on('error', () => {})
    t.after(() => socket.destroy())
    serve(socket)
  })
  return listening(t, server, link)
}

/** A relay to an HTTP server. */
export function relayedHttp(t: TestContext, link: Partial<Link>, answer: RequestListener): Promise<Relay> {
  const server = createHttpServer({ keepAliveTimeout: 60_000 }, answer)
  t.after(() => server.closeAllConnections())
  return listening(t, server, link)
}

async function listening(t: TestContext, server: Server, link: Partial<Link>): Promise<Relay> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  return relayTo(t, new URL(`http://127.0.0.1:${port}/`), link)
}

/** A connection through the relay, destroyed with the test. */
export async function dial(t: TestContext, relay: Relay): Promise<Socket> {
  const { port, hostname } = relay.url
  const socket = connect({ port: Number(port), host: hostname, noDelay: true, allowHalfOpen: true })
  t.after(() => socket.destroy())
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  socket.on('error', () => {})
  return socket
}

/** Everything that a socket receives until the other side has ended. */
export async function received(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of socket.iterator({ destroyOnReturn: false })) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

/** The error code with which a socket ends; null where it ends in order. */
export const endOf = (socket: Socket): Promise<string | null> =>
  new Promise(resolve => {
    let code: string | null = null
    socket.once('error', (error: NodeJS.ErrnoException) => {
      code = error.code ?? error.message
    })
    socket.once('close', () => resolve(code))
    socket.resume()
  })

/** Reads milliseconds. */
export function stopwatch(): () => number {
  const clock: Clock = clockFrom(originNow())
  return () => clock() / 1_000
}
