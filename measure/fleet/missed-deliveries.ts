/**
 * Sorts the deliveries that were due and did not come. Which of them are losses depends on the delivery semantics: an
 * overtaken state and an event that another page of the session took are no losses.
 */

import { type Delivery, pageOf, sessionOf } from '../../model/delivery.ts'
import type { PageCounts } from '../messages/fleet-counts.ts'
import type { Ledger } from './ledger.ts'

/** A client's ledger and the events that were due to it. */
export interface Account {
  readonly ledger: Ledger
  /** First and last event of its stream that is due in the window; null while there are none. */
  readonly span: { readonly first: number; readonly last: number } | null
  /** Of these events, how many came too late, because the link held them back; in the ledger they have come. */
  readonly heldBack: number
  /** A fault took the connection of the client: it has yet to ask for everything after what it received last. */
  readonly away: boolean
}

/** `lost + outstanding + superseded + takenByOther` is what was due and did not come. */
export interface MissedDeliveries {
  /** No page of the session received it, and no newer state replaced it. */
  readonly lost: number
  /** The client was away at the end, and had yet to ask for it. */
  readonly outstanding: number
  /** Overtaken by a newer state that came. */
  readonly superseded: number
  /** Another page of the session took it. */
  readonly takenByOther: number
  readonly pages: readonly PageCounts[]
}

/**
 * Sorts what did not come.
 * @param accounts those of consecutive clients, the first of which begins a session
 */
export function missedDeliveriesOf(
  accounts: readonly Account[],
  delivery: Delivery,
  pagesPerSession: number,
): MissedDeliveries {
  const pages = Array.from({ length: pagesPerSession }, (_, at) => ({
    page: at + 1,
    expected: 0,
    delivered: 0,
    missed: 0,
  }))
  let [missed, superseded, takenByOther, outstanding] = [0, 0, 0, 0]
  for (const [index, { ledger, span, heldBack }] of accounts.entries()) {
    if (span === null) continue
    const missing = ledger.missing(span.first, span.last)
    missed += missing
    if (delivery === 'last-value') superseded += ledger.missing(span.first, Math.min(span.last, ledger.last))
    const counts = pages[pageOf(index, pagesPerSession) - 1]
    if (counts === undefined) continue
    const expected = span.last - span.first + 1
    counts.expected += expected
    counts.missed += missing + heldBack
    counts.delivered += expected - missing - heldBack
  }
  const shared = delivery === 'session-queue' && pagesPerSession > 1
  for (const session of sessions(accounts, shared ? pagesPerSession : 1)) {
    if (shared) takenByOther += taken(session)
    if (session.every(({ away }) => away)) outstanding += notAskedFor(session)
  }
  return {
    lost: missed - superseded - takenByOther - outstanding,
    outstanding,
    superseded,
    takenByOther,
    pages,
  }
}

/** Deliveries after the newest that any of the clients received, of those that share a queue or of one by itself. */
function notAskedFor(sharing: readonly Account[]): number {
  const newest = Math.max(...sharing.map(({ ledger }) => ledger.last))
  return sharing.reduce(
    (sum, { ledger, span }) =>
      sum + (span === null ? 0 : ledger.missing(Math.max(span.first, newest + 1), span.last)),
    0,
  )
}

/** The accounts of each session. */
export function sessions<A extends Account>(accounts: readonly A[], pagesPerSession: number): A[][] {
  const groups: A[][] = []
  for (const [index, account] of accounts.entries()) {
    const session = sessionOf(index, pagesPerSession)
    groups[session] ??= []
    groups[session].push(account)
  }
  return groups
}

/** Deliveries that a page of a session missed because another one has them. */
function taken(pages: readonly Account[]): number {
  const span = pages[0]?.span ?? null
  if (span === null) return 0
  let count = 0
  for (let seq = span.first; seq <= span.last; seq++) {
    const holders = pages.filter(({ ledger }) => ledger.has(seq)).length
    if (holders > 0) count += pages.length - holders
  }
  return count
}
