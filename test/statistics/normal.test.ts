import assert from 'node:assert/strict'
import { test } from 'node:test'
import { upperQuantile, upperTail } from '../../statistics/normal.ts'

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) <= 1e-11 * Math.abs(expected), `${actual} is not ${expected}`)

// scipy.stats.norm.sf and .ppf, SciPy 1.17.
const tails = [
  [0, 0.5],
  [0.3, 0.3820885778110474],
  [1.96, 0.024997895148220435],
  [3.7, 0.00010779973347738823],
  [5, 2.866515718791933e-7],
] as const

test('the upper tail is that of published tables, on both sides of 0', () => {
  for (const [z, tail] of tails) {
    near(upperTail(z), tail)
    near(upperTail(-z), 1 - tail)
  }
})

test('the quantile of a tail is its inverse', () => {
  near(upperQuantile(0.025), 1.959963984540054)
  near(upperQuantile(0.05 / 270), 3.5603432319646133)
  for (const [z, tail] of tails.slice(1)) near(upperQuantile(tail), z)
})
