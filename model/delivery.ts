/**
 * What a server promises to deliver. The literature measures three semantics, so they are a setting of the
 * scenario; a technique does not depend on them.
 */

/**
 * - `log`: a client is given everything after its cursor that the bounded log still holds.
 * - `session-queue`: the server drains one queue for each session; what one page took is gone for the others.
 * - `last-value`: a conflating store; a client is given the newest state, and nothing that it has overtaken.
 */
export const deliveries = ['log', 'session-queue', 'last-value'] as const

/** The name of a delivery semantic, as flags and results carry it. */
export type Delivery = (typeof deliveries)[number]

/** The session that a client is a page of. Clients and sessions count from 0; consecutive clients share one. */
export const sessionOf = (client: number, pagesPerSession: number): number =>
  Math.floor(client / pagesPerSession)

/** Which page of its session a client is, from 1. */
export const pageOf = (client: number, pagesPerSession: number): number => (client % pagesPerSession) + 1
