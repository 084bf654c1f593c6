import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Due, dueBetween, dueEvents, dueTimes, type ScheduleSpec } from '../../model/schedule.ts'
import { micros } from '../../model/units.ts'
import { exponentialCdf, ksCritical, ksDistance, meanOf, uniformCdf } from '../statistics/samples.ts'

const take = (spec: ScheduleSpec, stream: number, count: number): number[] => [
  ...dueTimes(spec, stream).take(count),
]
const gapsOf = (times: readonly number[]): number[] =>
  times.slice(1).map((at, index) => at - (times[index] ?? 0))

/** Everything due before `end`, found without any of the machinery. */
function bruteForce(spec: ScheduleSpec, streams: readonly number[], end: number): Due[] {
  const all = streams.flatMap(stream => {
    const due: Due[] = []
    for (const at of dueTimes(spec, stream)) {
      if (at >= end) break
      due.push({ stream, seq: due.length + 1, at })
    }
    return due
  })
  return all.sort((a, b) => a.at - b.at || a.stream - b.stream)
}

const specs: fc.Arbitrary<ScheduleSpec> = fc.record({
  seed: fc.integer(),
  arrivals: fc.constantFrom('poisson' as const, 'periodic' as const),
  ratePerSecond: fc.double({ min: 0.2, max: 300, noNaN: true }),
})
const streamSets = fc.uniqueArray(fc.nat(50), { minLength: 0, maxLength: 12 })

for (const arrivals of ['poisson', 'periodic'] as const) {
  test(`a ${arrivals} schedule is the same for one seed and another for another seed or stream`, () => {
    const spec: ScheduleSpec = { seed: 1, arrivals, ratePerSecond: 20 }
    assert.deepEqual(take(spec, 3, 200), take(spec, 3, 200))
    assert.notDeepEqual(take(spec, 3, 200), take({ ...spec, seed: 2 }, 3, 200))
    assert.notDeepEqual(take(spec, 3, 200), take(spec, 4, 200))
  })
}

test('due times are whole microseconds, never negative and never fall back', () => {
  fc.assert(
    fc.property(specs, fc.nat(20), (spec, stream) => {
      const times = take(spec, stream, 100)
      assert.ok(times.every(at => Number.isSafeInteger(at) && at >= 0))
      assert.ok(gapsOf(times).every(gap => gap >= 0))
    }),
    { seed: 2 },
  )
})

for (const [ratePerSecond, seed] of [
  [1, 1],
  [2, 7],
  [50, 42],
  [1_000, 3],
] as const) {
  const count = 10_000
  const mean = 1_000_000 / ratePerSecond

  test(`Poisson gaps at ${ratePerSecond}/s are exponential (seed ${seed})`, () => {
    const gaps = gapsOf([0, ...take({ seed, arrivals: 'poisson', ratePerSecond }, 0, count)])
    assert.ok(ksDistance(gaps, exponentialCdf(mean)) < ksCritical(count))
  })

  test(`Poisson gaps at ${ratePerSecond}/s have the mean of their rate within 4 standard errors (seed ${seed})`, () => {
    const gaps = gapsOf([0, ...take({ seed, arrivals: 'poisson', ratePerSecond }, 0, count)])
    assert.ok(Math.abs(meanOf(gaps) - mean) < (4 * mean) / Math.sqrt(count))
  })
}

for (const ratePerSecond of [0.5, 3, 7, 100, 1_000, 30_000]) {
  test(`periodic events at ${ratePerSecond}/s stay on their grid, however many there were`, () => {
    const times = take({ seed: 5, arrivals: 'periodic', ratePerSecond }, 0, 50_000)
    const period = 1_000_000 / ratePerSecond
    const [first = 0] = times
    assert.ok(first >= 0 && first <= Math.ceil(period), 'the phase lies within one period')
    times.forEach((at, index) => {
      assert.ok(Math.abs(at - first - index * period) <= 1, `event ${index} is off its grid`)
    })
  })
}

test('periodic spacing is exact where the period is whole', () => {
  const times = take({ seed: 5, arrivals: 'periodic', ratePerSecond: 8 }, 0, 10_000)
  assert.deepEqual(new Set(gapsOf(times)), new Set([125_000]))
})

test('the phases of periodic streams are uniform over the period', () => {
  const spec: ScheduleSpec = { seed: 1, arrivals: 'periodic', ratePerSecond: 2 }
  const phases = Array.from({ length: 2_000 }, (_, stream) => (take(spec, stream, 1)[0] ?? 0) / 500_000)
  assert.ok(ksDistance(phases, uniformCdf) < ksCritical(phases.length))
})

test('dueEvents yields the events of all streams in the order in which they are due', () => {
  fc.assert(
    fc.property(specs, streamSets, fc.nat(2_000_000), (spec, streams, end) => {
      assert.deepEqual([...dueEvents(spec, streams, micros(end))], bruteForce(spec, streams, end))
    }),
    { seed: 3, numRuns: 200 },
  )
})

test('dueEvents counts each stream from 1 without a gap', () => {
  const spec: ScheduleSpec = { seed: 9, arrivals: 'poisson', ratePerSecond: 40 }
  const next = new Map<number, number>()
  for (const { stream, seq } of dueEvents(spec, [4, 0, 9], micros(5_000_000))) {
    assert.equal(seq, (next.get(stream) ?? 0) + 1)
    next.set(stream, seq)
  }
  assert.equal(next.size, 3)
})

test('what is due first never depends on the end of the schedule', () => {
  fc.assert(
    fc.property(specs, streamSets, fc.nat(1_000_000), fc.nat(1_000_000), (spec, streams, end, more) => {
      const short = [...dueEvents(spec, streams, micros(end))]
      const long = [...dueEvents(spec, streams, micros(end + more))]
      assert.deepEqual(long.slice(0, short.length), short)
      assert.ok(long.slice(short.length).every(({ at }) => at >= end))
    }),
    { seed: 4, numRuns: 100 },
  )
})

test('a stream is due at the same times whichever other streams are published', () => {
  fc.assert(
    fc.property(specs, streamSets, (spec, streams) => {
      const together = [...dueEvents(spec, streams, micros(500_000))]
      for (const stream of streams) {
        const alone = [...dueEvents(spec, [stream], micros(500_000))]
        assert.deepEqual(
          together.filter(due => due.stream === stream),
          alone,
        )
      }
    }),
    { seed: 5, numRuns: 50 },
  )
})

test('dueBetween gives the first and last event of [from, to), or null when there is none', () => {
  fc.assert(
    fc.property(specs, fc.nat(20), fc.nat(2_000_000), fc.nat(2_000_000), (spec, stream, from, length) => {
      const within = bruteForce(spec, [stream], from + length).filter(({ at }) => at >= from)
      const expected =
        within.length === 0 ? null : { first: within[0]?.seq, last: within[within.length - 1]?.seq }
      assert.deepEqual(dueBetween(spec, stream, micros(from), micros(from + length)), expected)
    }),
    { seed: 6, numRuns: 300 },
  )
})

test('an event due exactly at the start of a span is in it, one due exactly at its end is not', () => {
  const spec: ScheduleSpec = { seed: 5, arrivals: 'periodic', ratePerSecond: 8 }
  const [, second = 0, third = 0] = take(spec, 0, 3)
  assert.deepEqual(dueBetween(spec, 0, micros(second), micros(third)), { first: 2, last: 2 })
  assert.equal(dueBetween(spec, 0, micros(second), micros(second)), null)
  assert.deepEqual(
    [...dueEvents(spec, [0], micros(third))].map(({ seq }) => seq),
    [1, 2],
  )
})
