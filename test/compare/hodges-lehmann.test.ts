import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { hodgesLehmann, hodgesLehmannInterval } from '../../compare/hodges-lehmann.ts'
import { mannWhitney } from '../../compare/mann-whitney.ts'

const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
const early = [1.15, 0.88, 0.9, 0.74, 1.21]
const near = (actual: number | undefined, expected: number): void =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`)

test('the shift of the permeability data of Hollander and Wolfe is -0.305, between -0.76 and 0.15', () => {
  near(hodgesLehmann(term, early), -0.305)
  const interval = hodgesLehmannInterval(term, early, 0.95)
  near(interval?.low, -0.76)
  near(interval?.high, 0.15)
})

test('three runs a side are too few for an interval at 95 %, four are enough', () => {
  assert.equal(hodgesLehmannInterval([1, 2, 3], [7, 8, 9], 0.95), null)
  assert.deepEqual(hodgesLehmannInterval([1, 2, 3, 4], [7, 8, 9, 10], 0.95), { low: 3, high: 9 })
  assert.equal(hodgesLehmannInterval([1], [2], 0.95), null)
})

describe('laws', () => {
  // Fractions without ties.
  const sample = fc.uniqueArray(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 4, maxLength: 8 })

  test('swapping the samples turns the shift and its interval round', () => {
    fc.assert(
      fc.property(sample, sample, (base, head) => {
        near(hodgesLehmann(base, head), -hodgesLehmann(head, base))
        const [one, other] = [
          hodgesLehmannInterval(base, head, 0.95),
          hodgesLehmannInterval(head, base, 0.95),
        ]
        near(one?.low, -(other?.high ?? Number.NaN))
        near(one?.high, -(other?.low ?? Number.NaN))
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  test('without ties the interval leaves out 0 exactly where the test rejects', () => {
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: 0, max: 2_000_000 }), (base, head, shift) => {
        const shifted = head.map(value => value + shift + 0.5)
        const interval = hodgesLehmannInterval(base, shifted, 0.95)
        const p = mannWhitney(base, shifted)?.twoSided ?? 1
        assert.equal(interval !== null && (interval.low > 0 || interval.high < 0), p <= 0.05)
      }),
      { seed: 2, numRuns: 300 },
    )
  })
})
