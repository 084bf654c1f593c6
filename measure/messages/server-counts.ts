/** What a server process counts, as it travels to the parent: plain JSON. */

/** What a server took in one window of 100 ms. */
export interface ArrivalWindow {
  /** Where it begins, in microseconds from the start of the measured window. */
  readonly at: number
  readonly accepted: number
  readonly requests: number
}

/**
 * What a server process counts from its start, at 0. A new counter is one line here and one where it happens; its
 * totals at the edges of the measured window reach the derivation by this name.
 */
export const noServerCounts = {
  /** HTTP requests that began. Those that upgrade their connection are not among them. */
  requests: 0,
  /** Events that were handed to connections, whatever window they were due in; one for two receivers counts twice. */
  handedOver: 0,
  /** Heartbeats and pings that were written, one for each connection. */
  heartbeats: 0,
  /** Polls of the backend, most of which find nothing. */
  backendPolls: 0,
}

/** The counters of a server process. */
export type ServerCounts = typeof noServerCounts

/** How a kind of client is recognised on the wire. */
export interface ClientMark {
  readonly kind: string
  /** A part of the User-Agent of this kind, and of no other kind. */
  readonly userAgent: string
}

/** Sums over requests; bytes. */
export interface RequestSums {
  requests: number
  /** Request lines without {@link number}, and the empty lines at the ends of heads. */
  line: number
  /** Digits in the query of the URL: the numbers of streams and cursors, which grow as a run goes on. */
  number: number
  /** Whole header lines, by lower-case name. */
  readonly header: Record<string, number>
  /** Bodies of a length that their head announces. */
  body: number
}

/** Sums of no request. */
export const noRequests = (): RequestSums => ({ requests: 0, line: 0, number: 0, header: {}, body: 0 })

/** The requests of one kind of client. */
export interface KindRequests {
  /** Before the measured window: those by which clients connect are among them. */
  readonly before: RequestSums
  readonly within: RequestSums
}
