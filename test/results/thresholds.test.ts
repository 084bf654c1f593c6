import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { breaches, failedThresholds, readThreshold, type Threshold } from '../../results/thresholds.ts'
import { measurementOf, resultOf, unmeasured } from '../reports/fixture.ts'
import { stormMeasurementOf } from '../reports/storms.ts'

function read(text: string): Threshold {
  const threshold = readThreshold(text)
  assert.ok('value' in threshold, JSON.stringify(threshold))
  return threshold.value
}

describe('a condition is read in the stored unit of its metric', () => {
  for (const [text, name, operator, bound] of [
    ['latency.p99 < 250ms', 'latency.p99', '<', 250_000],
    ['latency.p99<1.5s', 'latency.p99', '<', 1_500_000],
    ['rearm.max == 0', 'rearm.max', '==', 0],
    ['bytes.perDelivery <= 4KiB', 'bytes.perDelivery', '<=', 4_096],
    ['bytes.perDelivery < 233B', 'bytes.perDelivery', '<', 233],
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
    'storm.backP99 < 1m: sse, storm, run 1 never got there',
  ])
})

describe('a result', () => {
  const result = resultOf([
    measurementOf({ technique: 'sse', run: 1 }),
    measurementOf({ technique: 'sse', run: 2, lost: 3 }),
    measurementOf({ technique: 'polling', emptyRatio: 0.5 }),
    unmeasured('websocket'),
  ])
  for (const [text, failures] of [
    ['events.lost{technique:sse} == 0', [/sse, steady, run 2 has 3 count$/]],
    ['events.lost{technique:polling} == 0', []],
    ['emptyRatio{technique:polling,scenario:steady} <= 50%', []],
    ['emptyRatio{technique:polling} < 50%', [/polling, steady, run 1 has 0\.5 ratio$/]],
    ['latency.p99{technique:websocket} < 1h', [/no data \(websocket, steady, run 1\)$/]],
    ['events.lost{scenario:storm} == 0', [/nothing was measured that it speaks of$/]],
  ] as const) {
    test(`${text}: ${failures.length} failures`, () => {
      const found = failedThresholds([read(text)], result)
      assert.equal(found.length, failures.length, found.join())
      for (const [index, failure] of failures.entries()) assert.match(found[index] ?? '', failure)
    })
  }

  test('ends at a run that breaks a condition with abort, and at no other', () => {
    const thresholds = ['events.lost{technique:sse} == 0 abort', 'events.delivered < 0'].map(read)
    assert.deepEqual(
      result.measurements.map(run => breaches(thresholds, run).length),
      [0, 1, 0, 0],
    )
  })
})
