import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Random, randomFor } from '../../model/random.ts'
import { latencyInterval } from '../../results/latency-interval.ts'
import type { Series } from '../../results/reading.ts'
import type { Measurement } from '../../results/result.ts'
import { phasesMet } from '../../results/shared-phase.ts'
import { areTied, tieOf } from '../../results/tie-band.ts'
import { scenarios } from '../reports/arranged.ts'
import { measurementOf, resultOf } from '../reports/fixture.ts'
import { runOf, type Wait, waits } from './waits.ts'

const [template] = scenarios(resultOf([measurementOf({ technique: 'polling' })])).flatMap(
  ({ series }) => series,
)

function seriesOf(...runs: readonly Measurement[]): Series {
  const [first, ...rest] = runs
  assert.ok(template && first)
  return { ...template, runs: [first, ...rest] }
}

const several = (wait: Wait, random: Random, count: number, later = 0): Series =>
  seriesOf(...Array.from({ length: count }, () => runOf(wait, random, later)))

const pairs = 300
/** A rate of 5 % yields more of 300 in one test of a thousand. */
const mostOfOneInTwenty = 28

test('two techniques with the same wait are ranked by chance in fewer than one of twenty runs', () => {
  for (const wait of waits) {
    const random = randomFor(21, wait.name)
    let ranked = 0
    for (let pair = 0; pair < pairs; pair++)
      if (!areTied(several(wait, random, 1), several(wait, random, 1))) ranked++
    assert.ok(ranked <= mostOfOneInTwenty, `${wait.name}: ${ranked} of ${pairs} ranked`)
  }
})

test('three runs that share their phases rank equal techniques no more often, where a phase says most', () => {
  for (const wait of waits.filter(({ workload, settings }) => workload || settings)) {
    const random = randomFor(22, wait.name)
    let ranked = 0
    for (let pair = 0; pair < pairs; pair++)
      if (!areTied(several(wait, random, 3), several(wait, random, 3))) ranked++
    assert.ok(ranked <= mostOfOneInTwenty, `${wait.name}: ${ranked} of ${pairs} ranked`)
  }
})

test('a poll of the backend that divides the period is one phase; one that does not spreads over as many as it meets', () => {
  assert.equal(phasesMet(500, 500, 100), 1)
  assert.equal(phasesMet(1_000, 500, 100), 1)
  assert.equal(phasesMet(500, 500, 0), 1)
  // Ten evenly spread phases, met ten times each, are known to a tenth of the interval.
  assert.ok(Math.abs(phasesMet(1_000, 10_000, 100) - 10) < 1e-6)
  assert.ok(phasesMet(500, 499, 6) < 1.3, 'a slow drift shows little of the interval')
})

test('the test would see a rule that counts every receiver of an event as a draw', () => {
  for (const wait of waits.filter(({ name }) => name === 'a stream' || name.startsWith('actions'))) {
    const random = randomFor(12, wait.name)
    const naive = (): Series => {
      const run = runOf(wait, random)
      const count = run.latencyMicros?.count ?? 0
      return seriesOf({
        ...run,
        events: { ...run.events, published: count },
        responses: { ...run.responses, total: count, empty: 0 },
      })
    }
    let ranked = 0
    for (let pair = 0; pair < pairs; pair++) if (!areTied(naive(), naive())) ranked++
    assert.ok(ranked > 2 * mostOfOneInTwenty, `${wait.name}: ${ranked} of ${pairs} ranked`)
  }
})

test('a technique that is later by twice the band is found to be later', () => {
  for (const wait of waits) {
    const random = randomFor(13, wait.name)
    let found = 0
    for (let pair = 0; pair < 100; pair++) {
      const first = several(wait, random, 1)
      const { bandMicros } = tieOf([first])
      const second = several(wait, random, 1, 2 * (bandMicros ?? 0))
      if (tieOf([second, first]).fastest.every(each => each === first)) found++
    }
    assert.ok(found >= 95, `${wait.name}: ${found} of 100 found`)
  }
})

test('more runs narrow the interval by the root of their number, but for what a median costs', () => {
  const [wait] = waits
  assert.ok(wait)
  const random = randomFor(14)
  const widthOf = (count: number): number => {
    const { low, high } = latencyInterval(several(wait, random, count)) ?? assert.fail('no latency')
    return high - low
  }
  const expected = Math.sqrt(4 / (Math.PI / 2))
  assert.ok(Math.abs(widthOf(1) / widthOf(4) / expected - 1) < 0.15)
})

test('five runs that differ by more than their samples explain widen the interval', () => {
  const [wait] = waits
  assert.ok(wait)
  const random = randomFor(15)
  const drifting = (count: number): Series =>
    seriesOf(...Array.from({ length: count }, (_, run) => runOf(wait, random, run * 200_000)))
  const { median, low, high } = latencyInterval(drifting(5)) ?? assert.fail('no latency')
  // Five values 200 ms apart: 2.776 standard errors of 316 ms / √5, times √(π / 2).
  const expected = ((2.776 * 316_228) / Math.sqrt(5)) * Math.sqrt(Math.PI / 2)
  assert.ok(Math.abs((high - median) / expected - 1) < 0.1)
  assert.ok(Math.abs((median - low) / expected - 1) < 0.1)
  const four = latencyInterval(drifting(4)) ?? assert.fail('no latency')
  assert.ok(four.high - four.median < expected / 5, 'four runs say too little of how far runs differ')
})

test('where nothing was received there is no interval', () => {
  const run = { ...measurementOf({ technique: 'sse' }), latencyMicros: null }
  assert.equal(latencyInterval(seriesOf(run)), null)
})
