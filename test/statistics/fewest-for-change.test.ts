import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changePoints, fewestForChange } from '../../statistics/change-points.ts'

for (const level of [0.1, 0.05, 0.01])
  test(`a clear step is marked from the fewest values on, and below never, at ${level}`, () => {
    const step = (count: number): number[] =>
      Array.from({ length: count }, (_, at) => (at < count / 2 ? 100 : 900) + at / 10)
    const fewest = fewestForChange(level)
    assert.equal(changePoints(step(fewest - 1), level).length, 0)
    assert.equal(changePoints(step(fewest + 1), level).length, 1)
  })
