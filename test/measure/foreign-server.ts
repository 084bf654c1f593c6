/** A foreign server for tests of `--target`: Server-Sent Events out, HTTP POST in, no cursor, no log. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

export interface ForeignSse {
  /** Where clients subscribe, and where events are posted, with `{stream}` in both. */
  readonly target: string
  readonly publish: string
  /** The content types of what was posted. */
  readonly contentTypes: Set<string>
}

/** @param refuses answers 503 to the events that it names, by how many were posted before */
export async function startForeignSse(
  t: TestContext,
  refuses: (posted: number) => boolean = () => false,
): Promise<ForeignSse> {
  const subscribers = new Map<string, Set<ServerResponse>>()
  const contentTypes = new Set<string>()
  let posted = 0

  const take = async (stream: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    contentTypes.add(String(request.headers['content-type']))
    const event = await text(request)
    const refused = refuses(posted++)
    if (!refused)
      for (const subscriber of subscribers.get(stream) ?? []) subscriber.write(`data: ${event}\n\n`)
    response.writeHead(refused ? 503 : 204).end()
  }
  const server = createServer((request, response) => {
    const [, path = '', stream = ''] = (request.url ?? '').split('?', 1)[0]?.split('/') ?? []
    if (request.method === 'POST' && path === 'pub') {
      void take(stream, request, response)
      return
    }
    if (path !== 'sub') {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
    const ofStream = subscribers.get(stream) ?? new Set()
    subscribers.set(stream, ofStream.add(response))
    response.once('close', () => ofStream.delete(response))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { target: `${origin}/sub/{stream}`, publish: `${origin}/pub/{stream}`, contentTypes }
}
