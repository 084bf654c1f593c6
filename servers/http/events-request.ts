/** Reads what a request for events asks for: from its query, its headers or the body that it posts. */
import type { IncomingMessage } from 'node:http'
import { type PostBody, postTypes } from '../../model/request.ts'

/** The path that every technique serves its events on. */
export const eventsPath = '/events'

/** Longest body that a page posts; a longer request is not from a client. */
const longestBody = 65_536

/** What a request for events asks for. */
export interface Asked {
  readonly stream: number
  readonly cursor: number
  readonly query: URLSearchParams
}

/**
 * Reads a request.
 * @param posted the body of a POST, once it has arrived
 * @returns the status that refuses the request where it asks for something that does not exist
 */
export function readRequest({ url = '', headers }: IncomingMessage, posted = ''): Asked | number {
  const [path, search] = url.split('?', 2)
  if (path !== eventsPath) return 404
  const query = new URLSearchParams(search)
  if (posted !== '') {
    const parameters = readBody(headers['content-type'] ?? '', posted)
    if (typeof parameters === 'number') return parameters
    for (const [name, value] of parameters) query.append(name, value)
  }
  const stream = countIn(query.getAll('stream'))
  // EventSource sends its cursor in a header of its own, on a URL that it cannot change.
  const cursor = countIn([...query.getAll('since'), ...[headers['last-event-id'] ?? []].flat()])
  return stream === null || cursor === null ? 400 : { stream, cursor, query }
}

/** Reads a number that may be in several places of a request: the largest, 0 for none, null when one is not whole. */
const countIn = (texts: readonly string[]): number | null =>
  texts.every(text => /^\d{1,15}$/.test(text)) ? Math.max(0, ...texts.map(Number)) : null

/** Name and value of each parameter, or the status that refuses them. */
type Parameters = Iterable<readonly [name: string, value: string]> | number

const bodies: Readonly<Record<PostBody, (text: string) => Parameters>> = {
  form: text => new URLSearchParams(text),
  json: readJson,
}

/** Reads a body by its content type. One of another type is refused: read as a form, it would ask for everything. */
function readBody(contentType: string, text: string): Parameters {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase()
  for (const body of ['form', 'json'] as const) if (type === postTypes[body]) return bodies[body](text)
  return 415
}

/** The members of a JSON object. Numbers keep their spelling, so that `1e3` is refused as it is in a query. */
function readJson(text: string): Parameters {
  const spelled = (_: string, value: unknown, { source }: { source?: string } = {}): unknown =>
    typeof value === 'number' ? source : value
  try {
    const read: unknown = JSON.parse(text, spelled)
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return 400
    return Object.entries(read).map(
      ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
    )
  } catch {
    return 400
  }
}

/** Reads the body of a request, and hands it over once it is whole. */
export function readPosted(request: IncomingMessage, whole: (posted: string) => void): void {
  let posted = ''
  request.setEncoding('utf8')
  request.on('data', (piece: string) => {
    posted += piece
    if (posted.length > longestBody) request.destroy()
  })
  request.once('end', () => whole(posted))
}
