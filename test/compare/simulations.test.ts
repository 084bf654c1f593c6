/**
 * The rates that the gate states, on simulated results: what is called against itself, and what is found of known
 * handicaps. Everything is seeded, so a rate that passes once passes always.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compareResults } from '../../compare/compare.ts'
import type { Finding } from '../../compare/finding.ts'
import { gateNames } from '../../compare/gated-metrics.ts'
import { drawing, type Noise, noises } from './random-samples.ts'
import { compareWithItself, type SelfTally, shapeNames, upperBound } from './self-comparisons.ts'
import { simulate, type Truth, usual, type World, wild } from './simulated.ts'

const techniques = ['polling', 'long-polling', 'streaming', 'sse', 'websocket']
const runs = 10

const regressions = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ verdict }) => verdict === 'regressed')

describe('two results of the same code', () => {
  const comparisons = 200
  /** 5 % of 200. At the stated rate of 2.5 % for `regressed`, 5 are expected and 10 exceeded 1 time in 75. */
  const allowed = 10
  const steady = () => 1
  /** Slower by half over the run, as when a machine heats up: base and head drift through it together. */
  const heating = (block: number) => 1 + (0.5 * block) / runs
  const worlds: readonly { name: string; noise: Noise; drift: (block: number) => number }[] = [
    ...Object.entries(noises).map(([name, noise]) => ({ name, noise, drift: steady })),
    { name: 'drifting, interleaved', noise: noises['log-normal'], drift: heating },
  ]
  for (const { name, noise, drift } of worlds) {
    test(`${name} noise: no more than 5 % of the comparisons call anything regressed`, () => {
      const world: World = { random: drawing('A/A', name), noise, drift, spreads: wild }
      let called = 0
      for (let comparison = 0; comparison < comparisons; comparison++) {
        const [base, head] = [simulate(techniques, runs, world), simulate(techniques, runs, world)]
        if (regressions(compareResults(base, head).findings).length > 0) called++
      }
      assert.ok(called <= allowed, `${called} of ${comparisons}`)
    })
  }
})

// `npm run bench -- same` makes 10,000 of them with all techniques; these are few enough for every change.
describe('a thing compared with itself, over all metrics of a gate', () => {
  const tallies = [
    ...shapeNames.map(shape =>
      compareWithItself({ count: 100, seed: `light ${shape}`, shape, techniques: 2 }),
    ),
    compareWithItself({ count: 200, seed: 'light, 10 runs', techniques: 1, runs: 10 }),
  ]
  const total = (read: (tally: SelfTally) => number): number =>
    tallies.reduce((sum, tally) => sum + read(tally), 0)

  test('anything regresses in less than 5 % of the comparisons, by the upper 95 % bound', () => {
    const [regressed, comparisons] = [total(tally => tally.regressed), total(tally => tally.comparisons)]
    assert.ok(upperBound(regressed, comparisons) < 0.05, `${regressed} of ${comparisons}`)
  })

  test('no change stands next to an interval that contains no change', () => {
    assert.ok(total(tally => tally.changed) > 0)
    assert.equal(
      total(tally => tally.contradictions),
      0,
    )
  })

  for (const metric of gateNames)
    test(`95 % or more of the intervals of ${metric} contain the truth`, () => {
      const printed = total(tally => tally.intervals.get(metric)?.printed ?? 0)
      const missed = total(tally => tally.intervals.get(metric)?.missed ?? 0)
      const isCounted = metric === 'events.duplicated' || metric === 'events.outOfOrder'
      assert.equal(printed > 100, !isCounted, `${printed} intervals`)
      // Three standard errors of 5 % of so many.
      const allowed = 0.05 * printed + 3 * Math.sqrt(0.05 * 0.95 * printed)
      assert.ok(missed <= allowed, `${missed} of ${printed}`)
    })

  test('where the head is half as slow again, 95 % or more contain that', () => {
    const slower = {
      count: 100,
      seed: 'light, slower',
      shape: 'bimodal',
      techniques: 2,
      factor: 1.5,
    } as const
    const { intervals, changed, contradictions } = compareWithItself(slower)
    const { printed, missed } = intervals.get('latency.p50') ?? { printed: 0, missed: 0 }
    assert.ok(printed > 100 && missed <= 0.05 * printed + 3 * Math.sqrt(0.05 * 0.95 * printed), `${missed}`)
    assert.ok(changed > 50, `${changed} of 100 found it`)
    assert.equal(contradictions, 0)
  })

  test('the upper bound is that of Clopper and Pearson', () => {
    // Tables of the binomial distribution: 1 - 0.05^(1/n) for none, the rule of three; 10 of 100 at 16.37 %.
    assert.ok(Math.abs(upperBound(0, 100) - (1 - 0.05 ** 0.01)) < 1e-6)
    assert.ok(Math.abs(upperBound(10, 100) - 0.1637) < 1e-4, `${upperBound(10, 100)}`)
  })
})

describe('verdict and interval', () => {
  for (const [name, noise] of Object.entries(noises))
    test(`${name} noise: none of 100 comparisons calls a change whose interval holds no change`, () => {
      const world: World = { random: drawing('contradictions', name), noise, spreads: wild }
      const slower = { ...usual, cpuMicros: usual.cpuMicros * 1.5, latencyMicros: usual.latencyMicros * 2 }
      let called = 0
      for (let comparison = 0; comparison < 100; comparison++) {
        const base = simulate(['sse', 'polling'], runs, world)
        const head = simulate(['sse', 'polling'], runs, world, name => (name === 'sse' ? slower : usual))
        for (const found of compareResults(base, head).findings) {
          if (found.verdict !== 'regressed' && found.verdict !== 'improved') continue
          called++
          const none = found.kind === 'ratio' ? 1 : 0
          assert.ok(found.interval && (found.interval.low > none || found.interval.high < none), found.reason)
        }
      }
      assert.ok(called > 50, `${called} changes were called`)
    })
})

describe('known handicaps at 10 runs a side', () => {
  const handicaps: readonly { name: string; truth: Truth; metrics: readonly string[] }[] = [
    {
      name: '20 % more CPU per delivery',
      truth: { ...usual, cpuMicros: usual.cpuMicros * 1.2 },
      metrics: ['server.cpuPerDelivery'],
    },
    {
      name: '5 ms more latency',
      truth: { ...usual, latencyMicros: usual.latencyMicros + 5_000 },
      metrics: ['latency.p50', 'latency.p99'],
    },
    {
      name: '30 bytes more an event',
      truth: { ...usual, bytes: usual.bytes + 30 },
      metrics: ['egress.perDelivery'],
    },
    { name: '1 event in 10,000 lost', truth: { ...usual, lossRatio: 1e-4 }, metrics: ['events.lost'] },
  ]
  const comparisons = 20
  for (const families of [1, 15]) {
    const crowd = Array.from({ length: families }, (_, index) => techniques[index] ?? `technique-${index}`)
    for (const { name, truth, metrics } of handicaps) {
      test(`${name} in one of ${families}: called on the right metric and no other, 19 times in 20`, () => {
        const world: World = { random: drawing('A/B', name, families) }
        let right = 0
        for (let comparison = 0; comparison < comparisons; comparison++) {
          const base = simulate(crowd, runs, world)
          const head = simulate(crowd, runs, world, technique => (technique === crowd[0] ? truth : usual))
          const called = regressions(compareResults(base, head).findings)
          const expected = called.filter(
            ({ technique, metric }) => technique === crowd[0] && metrics.includes(metric),
          )
          if (expected.length === metrics.length && called.length === expected.length) right++
        }
        assert.ok(right >= 19, `${right} of ${comparisons}`)
      })
    }
  }

  test('what is not touched is called unchanged or left open, never changed', () => {
    const world: World = { random: drawing('untouched') }
    const [base, head] = [simulate(['sse'], 10, world), simulate(['sse'], 10, world)]
    const verdicts = new Set(compareResults(base, head).findings.map(({ verdict }) => verdict))
    assert.ok(verdicts.has('unchanged'))
    assert.ok(!verdicts.has('regressed') && !verdicts.has('improved'))
  })
})
