import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shamos } from '../../statistics/shamos.ts'
import { drawing, normal } from '../compare/random-samples.ts'

test('of normal values it is the standard deviation', () => {
  const random = drawing('shamos')
  const values = Array.from({ length: 600 }, () => 40 + 3 * normal(random))
  const spread = shamos(values) ?? 0
  // Standard error 3 / sqrt(2 x 600 x 0.86) = 0.09; four of them.
  assert.ok(Math.abs(spread - 3) < 0.37, `${spread}`)
})

test('two stray runs in ten do not blow it up', () => {
  const baseline = [10, 10.1, 9.9, 10.2, 9.8, 10, 10.1, 9.9]
  const spread = shamos([...baseline, 90, 500]) ?? 0
  assert.ok(spread < 0.6, `${spread}`)
})

test('one run has no spread', () => {
  assert.equal(shamos([]), null)
  assert.equal(shamos([3]), null)
  assert.equal(shamos([3, 3]), 0)
})
