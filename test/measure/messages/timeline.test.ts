import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mergeTimelines } from '../../../measure/derive/timeline.ts'
import {
  binAt,
  binWidth,
  type FleetBin,
  type ServerTimeline,
  Timeline,
} from '../../../measure/messages/timeline.ts'
import { instant, micros } from '../../../model/units.ts'

const zero = instant(10_000_000.5)
const at = (fromZero: number) => instant(zero + fromZero)

/** A server that read its totals at edges of bins: the bin that ends there, requests, bytes. */
const served = (...edges: readonly (readonly [number, number, number])[]): ServerTimeline => ({
  requests: edges.map(([index, requests]) => ({ index, requests })),
  bytes: edges.map(([index, , bytes]) => ({ at: micros((index + 1) * binWidth), bytes })),
})

/** The bins of one client process that received at these instants (from zero) and looked at the clock at `end`. */
function clientProcess(
  deliveries: readonly number[],
  end: number,
  connected = 1,
  begin?: number,
): FleetBin[] {
  const timeline = new Timeline(zero, () => connected)
  if (begin !== undefined) timeline.advance(at(begin))
  for (const delivery of deliveries) timeline.delivered(at(delivery), micros(1_000 + Math.abs(delivery)))
  timeline.advance(at(end))
  return timeline.bins
}

for (const [fromZero, bin] of [
  [0, 0],
  [249_999, 0],
  [250_000, 1],
  [-1, -1],
  [-250_000, -1],
  [-250_001, -2],
] as const) {
  test(`the instant ${fromZero} µs from zero falls into bin ${bin}`, () => {
    assert.equal(binAt(at(fromZero), at(fromZero)), 0)
    assert.equal(binAt(instant(0), instant(fromZero)), bin)
  })
}

test('every delivery is counted in the bin of its instant, and empty bins stand between', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -2_000_000, max: 3_000_000 }), { minLength: 1 }), unsorted => {
      const deliveries = unsorted.toSorted((a, b) => a - b)
      const bins = clientProcess(deliveries, 4_000_000)
      const first = Math.floor((deliveries[0] ?? 0) / binWidth)
      assert.deepEqual(
        bins.map(bin => bin.index),
        Array.from({ length: 16 - first }, (_, index) => first + index),
      )
      for (const bin of bins) {
        const expected = deliveries.filter(each => Math.floor(each / binWidth) === bin.index).length
        assert.equal(bin.delivered, expected)
        assert.equal(bin.latency.count, expected)
      }
    }),
    { seed: 1, numRuns: 60 },
  )
})

test('a bin is not reported before its time is over', () => {
  assert.deepEqual(clientProcess([10, 20], 249_999), [])
  assert.equal(clientProcess([10, 20], 250_000).length, 1)
})

test('a bin carries how many clients were connected as it closed', () => {
  let connected = 3
  const timeline = new Timeline(zero, () => connected)
  timeline.advance(at(0))
  connected = 5
  timeline.advance(at(250_000))
  connected = 2
  timeline.advance(at(500_000))
  assert.deepEqual(
    timeline.bins.map(bin => bin.connected),
    [5, 2],
  )
})

test('bins of the warm-up stand before zero with negative instants', () => {
  const points = mergeTimelines([clientProcess([-600_000, -100_000, 10], 500_000)], [])
  assert.deepEqual(
    points.map(({ atMicros, delivered }) => [atMicros, delivered]),
    [
      [-750_000, 1],
      [-500_000, 0],
      [-250_000, 1],
      [0, 1],
      [250_000, 0],
    ],
  )
})

test('merging client processes adds what they received and connected, and takes quantiles over all of it', () => {
  const deliveries = fc.array(fc.nat({ max: 900_000 }), { maxLength: 40 })
  fc.assert(
    fc.property(deliveries, deliveries, (one, two) => {
      const sorted = (list: number[]): number[] => list.toSorted((a, b) => a - b)
      const apart = mergeTimelines(
        [clientProcess(sorted(one), 1_000_000, 3, 0), clientProcess(sorted(two), 1_000_000, 4, 0)],
        [],
      )
      const together = mergeTimelines([clientProcess(sorted([...one, ...two]), 1_000_000, 7, 0)], [])
      assert.deepEqual(apart, together)
    }),
    { seed: 2, numRuns: 50 },
  )
})

test('a bin without a delivery has no latency, not a latency of 0', () => {
  const [point] = mergeTimelines([clientProcess([], 250_000, 1, 0)], [])
  assert.equal(point?.latencyP50Micros, null)
  assert.equal(point?.latencyP99Micros, null)
  assert.equal(point?.delivered, 0)
})

test('running totals of the servers become what passed within each bin', () => {
  const fleet = [clientProcess([], 1_000_000, 1, 0)]
  const one = served([-1, 10, 100], [0, 15, 180], [1, 15, 180], [2, 21, 200])
  const two = served([-1, 0, 0], [0, 1, 5], [1, 4, 6], [2, 4, 6])
  assert.deepEqual(
    mergeTimelines(fleet, [one, two]).map(({ requests, bytes }) => [requests, bytes]),
    [
      [6, 85],
      [3, 1],
      [6, 20],
      [null, null],
    ],
  )
})

test('a bin whose edges the server did not both read has no traffic, not a traffic of 0', () => {
  const stalled = served([-1, 0, 0], [2, 9, 90], [3, 10, 95])
  assert.deepEqual(
    mergeTimelines([clientProcess([], 1_000_000, 1, 0)], [stalled]).map(({ requests }) => requests),
    [null, null, null, 1],
  )
})

test('bytes that were read at the edges of the window only are spread evenly over its bins', () => {
  const bytes = [
    { at: micros(3_000), bytes: 1_000 },
    { at: micros(1_000_000), bytes: 1_997 },
  ]
  const points = mergeTimelines([clientProcess([], 1_250_000, 1, -250_000)], [{ requests: [], bytes }])
  assert.deepEqual(
    points.map(point => point.bytes),
    // The first reading was 3 ms late for its edge: what came before it belongs to the bin that ended there.
    [null, 247, 250, 250, 250, null],
  )
})

test('without a client process and a server there is no timeline', () => {
  assert.deepEqual(mergeTimelines([], []), [])
})
