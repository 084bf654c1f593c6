import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Backoff,
  type BackoffName,
  type BackoffPolicy,
  backoffNames,
  backoffOf,
  backoffPolicies,
  defaultBackoff,
  delayBefore,
  type Reconnect,
} from '../../model/backoff.ts'
import { type Random, randomFor } from '../../model/random.ts'
import { type Micros, milliseconds, seconds } from '../../model/units.ts'
import { ksCritical, ksDistance, uniformCdf } from '../statistics/samples.ts'
import { callsOfContention } from './brooker-contention.ts'

const before = (attempt: number, previous: Micros | null = null): Reconnect => ({
  attempt,
  previous,
  asked: null,
})

/** The first delays after a loss, in seconds, each computed from the one before. */
function delaysOf(backoff: Backoff, count: number, random: Random): number[] {
  let previous: Micros | null = null
  return Array.from({ length: count }, (_, attempt) => {
    previous = delayBefore(backoff, before(attempt, previous), random)
    return previous / 1_000_000
  })
}

test('the policies without jitter wait what they say', () => {
  const random = (): number => assert.fail('drew a random number')
  const cases: readonly (readonly [Backoff, readonly number[]])[] = [
    [backoffOf('none'), [0.001, 0.001, 0.001, 0.001]],
    [backoffOf('fixed', { base: seconds(2) }), [2, 2, 2, 2]],
    [backoffOf('eventsource'), [3, 3, 3, 3]],
    [backoffOf('exponential'), [1, 2, 4, 8, 16, 30, 30]],
    [backoffOf('exponential', { base: seconds(2), cap: seconds(20), factor: 3 }), [2, 6, 18, 20]],
  ]
  for (const [backoff, delays] of cases) assert.deepEqual(delaysOf(backoff, delays.length, random), delays)
})

/** Each policy's definition: where a delay lies between its bounds is uniform. Seconds. */
const uniformCases: readonly (readonly [Backoff, Reconnect, from: number, to: number])[] = [
  [backoffOf('full-jitter'), before(0), 0, 1],
  [backoffOf('full-jitter'), before(3), 0, 8],
  [backoffOf('full-jitter'), before(6), 0, 30],
  [backoffOf('full-jitter', { factor: 3 }), before(2), 0, 9],
  [backoffOf('equal-jitter'), before(0), 0.5, 1],
  [backoffOf('equal-jitter'), before(3), 4, 8],
  [backoffOf('equal-jitter'), before(9), 15, 30],
  [backoffOf('decorrelated'), before(0), 1, 3],
  [backoffOf('decorrelated'), before(1, seconds(2.5)), 1, 7.5],
  [backoffOf('rfc6455'), before(0), 0, 5],
  [backoffOf('server-directed'), before(2), 0, 4],
]

for (const [backoff, reconnect, from, to] of uniformCases) {
  test(`${backoff.name} before attempt ${reconnect.attempt} is uniform from ${from} to ${to} s`, () => {
    const random = randomFor(1, backoff.name, reconnect.attempt)
    const delays = Array.from({ length: 5_000 }, () => delayBefore(backoff, reconnect, random) / 1_000_000)
    const shares = delays.map(delay => (delay - from) / (to - from))
    assert.ok(ksDistance(shares, uniformCdf) < ksCritical(shares.length))
    // The least pause of 1 ms is the only mark that a client leaves on a policy.
    assert.ok(delays.every(delay => delay >= Math.max(from, 0.001) && delay < to))
  })
}

test('decorrelated jitter is cut off at its cap, and only there', () => {
  const random = randomFor(1, 'cap')
  const delays = Array.from(
    { length: 5_000 },
    () => delayBefore(backoffOf('decorrelated'), before(1, seconds(20)), random) / 1_000_000,
  )
  // Uniform from 1 to 60 s, of which 30 to 60 s falls together.
  const below = delays.filter(delay => delay < 30).map(delay => (delay - 1) / 29)
  assert.ok(ksDistance(below, uniformCdf) < ksCritical(below.length))
  const cut = delays.filter(delay => delay === 30).length
  assert.equal(cut + below.length, delays.length)
  assert.ok(Math.abs(cut / delays.length - 30 / 59) < 0.03)
})

test('rfc6455 waits increasingly longer, as truncated exponential backoff, after its first random delay', () => {
  assert.deepEqual(
    delaysOf(backoffOf('rfc6455'), 5, () => 0.5),
    [2.5, 10, 20, 30, 30],
  )
})

// Computed by socket.io-client 4.8.4's own lib/contrib/backo2 (min 1000, max 5000, jitter 0.5) for these draws.
const socketIoDelays: readonly (readonly [draw: number, delaysMs: readonly number[]])[] = [
  [0, [1000, 2000, 4000, 5000, 5000, 5000]],
  [0.05, [975, 1950, 3900, 5000, 5000, 5000]],
  [0.15, [1075, 2150, 4300, 5000, 5000, 5000]],
  [0.5, [1250, 2500, 5000, 5000, 5000, 5000]],
  [0.73, [1365, 2730, 5000, 5000, 5000, 5000]],
  [0.999, [1499, 2999, 5000, 5000, 5000, 5000]],
]

test('socket.io waits to the millisecond what the package waits for the same draws', () => {
  for (const [draw, delays] of socketIoDelays) {
    assert.deepEqual(
      delaysOf(backoffOf('socket.io'), 6, () => draw),
      delays.map(delay => delay / 1_000),
    )
  }
})

test('socket.io deviates by half at most, in ten bands, and not at all from the fifth attempt on', () => {
  const random = randomFor(1, 'socket.io')
  const drawn = (attempt: number): number[] =>
    Array.from({ length: 5_000 }, () => delayBefore(backoffOf('socket.io'), before(attempt), random) / 1_000)
  // The draw's first decimal is the sign: even takes a deviation of 0, 10, 20 ... % of the half away, odd adds it.
  const bandCdf = (delay: number): number => {
    const deviation = Math.abs(delay - 1_000) / 50
    const within = (bands: readonly number[]): number =>
      bands.reduce((sum, band) => sum + Math.min(1, Math.max(0, deviation - band)) / 10, 0)
    return delay < 1_000 ? 0.5 - within([0, 2, 4, 6, 8]) : 0.5 + within([1, 3, 5, 7, 9])
  }
  const first = drawn(0)
  // Whole milliseconds shift the distribution by one of 500 at most.
  assert.ok(ksDistance(first, bandCdf) < ksCritical(first.length) + 1 / 500)
  assert.ok(Math.min(...first) >= 500 && Math.max(...first) <= 1_500)
  assert.deepEqual(new Set(drawn(4)), new Set([5_000]))
})

const anyBackoff = fc
  .tuple(
    fc.constantFrom(...backoffNames),
    fc.integer({ min: 1, max: 30_000 }),
    fc.integer({ min: 0, max: 60_000 }),
    fc.double({ min: 1.01, max: 10, noNaN: true }),
  )
  .map(([name, base, above, factor]) =>
    backoffOf(name, { base: milliseconds(base), cap: milliseconds(base + above), factor }),
  )
const anyDraw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test('no policy ever waits less than a millisecond, longer than its cap, or something that is not a number', () => {
  fc.assert(
    fc.property(anyBackoff, fc.nat(5_000), fc.option(anyDraw), anyDraw, (backoff, attempt, last, draw) => {
      const previous = last === null ? null : ((last * backoff.cap) as Micros)
      const delay = delayBefore(backoff, before(attempt, previous), () => draw)
      assert.ok(delay >= 1_000 && delay <= backoff.cap, `${delay}`)
    }),
    { seed: 1, numRuns: 5_000 },
  )
})

test('no ceiling ever falls with the attempts, and jitter stays below it', () => {
  const growing = ['exponential', 'equal-jitter', 'full-jitter'] as const
  fc.assert(
    fc.property(anyBackoff, fc.nat(2_000), anyDraw, ({ base, cap, factor }, attempt, draw) => {
      const [ceiling, equal, full] = growing.map(name =>
        delayBefore(backoffOf(name, { base, cap, factor }), before(attempt), () => draw),
      ) as [Micros, Micros, Micros]
      const next = delayBefore(
        backoffOf('exponential', { base, cap, factor }),
        before(attempt + 1),
        () => draw,
      )
      assert.ok(ceiling <= next && equal <= ceiling && equal >= ceiling / 2 && full <= equal, `${attempt}`)
    }),
    { seed: 1, numRuns: 2_000 },
  )
})

test('what the server asks for replaces the delay of the policies that obey, and nowhere else', () => {
  const obeying = backoffNames.filter(name => {
    const asked = seconds(47.11)
    const delay = delayBefore(backoffOf(name), { ...before(0), asked }, () => 0.5)
    const own = delayBefore(backoffOf(name), before(0), () => 0.5)
    assert.ok(delay === asked || delay === own, name)
    return delay === asked
  })
  assert.deepEqual(obeying, ['eventsource', 'server-directed'] satisfies BackoffName[])
})

test('even a server that asks for no wait at all leaves the event loop a millisecond', () => {
  const reconnect = { ...before(0), asked: milliseconds(0) }
  assert.equal(
    delayBefore(backoffOf('server-directed'), reconnect, () => 0.5),
    1_000,
  )
})

test('one seed makes the same delays again', () => {
  const delays = (): number[] => delaysOf(defaultBackoff, 10, randomFor(7, 'client', 3))
  assert.deepEqual(delays(), delays())
})

test('every policy says in one line what it does and where it is defined, and its defaults are in order', () => {
  for (const name of backoffNames) {
    const { summary, reference }: BackoffPolicy = backoffPolicies[name]
    const { base, cap, factor } = backoffOf(name)
    assert.ok(summary.length > 10 && !summary.includes('\n') && reference.length > 10, name)
    assert.ok(base >= 0 && cap >= base && factor >= 1, name)
  }
})

// Brooker's figure for 100 contenders: the mean of 100 trials.
const published = {
  none: 2_427,
  exponential: 1_854,
  'equal-jitter': 812,
  'full-jitter': 795,
  decorrelated: 1_005,
} satisfies Partial<Record<BackoffName, number>>

for (const [name, calls] of Object.entries(published) as [BackoffName, number][]) {
  test(`100 contenders under ${name} need the published ${calls} calls, within 10 %`, () => {
    const trials = Array.from({ length: 100 }, (_, trial) =>
      callsOfContention(name, 100, randomFor(1, 'contention', trial)),
    )
    const mean = trials.reduce((sum, trial) => sum + trial, 0) / trials.length
    assert.ok(Math.abs(mean / calls - 1) < 0.1, `${mean}`)
  })
}
