/** What a server process counts, as it travels to the parent: plain JSON. */

/** What a server took in one window of 100 ms. */
export interface ArrivalWindow {
  /** Where it begins, in microseconds from the start of the measured window. */
  readonly at: number
  readonly accepted: number
  readonly requests: number
}

/** Running totals since the meter was made. */
export interface SocketTotals {
  readonly toServer: number
  readonly toClients: number
  readonly accepted: number
  readonly open: number
  readonly requests: number
}

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

/** The requests of one kind of client. */
export interface KindRequests {
  /** Before the measured window: those by which clients connect are among them. */
  readonly before: RequestSums
  readonly within: RequestSums
}
