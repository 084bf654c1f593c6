/** How a client requests events over HTTP, as its technique declares it. */
import type { EmptyPoll, RequestMethod } from '../../model/technique.ts'
import type { Initiator } from './headers.ts'

/** How a technique asks for events. */
export interface Asking {
  /** What in the page makes the request; `form` for a POST. */
  readonly initiator: Initiator
  /** GET by default. A POST carries the cursor and what follows it in its body, as a form does. */
  readonly method?: RequestMethod
  /** Parameters behind the cursor, e.g. `&callback=push`. */
  readonly more?: string
}

/** A request for events: a POST of `body`, or a GET where there is none. */
export type EventsRequest = Pick<EmptyPoll, 'path' | 'body'>

/**
 * The request for what comes after `cursor`.
 * @param url address of the events with the client's stream in its query
 * @param further parameters of this one request, behind those that all have
 */
export function requestFor(
  { pathname, search }: URL,
  { method = 'GET', more = '' }: Omit<Asking, 'initiator'>,
  cursor: number,
  further = '',
): EventsRequest {
  const parameters = `since=${cursor}${more}${further}`
  const path = `${pathname}${search}`
  return method === 'GET' ? { path: `${path}&${parameters}` } : { path, body: parameters }
}
