import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { thresholdSentences } from '../../reports/thresholds.ts'
import { readingOf } from '../../results/reading.ts'
import type { Result } from '../../results/result.ts'
import { breaches, readThreshold, type Threshold, thresholdOutcomes } from '../../results/thresholds.ts'
import { measurementOf, resultOf, unmeasured } from '../reports/fixture.ts'
import { stormMeasurementOf } from '../reports/storms.ts'

function read(text: string): Threshold {
  const threshold = readThreshold(text)
  assert.ok('value' in threshold, JSON.stringify(threshold))
  return threshold.value
}

const failedThresholds = (thresholds: readonly Threshold[], result: Result): string[] =>
  thresholdSentences(thresholdOutcomes(thresholds, readingOf(result)))

describe('a condition is read in the stored unit of its metric', () => {
  for (const [text, name, operator, bound] of [
    ['latency.p99 < 250ms', 'latency.p99', '<', 250_000],
    ['latency.p99<1.5s', 'latency.p99', '<', 1_500_000],
    ['rearm.max == 0', 'rearm.max', '==', 0],
    ['bytes.perDelivery <= 4KiB', 'bytes.perDelivery', '<=', 4_096],
    ['bytes.perDelivery < 233B', 'bytes.perDelivery', '<', 233],
    ['egress.perDelivery <= 250.5B', 'egress.perDelivery', '<=', 250.5],
    ['ingress.perDelivery < 0.45B', 'ingress.perDelivery', '<', 0.45],
    ['emptyRatio <= 0.9', 'emptyRatio', '<=', 0.9],
    ['emptyRatio <= 90%', 'emptyRatio', '<=', 0.9],
    ['ceiling.requestsPerSecond >= 1000/s', 'ceiling.requestsPerSecond', '>=', 1_000],
    ['events.delivered > 1e3', 'events.delivered', '>', 1_000],
  ] as const) {
    test(text, () => {
      const { metric, operator: found, bound: value } = read(text)
      assert.deepEqual([metric.name, found, value], [name, operator, bound])
    })
  }
})

test('a bound in per cent is the share that its digits say, for all tenths of a per cent', () => {
  for (let tenths = 0; tenths <= 1_000; tenths++)
    assert.equal(read(`events.deliveredRatio >= ${tenths / 10}%`).bound, tenths / 1_000)
})

describe('what makes no sense is said in one sentence', () => {
  for (const [text, sentence] of [
    ['latency.p99 < 250', /latency\.p99 is a duration, "250" has no unit of one: write it like 250ms/],
    ['bytes.perDelivery < 250', /bytes\.perDelivery is a size, "250" has no unit of one: write it like 250B/],
    ['ceiling.requestsPerSecond > 250', /is a rate, "250" has no unit of one: write it like 250\/s/],
    ['latency.p99 < 250B', /latency\.p99 is a duration: "250B" is not a duration/],
    ['emptyRatio <= 90ms', /emptyRatio is a share: "90ms" is not a share: write it like 0\.9 or 90%/],
    ['emptyRatio <= %', /"%" is not a share/],
    ['events.lost == none', /events\.lost is a plain number: "none" is not a number/],
    ['events.last == 0', /unknown metric "events\.last": did you mean "events\.lost"\?/],
    ['events.lost = 0', /is not a condition: write it like/],
    ['events.lost == 0 abrot', /is not a condition: .* 'events\.lost == 0 abort'/],
    ['events.lost{technique} == 0', /"\{technique\}" is not a filter/],
  ] as const) {
    test(text, () => {
      const threshold = readThreshold(text)
      assert.match('problem' in threshold ? threshold.problem : 'it was read', sentence)
    })
  }
})

test('a storm whose clients never came back does not meet a bound on the time, and the sentence says so', () => {
  const result = resultOf([stormMeasurementOf({ technique: 'sse', neverBack: 37 })])
  assert.deepEqual(failedThresholds([read('storm.backP99 < 1m')], result), [
    'storm.backP99 < 1m: sse never got there',
  ])
})

describe('many runs are one sentence', () => {
  /** Runs of sse with these latencies at p99, in ms; null for a run that was not measured. */
  const latencies = (values: readonly (number | null)[]): Result =>
    resultOf(
      values.map((value, index) => {
        const run = measurementOf({ technique: 'sse', run: index + 1 })
        const { latencyMicros } = run
        assert.ok(latencyMicros)
        const p99 = value === null ? null : value * 1_000
        return { ...run, latencyMicros: p99 === null ? null : { ...latencyMicros, p99 } }
      }),
    )
  const ten = [190, 150, 212.3456, 150, 150, 201, 150, 207, 150, 150]

  for (const [text, values, sentences] of [
    ['latency.p99 < 200ms', ten, ['latency.p99 < 200ms: sse has 212 ms in 3 of 10 runs']],
    ['latency.p99 > 160ms', ten, ['latency.p99 > 160ms: sse has 150 ms in 6 of 10 runs']],
    ['latency.p99 < 200ms', [200.04], ['latency.p99 < 200ms: sse has 200.04 ms']],
    ['latency.p99 < 0.2s', [212], ['latency.p99 < 0.2s: sse has 212 ms, limit 200 ms']],
    ['latency.p99 < 1h', [5, null, null], ['latency.p99 < 1h: sse has no data in 2 of 3 runs']],
    [
      'latency.p99 < 4ms',
      [5, null, 3],
      ['latency.p99 < 4ms: sse has 5.00 ms in 1 of 3 runs; has no data in 1 of 3 runs'],
    ],
    ['median(latency.p99) < 200ms', ten, []],
    ['median( latency.p99 ){technique:sse} < 200ms', [150, 250, 210], ['has 210 ms as the median of 3 runs']],
    ['median(latency.p99) < 4ms', [5, null, 3], ['has no data in 1 of 3 runs, and so no median']],
    ['median(latency.p99{technique:sse}) < 4ms', [], 'is not a condition'],
    ['median(latency.p99 < 4ms', [], 'is not a condition'],
    ['latency.p99) < 4ms', [], 'is not a condition'],
    ['mean(latency.p99) < 4ms', [], 'is not a condition'],
    ['median(latency.p99) < 4ms abort', [], 'a median is known after the last run: leave out abort'],
  ] as const)
    test(`${text} of ${values.join()}`, () => {
      const threshold = readThreshold(text)
      if ('problem' in threshold) {
        assert.ok(typeof sentences === 'string' && threshold.problem.includes(sentences), threshold.problem)
        return
      }
      const found = failedThresholds([threshold.value], latencies(values))
      assert.equal(found.length, sentences.length, found.join())
      for (const [index, sentence] of found.entries())
        assert.ok(sentence.endsWith(sentences[index] ?? '?'), sentence)
    })
})

describe('a result', () => {
  const result = resultOf([
    measurementOf({ technique: 'sse', run: 1 }),
    measurementOf({ technique: 'sse', run: 2, lost: 3 }),
    measurementOf({ technique: 'polling', emptyRatio: 0.5 }),
    unmeasured('websocket'),
  ])
  for (const [text, failures] of [
    ['events.lost{technique:sse} == 0', [/: sse has 3 in 1 of 2 runs$/]],
    ['events.lost{technique:polling} == 0', []],
    ['emptyRatio{technique:polling,scenario:steady} <= 50%', []],
    ['emptyRatio{technique:polling} < 50%', [/: polling has 50\.0 %$/]],
    ['latency.p99{technique:websocket} < 1h', [/: websocket has no data$/]],
    ['events.lost{scenario:storm} == 0', [/nothing was measured that it speaks of$/]],
  ] as const) {
    test(`${text}: ${failures.length} failures`, () => {
      const found = failedThresholds([read(text)], result)
      assert.equal(found.length, failures.length, found.join())
      for (const [index, failure] of failures.entries()) assert.match(found[index] ?? '', failure)
    })
  }

  test('of several scenarios names each', () => {
    const several = resultOf([
      measurementOf({ technique: 'sse', lost: 3 }),
      measurementOf({ technique: 'sse', scenario: 'rooms', lost: 4 }),
    ])
    assert.deepEqual(failedThresholds([read('events.lost == 0')], several), [
      'events.lost == 0: sse in steady has 3',
      'events.lost == 0: sse in rooms has 4',
    ])
  })

  test('ends at a run that breaks a condition with abort, and at no other', () => {
    const thresholds = ['events.lost{technique:sse} == 0 abort', 'events.delivered < 0'].map(read)
    assert.deepEqual(
      result.measurements.map(run => breaches(thresholds, run).length),
      [0, 1, 0, 0],
    )
  })
})
