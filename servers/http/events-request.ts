/** Reads what a request for events asks for: from its query, its headers or the form that it posts. */
import type { IncomingMessage } from 'node:http'

/** The path that every technique serves its events on. */
export const eventsPath = '/events'

/** Longest form that a page posts; a longer request is not from a client. */
const longestForm = 65_536

/** What a request for events asks for. */
export interface Asked {
  readonly stream: number
  readonly cursor: number
  readonly query: URLSearchParams
}

/**
 * Reads a request.
 * @param form the body of a POST, once it has arrived
 * @returns the status that refuses the request where it asks for something that does not exist
 */
export function readRequest({ url = '', headers }: IncomingMessage, form = ''): Asked | number {
  const [path, search] = url.split('?', 2)
  if (path !== eventsPath) return 404
  const query = new URLSearchParams(search)
  for (const [name, value] of new URLSearchParams(form)) query.append(name, value)
  const stream = countIn(query.getAll('stream'))
  // EventSource sends its cursor in a header of its own, on a URL that it cannot change.
  const cursor = countIn([...query.getAll('since'), ...[headers['last-event-id'] ?? []].flat()])
  return stream === null || cursor === null ? 400 : { stream, cursor, query }
}

/** Reads a number that may be in several places of a request: the largest, 0 for none, null when one is not whole. */
const countIn = (texts: readonly string[]): number | null =>
  texts.every(text => /^\d{1,15}$/.test(text)) ? Math.max(0, ...texts.map(Number)) : null

/** Reads the form that a request posts, and hands it over once it is whole. */
export function readForm(request: IncomingMessage, whole: (form: string) => void): void {
  let form = ''
  request.setEncoding('utf8')
  request.on('data', (piece: string) => {
    form += piece
    if (form.length > longestForm) request.destroy()
  })
  request.once('end', () => whole(form))
}
