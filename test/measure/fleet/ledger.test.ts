import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Ledger, type Receipt } from '../../../measure/fleet/ledger.ts'

/** The same by remembering everything. */
class Model {
  readonly #came = new Set<number>()
  #newest = 0

  get last(): number {
    return this.#newest
  }

  receive(seq: number): Receipt {
    const receipt = this.#came.has(seq) ? 'duplicate' : seq > this.#newest ? 'first' : 'late'
    this.#came.add(seq)
    this.#newest = Math.max(this.#newest, seq)
    return receipt
  }

  overrun(seq: number): void {
    this.#newest = Math.max(this.#newest, seq)
  }

  has(seq: number): boolean {
    return this.#came.has(seq)
  }

  missing(first: number, last: number): number {
    let missing = 0
    for (let seq = first; seq <= last; seq++) if (!this.has(seq)) missing++
    return missing
  }
}

const seqs = fc.integer({ min: 1, max: 40 })
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('receive' as const), seq: seqs }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('overrun' as const), seq: seqs }) },
  ),
  { maxLength: 80 },
)

test('a ledger says of any sequence of receipts and overruns what remembering everything would say', () => {
  fc.assert(
    fc.property(steps, seqs, fc.nat(50), (sequence, from, length) => {
      const [ledger, model] = [new Ledger(), new Model()]
      for (const { kind, seq } of sequence) {
        if (kind === 'receive') assert.equal(ledger.receive(seq), model.receive(seq))
        else {
          ledger.overrun(seq)
          model.overrun(seq)
        }
        assert.equal(ledger.last, model.last)
      }
      assert.equal(ledger.missing(from, from + length), model.missing(from, from + length))
      for (let seq = 1; seq <= 41; seq++) assert.equal(ledger.has(seq), model.has(seq))
    }),
    { seed: 1, numRuns: 1_000 },
  )
})

test('of any permutation with drops and duplicates it counts exactly what was done to it', () => {
  const permutations = fc.integer({ min: 1, max: 60 }).chain(count =>
    fc.record({
      count: fc.constant(count),
      order: fc.shuffledSubarray(
        Array.from({ length: count }, (_, index) => index + 1),
        { minLength: 0, maxLength: count },
      ),
      repeats: fc.array(fc.nat(), { maxLength: 20 }),
    }),
  )
  fc.assert(
    fc.property(permutations, ({ count, order, repeats }) => {
      // A repeat is put anywhere behind the first arrival of its event.
      const stream = [...order]
      let duplicated = 0
      for (const pick of order.length === 0 ? [] : repeats) {
        const seq = order[pick % order.length] ?? 1
        stream.splice(stream.indexOf(seq) + 1 + (pick % 7), 0, seq)
        duplicated++
      }
      const outOfOrder = order.filter((seq, index) =>
        order.slice(0, index).some(earlier => earlier > seq),
      ).length

      const ledger = new Ledger()
      const receipts = stream.map(seq => ledger.receive(seq))
      const counted = (receipt: Receipt): number => receipts.filter(each => each === receipt).length
      assert.equal(counted('duplicate'), duplicated)
      assert.equal(counted('late'), outOfOrder)
      assert.equal(counted('first'), order.length - outOfOrder)
      assert.equal(ledger.missing(1, count), count - order.length)
    }),
    { seed: 2, numRuns: 500 },
  )
})

test('an overrun leaves what had come, misses what had not, and takes a late arrival as late', () => {
  const ledger = new Ledger()
  ledger.receive(1)
  ledger.receive(3)
  ledger.overrun(6)
  assert.equal(ledger.last, 6)
  assert.equal(ledger.missing(1, 6), 4)
  assert.equal(ledger.receive(5), 'late')
  assert.equal(ledger.missing(1, 6), 3)
  ledger.overrun(4)
  assert.equal(ledger.last, 6, 'an older overrun does not move the cursor back')
})

test('a sequence number that leaps ahead costs no more than any gap', () => {
  const leap = 1_000_000_000
  const ledger = new Ledger()
  assert.equal(ledger.receive(1), 'first')
  assert.equal(ledger.receive(leap), 'first')
  assert.equal(ledger.missing(1, leap), leap - 2)
  assert.equal(ledger.receive(leap / 2), 'late')
  assert.equal(ledger.receive(leap / 2), 'duplicate')
  ledger.overrun(Number.MAX_SAFE_INTEGER - 1)
  assert.equal(ledger.last, Number.MAX_SAFE_INTEGER - 1)
  assert.deepEqual(
    [2, leap / 2, leap - 1, leap, leap + 1].map(seq => ledger.has(seq)),
    [false, true, false, true, false],
  )
  assert.equal(ledger.missing(1, leap), leap - 3)
})

test('an empty span misses nothing', () => {
  assert.equal(new Ledger().missing(5, 4), 0)
})
