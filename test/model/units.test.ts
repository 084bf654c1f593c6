import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { after, elapsed, instant, micros, milliseconds, seconds, toMilliseconds } from '../../model/units.ts'

test('seconds, milliseconds and microseconds are one unit', () => {
  assert.equal(seconds(1.5), 1_500_000)
  assert.equal(milliseconds(2.5), 2_500)
  assert.equal(micros(7), 7)
  assert.equal(toMilliseconds(seconds(2)), 2_000)
})

test('what lies a duration after an instant is elapsed by that duration', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer(), (at, delay) => {
      fc.pre(Number.isSafeInteger(at + delay))
      assert.equal(elapsed(instant(at), after(instant(at), micros(delay))), delay)
      assert.equal(elapsed(after(instant(at), micros(delay)), instant(at)) + delay, 0)
    }),
    { seed: 1 },
  )
})
