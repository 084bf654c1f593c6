import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compareResults } from '../../compare/compare.ts'
import { differenceSentence } from '../../compare/differences.ts'
import { UsageError } from '../../model/usage-error.ts'
import { metrics } from '../../results/metrics.ts'
import { readingOf } from '../../results/reading.ts'
import type { Measurement, Result } from '../../results/result.ts'
import { measurementOf, resultOf } from '../reports/fixture.ts'
import { stormMeasurementOf } from '../reports/storms.ts'
import { compared, notesOf, ten, withBytes, withCeiling } from './results.ts'

describe('what belongs together', () => {
  const variant = (settings: Measurement['settings'], technique = 'polling'): Measurement =>
    measurementOf({ technique, settings })
  const labels = (base: readonly Measurement[], head: readonly Measurement[]): string[] => [
    ...new Set(compareResults(resultOf(base), resultOf(head)).findings.map(({ series }) => series)),
  ]

  test('variants of one technique are series of their own', () => {
    const all = [variant({ interval: '1s' }), variant({ interval: '2s' })]
    assert.deepEqual(labels(all, all.toReversed()), ['polling (interval 1s)', 'polling (interval 2s)'])
  })

  test('so are backoffs', () => {
    const with_ = (backoff: string): Measurement => {
      const run = variant({})
      return { ...run, workload: { ...run.workload, backoff } }
    }
    const all = [with_('none'), with_('full-jitter')]
    assert.deepEqual(labels(all, all), ['polling · none', 'polling · full-jitter'])
  })

  test('an own server has the label that reports give it, and is paired with the built-in one', () => {
    const own: Measurement = { ...variant({}, 'sse'), subject: { kind: 'module', name: './x.ts' } }
    assert.deepEqual(labels([own], [own]), ['sse · ./x.ts'])
    assert.deepEqual(readingOf(resultOf([own])).scenarios[0]?.series[0]?.label, 'sse · ./x.ts')
    assert.deepEqual(labels([variant({}, 'sse')], [own]), ['sse -> sse · ./x.ts'])
  })

  test('where the servers of the sides differ, a series is named by both', () => {
    const own = (name: string): Measurement => ({
      ...variant({}, 'sse'),
      subject: { kind: 'module', name },
    })
    assert.deepEqual(labels([own('old.ts')], [own('new.ts')]), ['sse · old.ts -> new.ts'])
  })

  test('a setting that was changed is a difference, not another series', () => {
    const comparison = compareResults(
      resultOf([variant({ interval: '1s' }), variant({}, 'sse')]),
      resultOf([variant({ interval: '2s' }), variant({}, 'sse')]),
    )
    assert.deepEqual(comparison.differences.map(differenceSentence), [
      'settings.interval is 1s in the base and 2s in the head (polling in steady)',
    ])
    assert.deepEqual([...new Set(comparison.findings.map(({ series }) => series))], ['polling', 'sse'])
  })

  test('so is a backoff that was changed', () => {
    const run = variant({})
    const other = { ...run, workload: { ...run.workload, backoff: 'none' } }
    assert.deepEqual(compareResults(resultOf([run]), resultOf([other])).differences.map(differenceSentence), [
      'workload.backoff is rfc6455 in the base and none in the head (polling in steady)',
    ])
  })

  test('a technique that one side lacks is noted and not compared', () => {
    const [polling, sse] = [variant({}), variant({}, 'sse')]
    const comparison = compareResults(resultOf([polling, sse]), resultOf([sse]))
    const { findings } = comparison
    assert.deepEqual(notesOf(comparison), ['polling in steady is only in the base and not compared'])
    assert.ok(findings.every(({ technique }) => technique === 'sse'))
  })

  test('a result compared with itself keeps its number of runs', () => {
    const one = withBytes(ten(200, 1))
    assert.equal(compared(one, one, 'egress.perDelivery').head.runs, 10)
  })

  test('every gated metric is one of the catalogue and every stored value stands in its unit', () => {
    const units = new Map(metrics.map(({ name, unit }) => [name as string, unit]))
    const { findings } = compareResults(withCeiling([1, 2]), withCeiling([1, 2]))
    for (const { metric, unit } of findings)
      if (!metric.startsWith('events.')) assert.equal(unit, units.get(metric))
  })
})

describe('what must not be compared blindly', () => {
  const one = resultOf([measurementOf({ technique: 'sse' })])
  const other = (environment: Partial<Result['environment']>): Result => ({
    ...one,
    environment: { ...one.environment, ...environment },
  })
  const reported = (base: Result, head: Result): string[] =>
    compareResults(base, head).differences.map(differenceSentence)

  test('two results of one machine and workload differ in nothing, whatever their seeds and load', () => {
    const run = measurementOf({ technique: 'sse' })
    const head = { ...run, workload: { ...run.workload, seed: 77 } }
    assert.deepEqual(
      reported(one, { ...resultOf([head]), environment: { ...one.environment, loadAverage: 1.5 } }),
      [],
    )
  })

  for (const [change, sentence] of [
    [{ node: 'v24.1.0' }, 'environment.node is v26.10.0 in the base and v24.1.0 in the head'],
    [{ cores: 4 }, 'environment.cores is 2 in the base and 4 in the head'],
    [{ kernel: 'Linux 6.8.0' }, 'environment.kernel is Linux 6.1.0 in the base and Linux 6.8.0 in the head'],
    [
      { packages: { ws: '9.0.0', undici: '8.12.4' } },
      'environment.packages.ws is 8.23.0 in the base and 9.0.0 in the head',
    ],
  ] as const) {
    test(sentence, () => assert.deepEqual(reported(one, other(change)), [sentence]))
  }

  test('a workload that differs in all series is one difference', () => {
    const of = (clients: number): Result =>
      resultOf(
        ['polling', 'sse', 'websocket'].map(technique => {
          const run = measurementOf({ technique })
          return { ...run, workload: { ...run.workload, clients } }
        }),
      )
    assert.deepEqual(reported(of(100), of(200)), [
      'workload.clients is 100 in the base and 200 in the head (polling in steady and 2 more)',
    ])
  })

  test('CPU time per event is compared under one load only', () => {
    const of = (clients: number): Result => {
      const run = measurementOf({ technique: 'sse' })
      return resultOf([{ ...run, workload: { ...run.workload, clients } }])
    }
    const judged = (head: Result) => {
      const comparison = compareResults(of(100), head)
      const { findings } = comparison
      return {
        notes: notesOf(comparison),
        cpu: findings.some(({ metric }) => metric === 'server.cpuPerDelivery'),
      }
    }
    assert.deepEqual(judged(of(100)), { notes: [], cpu: true })
    assert.deepEqual(judged(of(200)), {
      notes: [
        'server.cpuPerDelivery of sse in steady is not compared: the workloads differ, and CPU time per event depends on the load',
      ],
      cpu: false,
    })
  })

  describe('the window counts as it was asked for', () => {
    const sentence = (base: number, head: number): string[] => [
      `workload.durationMicros is ${base} in the base and ${head} in the head (sse in storm)`,
    ]
    /** A storm that was over after this time. */
    const storm = (durationMicros: number, durationAskedMicros?: number): Result => {
      const run = stormMeasurementOf({ technique: 'sse' })
      const asked = durationAskedMicros === undefined ? {} : { durationAskedMicros }
      return resultOf([{ ...run, workload: { ...run.workload, durationMicros, ...asked } }])
    }
    test('two storms that were over at different times differ in nothing', () =>
      assert.deepEqual(reported(storm(4_100_000, 30_000_000), storm(5_300_000, 30_000_000)), []))
    test('nor do storms of older results, which do not know what was asked', () => {
      assert.deepEqual(reported(storm(4_100_000), storm(5_300_000)), [])
      assert.deepEqual(reported(storm(4_100_000), storm(5_300_000, 30_000_000)), [])
    })
    test('storms that were given another time differ', () =>
      assert.deepEqual(
        reported(storm(4_100_000, 30_000_000), storm(4_100_000, 10_000_000)),
        sentence(30_000_000, 10_000_000),
      ))
    test('so do runs without a fault, of older results too', () => {
      const of = (durationMicros: number): Result => {
        const run = measurementOf({ technique: 'sse', scenario: 'storm' })
        return resultOf([{ ...run, workload: { ...run.workload, durationMicros } }])
      }
      assert.deepEqual(reported(of(5_000_000), of(6_000_000)), sentence(5_000_000, 6_000_000))
    })
  })

  test('a base that began after the head had ended is probably the head', () => {
    const later = { ...one, startedAt: '2026-02-01T00:00:00.000Z', finishedAt: '2026-02-01T00:01:00.000Z' }
    assert.equal(compareResults(one, later).swapped, null)
    assert.match(
      compareResults(later, one, { names: { base: 'a.json', head: 'b.json' } }).swapped ?? '',
      /^a\.json was measured after b\.json .*: give the older result first$/,
    )
  })

  test('interleaved results are not swapped, whichever began first', () => {
    const shifted = { ...one, startedAt: '2026-01-31T12:34:58.000Z' }
    assert.equal(compareResults(one, shifted).swapped, null)
    assert.equal(compareResults(shifted, one).swapped, null)
  })

  for (const [name, base, head, message] of [
    ['an empty base', resultOf([]), one, /^base holds no measurement: give the results\.json/],
    ['an empty head', one, resultOf([]), /^head holds no measurement/],
    [
      'another scenario',
      one,
      resultOf([measurementOf({ technique: 'sse', scenario: 'rooms' })]),
      /^base and head have no scenario in common: the one has steady, the other rooms/,
    ],
    [
      'another technique',
      one,
      resultOf([measurementOf({ technique: 'polling' })]),
      /^base and head have no technique in common: the one has sse in steady, the other polling in steady: measure both with the same$/,
    ],
  ] as const) {
    test(`${name} is refused in one sentence`, () => {
      assert.throws(
        () => compareResults(base, head),
        (error: unknown) => error instanceof UsageError && message.test(error.message),
      )
    })
  }
})
