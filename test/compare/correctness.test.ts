import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compareResults } from '../../compare/compare.ts'
import { lacksRuns } from '../../compare/finding.ts'
import type { Measurement } from '../../results/result.ts'
import { measurementOf, resultOf, unmeasured, warningOf } from '../reports/fixture.ts'
import { compared, finding, notesOf, runs, ten, withLost } from './results.ts'

describe('correctness', () => {
  test('one new loss is a regression with a single run, however fast the head is', () => {
    const found = compared(withLost([0]), withLost([1]), 'events.lost')
    assert.equal(found.verdict, 'regressed')
    assert.equal(found.reason, 'new: 1 of 1,000 deliveries lost, in 1 of 1 run; the base has none in 1 run')
    assert.equal(found.p, null)
  })

  for (const [name, change] of [
    ['events.duplicated', { duplicated: 1 }],
    ['events.outOfOrder', { outOfOrder: 1 }],
  ] as const) {
    test(`so is a delivery under ${name}`, () => {
      const head = runs(3, ({ events }, index) => (index === 1 ? { events: { ...events, ...change } } : {}))
      assert.equal(compared(withLost([0, 0, 0]), head, name).verdict, 'regressed')
      assert.equal(compared(head, withLost([0, 0, 0]), name).verdict, 'unchanged')
    })
  }

  test('a scenario that loses by design regresses only where the head loses a larger share, beyond chance', () => {
    const byDesign = [100, 104, 96, 101, 99, 103, 97, 102, 98, 105]
    const same = compared(withLost(byDesign), withLost(byDesign.toReversed()), 'events.lost')
    assert.equal(same.verdict, 'unchanged', same.reason)
    const worse = compared(withLost(byDesign), withLost(byDesign.map(lost => lost * 2)), 'events.lost')
    assert.equal(worse.verdict, 'regressed', worse.reason)
    assert.equal(worse.unit, 'ratio')
    const fewer = compared(withLost(byDesign), withLost(byDesign.map(lost => (lost / 2) | 0)), 'events.lost')
    assert.equal(fewer.verdict, 'improved', fewer.reason)
  })

  test('a head without losses is never worse than a base with some', () => {
    const found = compared(withLost([0, 0, 3, 0]), withLost([0, 0, 0, 0]), 'events.lost')
    assert.equal(found.verdict, 'unchanged')
    assert.match(
      found.reason,
      /^none lost in the head; the base has 3 of 4,000 deliveries lost, in 1 of 4 runs/,
    )
  })

  test('a head that lost more than a base that rarely loses is left open', () => {
    const rarely = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    const found = compared(withLost(rarely), withLost(rarely.with(3, 50)), 'events.lost')
    assert.equal(found.verdict, 'inconclusive', found.reason)
    assert.equal(
      compared(withLost(rarely), withLost(rarely.toReversed()), 'events.lost').verdict,
      'unchanged',
    )
    const always = compared(withLost(rarely), withLost(ten(20, 2)), 'events.lost')
    assert.equal(always.verdict, 'regressed', always.reason)
  })

  test('runs that lost events still count for speed', () => {
    assert.equal(compared(withLost([0, 0, 0]), withLost([1, 2, 3]), 'latency.p50').head.runs, 3)
  })
})

describe('runs that broke', () => {
  const broken = (code: 'server-died' | 'generator-saturated' | 'aborted', run = 1): Measurement => ({
    ...measurementOf({
      technique: 'sse',
      run,
      failures: ['it broke'],
      warnings: [warningOf(code, 'it broke')],
    }),
  })
  const sound = (run: number): Measurement => measurementOf({ technique: 'sse', run })

  test('a server that died in the head, but never in the base, is a regression', () => {
    const comparison = compareResults(
      resultOf([sound(1), sound(2)]),
      resultOf([sound(1), broken('server-died', 2)]),
    )
    const { findings } = comparison
    const found = finding(findings, 'runs.valid')
    assert.equal(found.verdict, 'regressed')
    assert.equal(found.reason, 'new: 1 of 2 runs broke: it broke')
    assert.deepEqual(notesOf(comparison), [], 'the finding has said it')
    assert.equal(finding(findings, 'latency.p50').head.runs, 1)
  })

  test('a technique that never came up is a regression, and nothing else is said of it', () => {
    const head = {
      ...unmeasured('sse'),
      warnings: [warningOf('boot-failed', 'the server did not boot within 10 s')],
    }
    const { findings, verdict } = compareResults(resultOf([sound(1)]), resultOf([head]))
    assert.deepEqual(
      findings.map(({ metric }) => metric),
      ['runs.valid'],
    )
    assert.equal(verdict, 'regressed')
  })

  for (const code of ['generator-saturated', 'aborted'] as const) {
    test(`a run that is ${code} is left out and blamed on nobody`, () => {
      const { findings, verdict } = compareResults(resultOf([sound(1)]), resultOf([broken(code)]))
      assert.equal(finding(findings, 'runs.valid').verdict, 'inconclusive')
      assert.equal(verdict, 'inconclusive')
      const some = compareResults(resultOf([sound(1), sound(2)]), resultOf([sound(1), broken(code, 2)]))
      assert.ok(!some.findings.some(({ metric }) => metric === 'runs.valid'))
      assert.equal(notesOf(some).length, 1)
    })
  }

  test('a busy generator excuses no lost event', () => {
    const run = broken('generator-saturated')
    const head = { ...run, events: { ...run.events, lost: 1, delivered: run.events.expected - 1 } }
    const { findings } = compareResults(resultOf([sound(1)]), resultOf([head]))
    assert.equal(finding(findings, 'events.lost').verdict, 'regressed')
    assert.ok(!findings.some(({ metric }) => metric === 'latency.p50'))
  })

  const all = (count: number, make: (run: number) => Measurement): Measurement[] =>
    Array.from({ length: count }, (_, index) => make(index + 1))
  const died = (run: number): Measurement => broken('server-died', run)
  const mixed = (bad: number): Measurement[] => [...all(bad, died), ...all(10 - bad, sound)]

  test('ten crashes at ten instants are one reason', () => {
    const crash = (run: number): Measurement => {
      const message = `the server exited with code 7, 0.${run} s into the measured window; it wrote last: bye`
      return { ...died(run), failures: [message], warnings: [warningOf('server-died', message)] }
    }
    const { findings } = compareResults(resultOf(all(3, sound)), resultOf(all(3, crash)))
    assert.equal(
      finding(findings, 'runs.valid').reason,
      'new: 3 of 3 runs broke: the server exited with code 7, 0.1 s into the measured window; it wrote last: bye',
    )
  })

  for (const [base, head, verdict, says] of [
    [
      10,
      0,
      'improved',
      /^10 of 10 runs broke in the base, 0 of 10 in the head; without a valid run in the base/,
    ],
    [1, 10, 'regressed', /^10 of 10 runs broke, 1 of 10 in the base: it broke$/],
    [10, 1, 'improved', /^10 of 10 runs broke in the base, 1 of 10 in the head/],
    [0, 10, 'regressed', /^new: 10 of 10 runs broke: it broke$/],
    [10, 10, 'inconclusive', /^no valid run on either side; base: it broke; head: it broke$/],
    [9, 10, 'inconclusive', /^no valid run in the head: it broke$/],
  ] as const)
    test(`servers that died in ${base} of 10 runs of the base and ${head} of the head: ${verdict}`, () => {
      const { findings } = compareResults(resultOf(mixed(base)), resultOf(mixed(head)))
      const found = finding(findings, 'runs.valid')
      assert.equal(found.verdict, verdict, found.reason)
      assert.match(found.reason, says)
    })

  for (const [base, head, p] of [
    [1, 5, '0.141'],
    [3, 6, '0.37'],
  ] as const)
    test(`servers that died in ${base} and ${head} of 10 runs: more, but perhaps by chance, is left open`, () => {
      const { findings, verdict } = compareResults(resultOf(mixed(base)), resultOf(mixed(head)))
      const found = finding(findings, 'runs.valid')
      assert.deepEqual([found.verdict, verdict, lacksRuns(found)], ['inconclusive', 'inconclusive', false])
      assert.equal(
        found.reason,
        `${head} of 10 runs broke, ${base} of 10 in the base: more, but too few to rule out chance: p ${p}, 0.01 is needed; it broke`,
      )
    })

  test('a base without a valid run, by no fault of its server, is no measure of a head that crashes', () => {
    const base = all(3, run => broken('aborted', run))
    for (const crashes of [1, 3]) {
      const head = [...all(crashes, died), ...all(3 - crashes, sound)]
      const found = finding(compareResults(resultOf(base), resultOf(head)).findings, 'runs.valid')
      assert.deepEqual([found.verdict, lacksRuns(found)], ['inconclusive', true], found.reason)
    }
  })

  for (const [base, head] of [
    [6, 3],
    [1, 0],
  ] as const)
    test(`servers that died in ${base} and ${head} of 10 runs are left out, and chance explains it`, () => {
      const comparison = compareResults(resultOf(mixed(base)), resultOf(mixed(head)))
      assert.ok(comparison.findings.every(({ metric }) => metric !== 'runs.valid'))
      assert.equal(notesOf(comparison).length, head === 0 ? 1 : 2)
    })

  test('a head that crashed early differs in nothing but the code, in results of before as well', () => {
    const { durationAskedMicros, ...older } = sound(1).workload
    const head = all(2, run => ({ ...died(run), workload: { ...older, durationMicros: 12_345 } }))
    const base = all(2, run => ({ ...sound(run), workload: older }))
    const { differences, verdict } = compareResults(resultOf(base), resultOf(head))
    assert.deepEqual([differences, verdict], [[], 'regressed'])
  })

  test('of two techniques one crashes: it regressed, and the other is compared', () => {
    const other = (run: number): Measurement => ({ ...sound(run), technique: 'polling' })
    const { findings } = compareResults(
      resultOf([...all(4, sound), ...all(4, other)]),
      resultOf([...all(4, died), ...all(4, other)]),
    )
    const verdicts = (technique: string) => findings.filter(each => each.technique === technique)
    assert.deepEqual(
      verdicts('sse').map(({ metric, verdict }) => [metric, verdict]),
      [['runs.valid', 'regressed']],
    )
    assert.ok(verdicts('polling').length > 3)
  })

  test('servers that die on both sides are not a regression', () => {
    const both = resultOf([sound(1), broken('server-died', 2)])
    assert.ok(compareResults(both, both).findings.every(({ metric }) => metric !== 'runs.valid'))
  })
})
