/**
 * What one client received of its stream: which sequence numbers came, once, twice, out of order or never.
 * An event in order costs one comparison. Only gaps take memory, a long one as much as a short one, because a
 * sequence number off the wire may be any number.
 */

/** How a received event relates to what came before. */
export type Receipt = 'first' | 'late' | 'duplicate'

/** Consecutive events that have not come, `first` to `last`, both inclusive. */
interface Gap {
  readonly first: number
  readonly last: number
}

export class Ledger {
  /** All sequence numbers below this have come or are in a gap. */
  #next = 1
  /** In ascending order; no two have an event in common. */
  readonly #gaps: Gap[] = []

  /** Sequence number of the newest event received or known to be gone; the cursor of a client that reconnects. */
  get last(): number {
    return this.#next - 1
  }

  /** Notes an event: `first` when it is the newest so far, `late` when it fills a gap behind a newer one. */
  receive(seq: number): Receipt {
    if (seq === this.#next) {
      this.#next++
      return 'first'
    }
    if (seq < this.#next) return this.#fill(seq) ? 'late' : 'duplicate'
    this.#gaps.push({ first: this.#next, last: seq - 1 })
    this.#next = seq + 1
    return 'first'
  }

  /** Notes that the server no longer has the events up to `seq`: whatever of them did not come is missing. */
  overrun(seq: number): void {
    if (seq < this.#next) return
    this.#gaps.push({ first: this.#next, last: seq })
    this.#next = seq + 1
  }

  /** True when the event has come. */
  has(seq: number): boolean {
    return seq < this.#next && (this.#gaps[this.#search(seq)]?.first ?? this.#next) > seq
  }

  /** How many of the events `first` to `last` (both inclusive) have not come. */
  missing(first: number, last: number): number {
    let missing = Math.max(0, last - Math.max(first, this.#next) + 1)
    for (const gap of this.#gaps) {
      missing += Math.max(0, Math.min(gap.last, last) - Math.max(gap.first, first) + 1)
    }
    return missing
  }

  /** Takes an event out of its gap; false when it is in no gap. */
  #fill(seq: number): boolean {
    const at = this.#search(seq)
    const gap = this.#gaps[at]
    if (gap === undefined || seq < gap.first) return false
    const [before, behind] = [
      { first: gap.first, last: seq - 1 },
      { first: seq + 1, last: gap.last },
    ]
    this.#gaps.splice(at, 1, ...[before, behind].filter(({ first, last }) => first <= last))
    return true
  }

  /** Index of the first gap that does not end before `seq`, by halving; their number when all do. */
  #search(seq: number): number {
    let [low, high] = [0, this.#gaps.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#gaps[middle]?.last ?? seq) < seq) low = middle + 1
      else high = middle
    }
    return low
  }
}
