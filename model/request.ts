/** A request for events, in the words that the server and the client of a technique share. */

/** The HTTP method of a request for events. */
export type RequestMethod = 'GET' | 'POST'

/** The content types of a POST for events, by what its body is: form fields, or the members of a JSON object. */
export const postTypes = { form: 'application/x-www-form-urlencoded', json: 'application/json' } as const

/** What the body of a POST for events is. */
export type PostBody = keyof typeof postTypes

/** Which request headers a wire client sends. */
export type HeaderSet = 'minimal' | 'browser'

/** A request that is answered at once and brings no event. */
export interface EmptyPoll {
  readonly method: RequestMethod
  /** With its query. */
  readonly path: string
  /** Name and value in turn, without `Host` and `Connection`. */
  readonly headers: readonly string[]
  readonly body?: string
}
