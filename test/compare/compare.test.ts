import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compareResults } from '../../compare/compare.ts'
import { changeText } from '../../compare/words.ts'
import type { MetricName } from '../../results/metrics.ts'
import { type Result, resultSchema } from '../../results/result.ts'
import { smallestP } from '../../statistics/mann-whitney.ts'
import { resultOf } from '../reports/fixture.ts'
import { stormMeasurementOf } from '../reports/storms.ts'
import { drawing } from './random-samples.ts'
import { compared, finding, ten, withBytes, withCeiling, withEmpty } from './results.ts'
import { runOf, simulate, type Truth, usual } from './simulated.ts'

describe('verdicts', () => {
  const cases: readonly { name: string; base: Result; head: Result; metric: MetricName; verdict: string }[] =
    [
      {
        name: 'every run sends 5 % more',
        base: withBytes(ten(200, 0.1)),
        head: withBytes(ten(210, 0.1)),
        metric: 'egress.perDelivery',
        verdict: 'regressed',
      },
      {
        name: 'every run sends 5 % less',
        base: withBytes(ten(210, 0.1)),
        head: withBytes(ten(200, 0.1)),
        metric: 'egress.perDelivery',
        verdict: 'improved',
      },
      {
        name: 'every run sends half a per cent more: surely more, but not enough to matter',
        base: withBytes(ten(200, 0.05)),
        head: withBytes(ten(201, 0.05)),
        metric: 'egress.perDelivery',
        verdict: 'unchanged',
      },
      {
        name: 'the runs scatter more widely than the minimum effect',
        base: withBytes(ten(200, 1)),
        head: withBytes(ten(200, 1).toReversed()),
        metric: 'egress.perDelivery',
        verdict: 'inconclusive',
      },
      {
        name: 'the interval reaches beyond the minimum effect at its upper end alone',
        base: withBytes(ten(200, 0.02)),
        head: withBytes([200.2, 200.4, 200.6, 200.8, 201, 201, 203, 204, 205, 206]),
        metric: 'egress.perDelivery',
        verdict: 'inconclusive',
      },
      {
        name: 'the interval reaches beyond the minimum effect at its lower end alone',
        base: withBytes([200.2, 200.4, 200.6, 200.8, 201, 201, 203, 204, 205, 206]),
        head: withBytes(ten(200, 0.02)),
        metric: 'egress.perDelivery',
        verdict: 'inconclusive',
      },
      {
        name: 'all runs of both sides send the same',
        base: withBytes(ten(200, 0)),
        head: withBytes(ten(200, 0)),
        metric: 'egress.perDelivery',
        verdict: 'unchanged',
      },
      {
        name: 'the share of empty responses grows by 0.03',
        base: withEmpty(ten(0.5, 0.001)),
        head: withEmpty(ten(0.53, 0.001)),
        metric: 'emptyRatio',
        verdict: 'regressed',
      },
      {
        name: 'the share of empty responses grows by 0.01, less than matters',
        base: withEmpty(ten(0.5, 0.001)),
        head: withEmpty(ten(0.51, 0.001)),
        metric: 'emptyRatio',
        verdict: 'unchanged',
      },
      {
        name: 'more polls a second are answered: higher is better',
        base: withCeiling(ten(5_000, 20)),
        head: withCeiling(ten(6_000, 20)),
        metric: 'ceiling.requestsPerSecond',
        verdict: 'improved',
      },
      {
        name: 'fewer polls a second are answered',
        base: withCeiling(ten(6_000, 20)),
        head: withCeiling(ten(5_000, 20)),
        metric: 'ceiling.requestsPerSecond',
        verdict: 'regressed',
      },
    ]
  for (const { name, base, head, metric, verdict } of cases) {
    test(`${name}: ${verdict}`, () => {
      const found = compared(base, head, metric)
      assert.equal(found.verdict, verdict, found.reason)
      assert.equal(found.runsNeeded !== null, verdict === 'inconclusive', found.reason)
    })
  }

  test('a finding carries the ratio, its interval, both p and a sentence', () => {
    const found = compared(withBytes(ten(200, 0.1)), withBytes(ten(210, 0.1)), 'egress.perDelivery')
    assert.ok(found.effect && Math.abs(found.effect - 1.05) < 1e-6)
    assert.ok(found.interval && found.interval.low > 1.04 && found.interval.high < 1.06)
    assert.equal(found.p, smallestP(10, 10))
    assert.equal(found.adjustedP, found.p)
    assert.equal(
      found.reason.replace(/\(.*?\)/, '(...)'),
      '+5 % (...), at least the 1 % that matters; p 0.0000108 after Holm over 1 metric',
    )
  })

  test('runs of two modes: the interval of what regressed leaves out no change', () => {
    const found = compared(
      withBytes([482, 477, 120, 125, 121, 474, 487, 113, 107, 108]),
      withBytes([178, 165, 532, 576, 168, 480, 501, 543, 500, 177]),
      'egress.perDelivery',
    )
    assert.equal(found.verdict, 'regressed')
    assert.ok(found.interval && found.interval.low > 1, found.reason)
  })

  test('equal runs on both sides, so many that the interval reaches 0: not called', () => {
    const base = withEmpty([...ten(0.5, 0).slice(1), 0.6])
    const head = withEmpty([0.5, 0.5, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6])
    const found = compared(base, head, 'emptyRatio')
    assert.ok((found.adjustedP ?? 1) <= 0.05)
    assert.equal(found.verdict, 'inconclusive')
    assert.match(found.reason, /too many runs are equal for an interval without 0/)
  })

  /** Storms of which 99 % of the clients were back after this time, in microseconds, or never. */
  const storms = (times: readonly (number | null)[]): Result =>
    resultOf(
      times.map((p99, index) => {
        const run = stormMeasurementOf({ technique: 'sse', run: index + 1, clients: 50 })
        const { storm } = run
        const back = storm?.backMicros && { storm: { ...storm, backMicros: { ...storm.backMicros, p99 } } }
        return { ...run, ...back }
      }),
    )

  test('storms: clients that take longer to come back regressed, and those that never do by more than any', () => {
    const base = storms(ten(5e6, 1_000))
    const slower = compared(base, storms(ten(6e6, 1_000)), 'storm.backP99')
    assert.deepEqual([slower.verdict, changeText('ratio', slower.effect ?? 0, 'µs')], ['regressed', '+20 %'])
    const gone = compared(base, storms(base.measurements.map(() => null)), 'storm.backP99')
    assert.deepEqual([gone.verdict, gone.effect], ['regressed', Number.POSITIVE_INFINITY])
    assert.match(gone.reason, /^\+∞ \(95 % interval \+∞ to \+∞\)/)
    assert.equal(compared(base, base, 'storm.backP99').verdict, 'unchanged')
  })

  test('a minimum effect of the user stands in place of the default', () => {
    const [base, head] = [withBytes(ten(200, 0.1)), withBytes(ten(210, 0.1))]
    const { findings } = compareResults(base, head, { minimumEffects: { 'egress.perDelivery': 0.2 } })
    assert.equal(finding(findings, 'egress.perDelivery').verdict, 'unchanged')
    assert.equal(finding(findings, 'egress.perDelivery').minimumEffect, 0.2)
  })

  test('the worst verdict is that of the whole', () => {
    const same = withBytes(ten(200, 0))
    assert.equal(compareResults(same, same).verdict, 'unchanged')
    assert.equal(compareResults(same, withBytes(ten(210, 0.1))).verdict, 'regressed')
    assert.equal(compareResults(same, withBytes(ten(190, 0.1))).verdict, 'improved')
    assert.equal(compareResults(same, withBytes(ten(200, 4))).verdict, 'inconclusive')
  })

  test('turning the results round turns the verdicts round', () => {
    const opposite = { regressed: 'improved', improved: 'regressed' } as Record<string, string>
    const world = { random: drawing('round') }
    const truth = (technique: string): Truth =>
      technique === 'sse' ? { ...usual, cpuMicros: 20, bytes: 150 } : usual
    const base = simulate(['sse', 'polling'], 10, world)
    const head = simulate(['sse', 'polling'], 10, world, truth)
    const [there, back] = [compareResults(base, head), compareResults(head, base)]
    for (const [index, one] of there.findings.entries()) {
      const other = back.findings[index]
      assert.equal(one.p, other?.p)
      if (one.verdict in opposite || (other?.verdict ?? '') in opposite)
        assert.equal(other?.verdict, opposite[one.verdict], one.metric)
    }
    assert.equal(there.verdict, 'regressed')
  })

  test('comparing is deterministic, and its outcome is plain data', () => {
    const world = { random: drawing('plain') }
    const [base, head] = [simulate(['sse'], 6, world), simulate(['sse'], 6, world)]
    const comparison = compareResults(base, head)
    assert.deepEqual(compareResults(base, head), comparison)
    assert.deepEqual(JSON.parse(JSON.stringify(comparison)), comparison)
  })
})

describe('few runs', () => {
  for (const count of [1, 2, 3]) {
    test(`with ${count} a side there is no interval, nothing is called, and that is said first`, () => {
      const { floors, findings } = compareResults(
        withBytes(ten(200, 0.1).slice(0, count)),
        withBytes(ten(300, 0.1).slice(0, count)),
      )
      const found = finding(findings, 'egress.perDelivery')
      assert.equal(found.verdict, 'inconclusive')
      assert.equal(found.interval, null)
      assert.equal(found.p === null, count === 1)
      assert.equal(found.adjustedP === null, count === 1)
      assert.ok((found.runsNeeded ?? 0) >= 4)
      assert.match(
        floors[0] ?? '',
        new RegExp(`^${count} runs? a side can never show a difference: .* at least 4 runs a side$`),
      )
    })
  }

  test('the floor names the p that is possible, the p that is needed and the runs that reach it', () => {
    const world = { random: drawing('floor') }
    const techniques = Array.from({ length: 15 }, (_, index) => `technique-${index}`)
    const { floors, family } = compareResults(simulate(techniques, 5, world), simulate(techniques, 5, world))
    assert.equal(family, 105)
    assert.deepEqual(floors, [
      '5 runs a side can never show a difference: the smallest possible p is 0.00794, and 0.000476 is needed, as 105 metrics share 5 %; it takes at least 8 runs a side',
    ])
  })

  test('enough runs say nothing', () => {
    assert.deepEqual(compareResults(withBytes(ten(200, 1)), withBytes(ten(200, 2))).floors, [])
  })
})

test('simulated runs are valid by the schema', () => {
  const run = runOf('sse', 1, { ...usual, lossRatio: 1e-3 }, { random: drawing('schema') })
  assert.equal(resultSchema.safeParse(resultOf([run])).success, true)
})
