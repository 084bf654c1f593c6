import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { randomFor } from '../../model/random.ts'
import { micros } from '../../model/units.ts'
import { Histogram, mergeHistograms, quantiles } from '../../results/histogram.ts'

const hour = 3_600_000_000
const percentiles = [0.1, 25, 50, 90, 95, 99, 99.9, 100]
/** Durations over all magnitudes, whole and fractional. */
const durations = fc.oneof(
  fc.nat({ max: 3_000 }),
  fc.nat({ max: hour }),
  fc.double({ min: 0, max: 100_000, noNaN: true }),
)
const samples = fc.array(durations, { minLength: 1, maxLength: 300 })

function recorded(values: readonly number[], digits?: 2 | 3): Histogram {
  const histogram = new Histogram(digits)
  for (const value of values) histogram.record(micros(value))
  return histogram
}

/** The smallest sample that at least `percentile` of the samples do not exceed. */
function orderStatistic(values: readonly number[], percentile: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length - 1e-9) - 1)] ?? Number.NaN
}

/** One part in a thousand, and half a microsecond because counts are kept of whole ones. */
const within = (actual: number, expected: number): boolean =>
  Math.abs(actual - expected) <= 0.001 * expected + 0.5

test('count, mean, minimum and maximum are exact', () => {
  fc.assert(
    fc.property(samples, values => {
      const summary = recorded(values).summary()
      assert.ok(summary)
      assert.equal(summary.count, values.length)
      assert.equal(summary.min, Math.min(...values))
      assert.equal(summary.max, Math.max(...values))
      assert.equal(summary.mean, values.reduce((sum, value) => sum + value, 0) / values.length)
    }),
    { seed: 1 },
  )
})

test('a percentile lies within 0.1 % of the sample that it stands for', () => {
  fc.assert(
    fc.property(samples, values => {
      const histogram = recorded(values)
      for (const percentile of percentiles) {
        const [actual, expected] = [histogram.percentile(percentile), orderStatistic(values, percentile)]
        assert.ok(actual !== null && within(actual, expected), `p${percentile}: ${actual}, not ${expected}`)
      }
    }),
    { seed: 2, numRuns: 200 },
  )
})

test('a percentile of many samples lies within 0.1 % of the sample that it stands for', () => {
  const random = randomFor(1, 'histogram')
  const values = Array.from({ length: 50_000 }, () => random() ** 4 * 5_000_000)
  const histogram = recorded(values)
  for (const percentile of percentiles) {
    const [actual, expected] = [histogram.percentile(percentile), orderStatistic(values, percentile)]
    assert.ok(actual !== null && within(actual, expected), `p${percentile}: ${actual}, not ${expected}`)
  }
})

test('percentiles never fall: min <= p50 <= p90 <= p95 <= p99 <= p99.9 <= max', () => {
  fc.assert(
    fc.property(samples, values => {
      const summary = recorded(values).summary()
      assert.ok(summary)
      const { min, p50, p90, p95, p99, p999, max } = summary
      const order = [min, p50, p90, p95, p99, p999, max]
      assert.deepEqual(
        order.toSorted((a, b) => a - b),
        order,
      )
    }),
    { seed: 3 },
  )
})

test('merging what was recorded apart equals recording everything in one', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat({ max: hour }), { maxLength: 60 }), { maxLength: 5 }), parts => {
      const merged = mergeHistograms(parts.map(part => recorded(part).encode()))
      const together = recorded(parts.flat())
      assert.deepEqual(merged.summary(), together.summary())
      assert.deepEqual(merged.encode(), together.encode())
    }),
    { seed: 4, numRuns: 100 },
  )
})

test('merging in any order gives the same', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: hour })), fc.array(fc.nat({ max: hour })), (a, b) => {
      const [first, second] = [recorded(a).encode(), recorded(b).encode()]
      assert.deepEqual(mergeHistograms([first, second]).summary(), mergeHistograms([second, first]).summary())
    }),
    { seed: 5, numRuns: 50 },
  )
})

test('an encoded histogram survives JSON and is read back as it was', () => {
  fc.assert(
    fc.property(samples, values => {
      const histogram = recorded(values)
      const travelled = JSON.parse(JSON.stringify(histogram.encode()))
      assert.deepEqual(mergeHistograms([travelled]).summary(), histogram.summary())
    }),
    { seed: 6, numRuns: 100 },
  )
})

test('recording many of one duration equals recording it many times', () => {
  fc.assert(
    fc.property(fc.nat({ max: hour }), fc.nat({ max: 50 }), (value, count) => {
      const many = new Histogram()
      many.recordMany(micros(value), count)
      assert.deepEqual(many.summary(), recorded(Array.from({ length: count }, () => value)).summary())
    }),
    { seed: 7, numRuns: 100 },
  )
})

test('without samples there is no mean, no percentile and no summary', () => {
  for (const histogram of [
    new Histogram(),
    mergeHistograms([]),
    mergeHistograms([new Histogram().encode()]),
  ]) {
    assert.equal(histogram.count, 0)
    assert.equal(histogram.mean, null)
    assert.equal(histogram.percentile(50), null)
    assert.equal(histogram.summary(), null)
  }
})

test('a negative duration counts as 0', () => {
  const summary = recorded([-5, 10]).summary()
  assert.deepEqual([summary?.min, summary?.mean, summary?.max], [0, 5, 10])
})

test('a duration beyond an hour counts as an hour in the percentiles and as itself in the maximum', () => {
  const summary = recorded([10, 2 * hour]).summary()
  assert.ok(summary && within(summary.p99, hour))
  assert.equal(summary.max, 2 * hour)
})

test('the points of a stored curve are the percentiles of the histogram', () => {
  fc.assert(
    fc.property(samples, values => {
      const histogram = recorded(values)
      const points = quantiles(histogram.summary()?.histogram ?? '', percentiles)
      assert.deepEqual(
        points.map(point => point.percentile),
        percentiles,
      )
      for (const { percentile, micros: value } of points) {
        assert.ok(within(value, orderStatistic(values, percentile)), `p${percentile}: ${value}`)
      }
    }),
    { seed: 8, numRuns: 100 },
  )
})
