/**
 * How long a client waits before its n-th attempt to reconnect. Names and laws after Brooker, "Exponential
 * backoff and jitter" (2015).
 */
import type { Random } from './random.ts'
import { type Micros, micros, milliseconds, seconds } from './units.ts'

/** A law of waiting. */
export interface Backoff {
  readonly name: BackoffName
  /** The first delay before any growth or jitter. */
  readonly base: Micros
  /** No delay is longer. */
  readonly cap: Micros
}

/** The delay before an attempt, counted from 0 since the connection was lost. */
type Law = (backoff: Backoff, attempt: number, random: Random) => Micros

const grown = (backoff: Backoff, attempt: number): number =>
  Math.min(backoff.cap, backoff.base * 2 ** attempt)

const laws = {
  none: () => micros(0),
  fixed: backoff => backoff.base,
  exponential: (backoff, attempt) => micros(grown(backoff, attempt)),
  'full-jitter': (backoff, attempt, random) => micros(random() * grown(backoff, attempt)),
} satisfies Record<string, Law>

export type BackoffName = keyof typeof laws

/** Every policy, for help texts and checks. */
export const backoffNames = Object.keys(laws) as readonly BackoffName[]

/** Full jitter over 1 s, doubling up to 30 s: spreads clients that were dropped together. */
export const defaultBackoff: Backoff = { name: 'full-jitter', base: seconds(1), cap: seconds(30) }

/** Even the law that waits not at all leaves the event loop room to answer: 1 ms. */
const least = milliseconds(1)

/** The delay before attempt number `attempt` (from 0). */
export function backoffDelay(backoff: Backoff, attempt: number, random: Random): Micros {
  const law: Law = laws[backoff.name]
  return micros(Math.max(least, law(backoff, attempt, random)))
}
