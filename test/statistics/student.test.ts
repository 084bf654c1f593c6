import assert from 'node:assert/strict'
import { test } from 'node:test'
import { upperQuantile } from '../../statistics/normal.ts'
import { studentQuantile } from '../../statistics/student.ts'

test('the quantiles are those of the printed tables', () => {
  for (const [wanted, freedom, expected] of [
    [0.95, 1, 12.706],
    [0.95, 2, 4.303],
    [0.95, 3, 3.182],
    [0.95, 4, 2.776],
    [0.95, 9, 2.262],
    [0.95, 30, 2.042],
    [0.99, 1, 63.657],
    [0.99, 4, 4.604],
    [0.99, 5, 4.032],
    [0.9, 7, 1.895],
  ] as const)
    assert.equal(studentQuantile(wanted, freedom).toFixed(3), expected.toFixed(3), `${wanted}, ${freedom}`)
})

test('with one degree of freedom it is the tangent, with many the normal distribution', () => {
  assert.ok(Math.abs(studentQuantile(0.5, 1) - 1) < 1e-8)
  assert.ok(Math.abs(studentQuantile(0.95, 100_000) - upperQuantile(0.025)) < 1e-4)
})
