/**
 * What one client received of its stream: which sequence numbers came, once, twice, out of order or never.
 * An event in order costs one comparison; only gaps take memory.
 */

/** How a received event relates to what came before. */
export type Receipt = 'first' | 'late' | 'duplicate'

export class Ledger {
  /** All below came or are in `#missing`. */
  #next = 1
  #missing: Set<number> | null = null

  /** Sequence number of the newest event received or known to be gone; the cursor of a client that comes back. */
  get last(): number {
    return this.#next - 1
  }

  /** Notes an event: `first` when it is the newest so far, `late` when it fills a gap behind a newer one. */
  receive(seq: number): Receipt {
    if (seq >= this.#next) {
      this.#skipTo(seq)
      this.#next = seq + 1
      return 'first'
    }
    return this.#missing?.delete(seq) === true ? 'late' : 'duplicate'
  }

  /** Notes that the server no longer has the events up to `seq`: whatever of them did not come is missing. */
  overrun(seq: number): void {
    if (seq >= this.#next) {
      this.#skipTo(seq + 1)
      this.#next = seq + 1
    }
  }

  /** True when the event has come. */
  has(seq: number): boolean {
    return seq < this.#next && this.#missing?.has(seq) !== true
  }

  /** How many of the events `first` to `last` (both inclusive) have not come. */
  missing(first: number, last: number): number {
    let missing = Math.max(0, last - Math.max(first, this.#next) + 1)
    if (this.#missing !== null) {
      for (const seq of this.#missing) if (seq >= first && seq <= last) missing++
    }
    return missing
  }

  #skipTo(seq: number): void {
    if (seq === this.#next) return
    this.#missing ??= new Set()
    for (let gone = this.#next; gone < seq; gone++) this.#missing.add(gone)
  }
}
