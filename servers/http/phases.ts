/**
 * Spreads what would otherwise happen on all connections at once. Without it, the heartbeats and stream ends of clients
 * that connect together would always coincide, while real users open a page at any time.
 */

/** Multiples of the golden ratio fall evenly into the unit interval, however many there are. */
const golden = (Math.sqrt(5) - 1) / 2

export class Phases {
  #drawn = 0

  /** The share of a period that the next one waits at first, above 0 and at most 1; the first waits the whole. */
  next(): number {
    return 1 - ((this.#drawn++ * golden) % 1)
  }
}
