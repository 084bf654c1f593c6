import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { changePoints } from '../../statistics/change-points.ts'
import { drawing, normal } from '../compare/random-samples.ts'

/** Values around the levels, each held for so many commits, with 3 % noise. */
const history = (
  label: string,
  ...levels: readonly (readonly [level: number, commits: number])[]
): number[] => {
  const random = drawing('history', label)
  return levels.flatMap(([level, commits]) =>
    Array.from({ length: commits }, () => level * (1 + 0.03 * normal(random))),
  )
}
const indices = (values: readonly number[]): number[] => changePoints(values).map(({ index }) => index)

describe('where the level of a history changes', () => {
  test('a step is marked where it is, with the levels around it', () => {
    const [point, ...more] = changePoints(history('step', [100, 20], [115, 15]))
    assert.equal(more.length, 0)
    assert.equal(point?.index, 20)
    assert.ok(Math.abs((point?.before ?? 0) - 100) < 3)
    assert.ok(Math.abs((point?.after ?? 0) - 115) < 3)
    assert.ok((point?.p ?? 1) <= 0.01)
  })

  test('two steps are two points', () => {
    assert.deepEqual(indices(history('two steps', [100, 20], [120, 20], [90, 20])), [20, 40])
  })

  test('a level that comes back is two points', () => {
    assert.deepEqual(indices(history('pulse', [100, 20], [130, 10], [100, 20])), [20, 30])
  })

  test('a step at the end is marked as soon as a few commits show it', () => {
    assert.deepEqual(indices(history('end', [100, 30], [120, 4])), [30])
  })

  test('one outlier is not a change', () => {
    const values = history('outlier', [100, 30])
    assert.deepEqual(indices(values.with(17, 300)), [])
  })

  test('slow drift shows as at least one step', () => {
    const drifting = history('drift', [100, 40]).map((value, index) => value * (1 + 0.01 * index))
    const points = changePoints(drifting)
    assert.ok(points.length >= 1)
    for (const { before, after } of points) assert.ok(after > before)
  })

  for (const values of [[], [1], [1, 2, 3], [1, 1, 1, 9, 9, 9], [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]]) {
    test(`${values.length} values, ${values.join() || 'none'}, show nothing`, () =>
      assert.deepEqual(changePoints(values), []))
  }
})

test('a history without a change is marked no more often than the level says', () => {
  const random = drawing('calm histories')
  const histories = 500
  const marked = Array.from({ length: histories }, () =>
    changePoints(Array.from({ length: 20 }, () => Math.exp(0.1 * normal(random)))),
  ).filter(points => points.length > 0).length
  // 5 expected at 1 %; 11 or more come 1 time in 75.
  assert.ok(marked <= 10, `${marked} of ${histories}`)
})

test('the scale of the values does not matter, and points are in order and apart', () => {
  const levels = fc.array(fc.tuple(fc.integer({ min: 50, max: 200 }), fc.integer({ min: 4, max: 12 })), {
    minLength: 1,
    maxLength: 4,
  })
  fc.assert(
    fc.property(levels, parts => {
      const values = history('laws', ...parts)
      const points = indices(values)
      assert.deepEqual(indices(values.map(value => value * 1_024)), points)
      for (const [place, index] of [...points, values.length].entries())
        assert.ok(index - (points[place - 1] ?? 0) >= 3)
    }),
    { seed: 1, numRuns: 40 },
  )
})
