/**
 * When each event of a shared stream came to its first and to its last receiver: what the skew is derived from.
 */

import type { Instant } from '../../model/units.ts'
import type { SpreadPart } from '../messages/fleet-counts.ts'

/** Collects the receipts of one client process. */
export class Spread {
  readonly #streams = new Map<number, Map<number, { first: Instant; last: Instant }>>()

  receive(stream: number, seq: number, at: Instant): void {
    let events = this.#streams.get(stream)
    if (events === undefined) {
      events = new Map()
      this.#streams.set(stream, events)
    }
    const seen = events.get(seq)
    if (seen === undefined) events.set(seq, { first: at, last: at })
    else seen.last = at
  }

  parts(): SpreadPart[] {
    return [...this.#streams].flatMap(([stream, events]) =>
      [...events].map(([seq, { first, last }]): SpreadPart => [stream, seq, first, last]),
    )
  }
}
