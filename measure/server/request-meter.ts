/**
 * Counts the bytes of requests for events that reach a server process, for each kind of client, so that a report can
 * name what differs. It adds nothing to the wire: page clients are known by their User-Agent. The size comes from what
 * Node's parser kept, which is every byte of an HTTP/1.1 head (RFC 9112 section 2.1) except optional white space around
 * header values.
 */

import { channel } from 'node:diagnostics_channel'
import type { IncomingMessage, Server } from 'node:http'
import { type ClientMark, type KindRequests, noRequests } from '../messages/server-counts.ts'

/** The kind of every client that no mark fits. */
export const unmarkedKind = 'wire'

/** The start of the URL of a request for events; undefined before the server listens. */
type Path = string | undefined

export class RequestMeter {
  readonly #marks: readonly ClientMark[]
  readonly #sums: Record<string, KindRequests> = {}
  readonly #servers = new Set<Server>()
  #path: Path
  #phase: keyof KindRequests = 'before'

  constructor(marks: readonly ClientMark[]) {
    this.#marks = marks
    for (const kind of [unmarkedKind, ...marks.map(mark => mark.kind)])
      this.#sums[kind] = { before: noRequests(), within: noRequests() }
    channel('http.server.request.start').subscribe(this.#onRequest)
    channel('tracing:net.server.listen:asyncEnd').subscribe(this.#onListening)
  }

  /** Only requests for the path of `url` are counted: those for files of a page are not requests for events. */
  events(url: URL): void {
    this.#path = url.pathname
  }

  /** The measured window opens. */
  open(): void {
    this.#phase = 'within'
  }

  /** The sums so far, by kind. */
  read(): Readonly<Record<string, KindRequests>> {
    return this.#sums
  }

  /** Stops counting. */
  close(): void {
    channel('http.server.request.start').unsubscribe(this.#onRequest)
    channel('tracing:net.server.listen:asyncEnd').unsubscribe(this.#onListening)
    for (const server of this.#servers) server.off('upgrade', this.#weigh)
  }

  readonly #onRequest = (message: unknown): void =>
    this.#weigh((message as { request: IncomingMessage }).request)

  /** Node does not publish a request that upgrades its connection. This listener must not permit the upgrade. */
  readonly #onListening = (message: unknown): void => {
    const { server } = message as { server: Server }
    if (server.listenerCount('upgrade') === 0) return
    this.#servers.add(server)
    server.prependListener('upgrade', this.#weigh)
  }

  readonly #weigh = ({ method = '', url = '', rawHeaders, headers }: IncomingMessage): void => {
    const [path, query = ''] = url.split('?', 2)
    if (path !== this.#path) return
    const agent = headers['user-agent'] ?? ''
    const mark = this.#marks.find(({ userAgent }) => agent.includes(userAgent))
    const sums = this.#sums[mark?.kind ?? unmarkedKind]?.[this.#phase]
    if (sums === undefined) return
    const digits = query.replace(/\D/g, '').length
    sums.requests++
    sums.line += `${method} ${url} HTTP/1.1\r\n\r\n`.length - digits
    sums.number += digits
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]]
      const key = name.toLowerCase()
      sums.header[key] = (sums.header[key] ?? 0) + `${name}: ${value}\r\n`.length
    }
    sums.body += Number(headers['content-length'] ?? 0)
  }
}
