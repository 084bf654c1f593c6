import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Backoff, backoffDelay, backoffNames, defaultBackoff } from '../../measure/backoff.ts'
import { randomFor } from '../../measure/random.ts'
import { milliseconds, seconds } from '../../measure/units.ts'
import { ksCritical, ksDistance, uniformCdf } from './statistics.ts'

const backoff = (name: Backoff['name']): Backoff => ({ name, base: seconds(1), cap: seconds(30) })
const random = randomFor(1, 'backoff')
const firstDelays = (name: Backoff['name']): number[] =>
  Array.from({ length: 8 }, (_, attempt) => backoffDelay(backoff(name), attempt, random) / 1_000_000)

test('the fixed law waits its base every time', () => {
  assert.deepEqual(firstDelays('fixed'), [1, 1, 1, 1, 1, 1, 1, 1])
})

test('the exponential law doubles up to its cap', () => {
  assert.deepEqual(firstDelays('exponential'), [1, 2, 4, 8, 16, 30, 30, 30])
})

test('the law that waits not at all still leaves the event loop a millisecond', () => {
  assert.deepEqual(new Set(firstDelays('none')), new Set([0.001]))
})

for (const [attempt, reach] of [
  [0, 1],
  [3, 8],
  [6, 30],
] as const) {
  test(`full jitter before attempt ${attempt} is uniform from 0 to ${reach} s`, () => {
    const delays = Array.from({ length: 5_000 }, () => backoffDelay(backoff('full-jitter'), attempt, random))
    const shares = delays.map(delay => delay / seconds(reach))
    assert.ok(ksDistance(shares, uniformCdf) < ksCritical(shares.length))
    assert.ok(delays.every(delay => delay <= seconds(reach)))
  })
}

test('no law ever waits less than a millisecond, longer than its cap, or something that is no number', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...backoffNames),
      fc.nat(5_000),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.integer({ min: 1, max: 30_000 }),
      (name, attempt, draw, base) => {
        const law: Backoff = { name, base: milliseconds(base), cap: seconds(30) }
        const delay = backoffDelay(law, attempt, () => draw)
        assert.ok(delay >= 1_000 && delay <= law.cap, `${delay}`)
      },
    ),
    { seed: 1, numRuns: 2_000 },
  )
})

test('one seed makes the same delays again', () => {
  const delays = (): number[] => {
    const own = randomFor(7, 'client', 3)
    return Array.from({ length: 10 }, (_, attempt) => backoffDelay(defaultBackoff, attempt, own))
  }
  assert.deepEqual(delays(), delays())
})
