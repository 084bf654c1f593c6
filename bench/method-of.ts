/** By which method a server is asked for events, for readers that are no clients of ours. */

/**
 * Asks an HTTP server which methods it takes (RFC 9110 section 10.2.1), and resolves with the first.
 * @param url of its events
 */
export async function methodOf(url: URL): Promise<string> {
  const response = await fetch(url, { method: 'OPTIONS' })
  await response.arrayBuffer()
  const [method] = response.headers.get('allow')?.split(', ') ?? []
  if (method === undefined) throw new Error(`${url.href} does not say by which method it is asked`)
  return method
}
