import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { holm } from '../../statistics/holm.ts'

const rounded = (values: readonly number[]): number[] => values.map(value => Number(value.toFixed(9)))

// p.adjust(p, "holm") of R.
const examples = [
  { p: [0.01, 0.04, 0.03, 0.005], adjusted: [0.03, 0.06, 0.06, 0.02] },
  { p: [0.01, 0.02, 0.03, 0.04, 0.05], adjusted: [0.05, 0.08, 0.09, 0.09, 0.09] },
  { p: [0.04], adjusted: [0.04] },
  { p: [0.5, 0.9, 0.02], adjusted: [1, 1, 0.06] },
  { p: [0.02, 0.02], adjusted: [0.04, 0.04] },
  { p: [], adjusted: [] },
]
for (const { p, adjusted } of examples) {
  test(`Holm adjusts ${p.join(', ') || 'nothing'}`, () => assert.deepEqual(rounded(holm(p)), adjusted))
}

const family = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 })

test('an adjusted p lies between the p and its Bonferroni bound, and keeps the order', () => {
  fc.assert(
    fc.property(family, values => {
      const adjusted = holm(values)
      for (const [index, p] of values.entries()) {
        const own = adjusted[index] ?? Number.NaN
        assert.ok(own >= p && own <= Math.min(1, p * values.length))
        for (const [other, q] of values.entries())
          if (p < q) assert.ok(own <= (adjusted[other] ?? Number.NaN))
      }
    }),
    { seed: 1, numRuns: 200 },
  )
})
