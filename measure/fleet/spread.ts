/**
 * The skew of a shared stream: for each event, from its first receiver to its last, over all client processes.
 */

import { elapsed, type Instant } from '../../model/units.ts'
import { Histogram } from '../../results/histogram.ts'
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

/** The skew of every event that at least one client received. */
export function skewOf(parts: readonly (readonly SpreadPart[])[]): Histogram {
  const spans = new Map<string, { first: Instant; last: Instant }>()
  for (const [stream, seq, first, last] of parts.flat()) {
    const key = `${stream}/${seq}`
    const span = spans.get(key)
    if (span === undefined) {
      spans.set(key, { first, last })
    } else {
      if (first < span.first) span.first = first
      if (last > span.last) span.last = last
    }
  }
  const skew = new Histogram()
  for (const { first, last } of spans.values()) skew.record(elapsed(first, last))
  return skew
}
