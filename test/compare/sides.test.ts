import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compareResults } from '../../compare/compare.ts'
import { secondsPerRun } from '../../compare/sides.ts'
import { spanText } from '../../compare/words.ts'
import { decidingAdvice } from '../../reports/gate/verdicts.ts'
import type { Result } from '../../results/result.ts'
import { drawing, normal } from './random-samples.ts'
import { compared, finding, runs, ten, withBytes } from './results.ts'

/** So many runs, measured from one minute to another of an hour. */
const measured = (runs: number, from: number, to: number, values = ten(200, 1)): Result => ({
  ...withBytes(values.slice(0, runs)),
  startedAt: new Date(Date.UTC(2026, 0, 1, 0, from)).toISOString(),
  finishedAt: new Date(Date.UTC(2026, 0, 1, 0, to)).toISOString(),
})

describe('how long a run a side takes', () => {
  test('of two results, one after the other: what a run of each took', () => {
    assert.equal(secondsPerRun(measured(10, 0, 10), measured(5, 20, 30)), 60 + 120)
  })
  test('of sides that were measured alternately: the time of both, once', () => {
    assert.equal(secondsPerRun(measured(10, 0, 19), measured(10, 1, 20)), 120)
  })
  test('of results without a duration: unknown', () => {
    assert.equal(secondsPerRun(measured(10, 0, 0), measured(10, 1, 1)), null)
  })
})

test('what is inconclusive says how many runs and how much time would decide, both sides in all', () => {
  const found = compared(measured(10, 0, 5), measured(10, 10, 15), 'egress.perDelivery')
  assert.equal(found.verdict, 'inconclusive')
  const [, runs, time] = /about (\d+) runs a side would decide, (.+) in all$/.exec(found.reason) ?? []
  assert.equal(Number(runs), found.runsNeeded)
  assert.equal(time, spanText(Number(runs) * 60))
})

test('where the estimate is below what the test can use, or there is none, the least number is called that', () => {
  for (const values of [
    [200, 210],
    [200, 205, 220],
  ]) {
    const comparison = compareResults(
      measured(values.length, 0, 5, values),
      measured(values.length, 10, 15, ten(300, 1)),
    )
    const found = finding(comparison.findings, 'egress.perDelivery')
    const text = `it takes at least ${found.runsNeeded} runs a side`
    assert.ok(found.runsNeededIsLeast, found.reason)
    assert.ok(found.reason.includes(`; ${text}`), found.reason)
    // The warning, the row and the advice say the same.
    assert.ok(comparison.floors.join().endsWith(text), comparison.floors.join())
    assert.ok(decidingAdvice(comparison)?.startsWith(text))
    assert.doesNotMatch(found.reason, /would decide/)
  }
})

for (const [seconds, text] of [
  [0.2, '1 second'],
  [50, '50 seconds'],
  [119, '119 seconds'],
  [119.7, '2 minutes'],
  [150, '2.5 minutes'],
  [540, '9 minutes'],
  [600, '10 minutes'],
  [5_000, '83 minutes'],
  [9_000, '2.5 hours'],
] as const)
  test(`${seconds} s is ${text}`, () => assert.equal(spanText(seconds), text))

test('a side carries its name, its machine and each workload once', () => {
  const options = { names: { base: 'old.json', head: 'new.json' } }
  const { base, head } = compareResults(measured(10, 0, 5), measured(10, 10, 15), options)
  assert.deepEqual([base.name, head.name], ['old.json', 'new.json'])
  assert.deepEqual([base.machine.cores, base.machine.cpu], [2, 'Example CPU 2.4 GHz'])
  assert.deepEqual(
    base.scenarios.map(({ name, techniques, workloads }) => [name, techniques, workloads.length]),
    [['steady', ['sse'], 1]],
  )
})

describe('runs that are all the same', () => {
  for (const count of [2, 3, 10])
    test(`${count} a side: unchanged, with an interval of no width`, () => {
      const same = withBytes(Array(count).fill(149))
      const found = compared(same, same, 'egress.perDelivery')
      assert.deepEqual(
        [found.verdict, found.interval, found.reason],
        ['unchanged', { low: 1, high: 1 }, 'the same in all runs of both sides'],
      )
    })

  test('one a side says nothing of chance, whatever it is', () => {
    const one = withBytes([149])
    const { findings } = compareResults(one, one)
    assert.equal(finding(findings, 'egress.perDelivery').verdict, 'inconclusive')
  })

  test('two a side that lie far closer together than what matters are unchanged', () => {
    const found = compared(withBytes([149, 149.03]), withBytes([149.1, 149]), 'egress.perDelivery')
    assert.deepEqual([found.verdict, found.interval], ['unchanged', null])
    assert.equal(
      found.reason,
      'all runs of both sides lie within 0.0671 %, far less than the 1 % that matters',
    )
  })

  test('a change that matters is called steady in less than one of a thousand comparisons, at 2 runs a side', () => {
    const random = drawing('steady')
    // The noise that gives it the best chance lies around the change itself.
    for (const sd of [0.002, 0.005, 0.01, 0.02]) {
      let called = 0
      for (let comparison = 0; comparison < 4_000; comparison++) {
        const side = (middle: number) => Array.from({ length: 2 }, () => middle * (1 + sd * normal(random)))
        const [base, head] = [side(100), side(101)]
        const all = [...base, ...head]
        if (Math.max(...all) / Math.min(...all) - 1 <= 0.001) called++
      }
      assert.ok(called < 4, `${called} of 4,000 at a standard deviation of ${sd}`)
    }
  })

  test('three that differ from three others are not called the same', () => {
    const found = compared(withBytes([149, 149, 149]), withBytes([150, 150, 150]), 'egress.perDelivery')
    assert.equal(found.verdict, 'inconclusive')
  })
})

test('the workload of a run that broke has the window that was asked for, not the one at whose middle it broke', () => {
  const sound = runs(2, ({ workload }) => ({
    workload: { ...workload, durationAskedMicros: workload.durationMicros },
  }))
  const broken = runs(2, ({ workload }) => ({
    passed: false,
    failures: ['the server failed: no such room'],
    workload: { ...workload, durationAskedMicros: workload.durationMicros, durationMicros: 135_000 },
  }))
  const { base, head } = compareResults(sound, broken)
  assert.deepEqual(head.scenarios[0]?.workloads, base.scenarios[0]?.workloads)
})
