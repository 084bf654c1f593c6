/** By which method a server is asked for events, for readers that are not clients of a technique. */
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'

/**
 * Asks an HTTP server which methods it takes (RFC 9110 section 10.2.1), and resolves with the first.
 * @param url of its events
 */
export async function methodOf(url: URL): Promise<string> {
  // On a connection of its own, which ends with the answer: some callers count the server's connections.
  const [response] = (await once(request(url, { method: 'OPTIONS', agent: false }).end(), 'response')) as [
    IncomingMessage,
  ]
  await once(response.resume(), 'close')
  const [method] = response.headers.allow?.split(', ') ?? []
  if (method === undefined) throw new Error(`${url.href} does not say by which method it is asked`)
  return method
}
