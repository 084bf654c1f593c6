/** The headline of a comparison: its counts are those of the lists, and it names what failed the job. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Comparison, compareResults } from '../../../compare/compare.ts'
import type { Verdict } from '../../../compare/finding.ts'
import { countsOf, gateFormats } from '../../../reports/gate/index.ts'
import { runsText } from '../../../reports/gate/sides.ts'
import { levelSentence, tally } from '../../../reports/gate/verdicts.ts'
import { thresholdSentences } from '../../../reports/thresholds.ts'
import { readThreshold } from '../../../results/thresholds.ts'
import { runs } from '../../compare/results.ts'
import { warningOf } from '../fixture.ts'
import { baseline, doubtful, everyVerdict, findingOf } from './comparisons.ts'

const open = (level: 'error' | 'warn', verdict: Verdict) => findingOf({ level, verdict })
const withWarnings: Comparison = {
  ...doubtful,
  findings: [
    open('error', 'inconclusive'),
    open('warn', 'inconclusive'),
    open('warn', 'unchanged'),
    open('error', 'unchanged'),
  ],
}

describe('one count everywhere', () => {
  test('metrics that can only warn are counted as they are listed', () => {
    assert.equal(tally(withWarnings), '2 of 4 metrics cannot be decided; 2 unchanged')
    const { inconclusive, unchanged } = countsOf(withWarnings)
    assert.deepEqual([inconclusive, unchanged], [2, 2])
    assert.match(gateFormats.annotations.render(withWarnings, {}), /title=2 metrics inconclusive/)
    assert.match(gateFormats.markdown.render(withWarnings, {}), /<summary>2 metrics unchanged</)
    assert.match(gateFormats.html.render(withWarnings, {}), /<p>2 metrics inconclusive\.</)
  })
  test('the counts of the headline add up to its total', () => {
    const numbers = [...tally(everyVerdict).matchAll(/\d+/g)].map(Number)
    const [first = 0, total, ...others] = numbers
    assert.equal(
      others.reduce((sum, each) => sum + each, first),
      total,
    )
    assert.equal(total, everyVerdict.findings.length)
  })
})

describe('a threshold that is not met', () => {
  const unmet = { condition: 'latency.p99 < 200ms', met: false, failures: [] }
  const failed: Comparison = { ...doubtful, thresholds: [unmet, unmet] }
  for (const [name, title] of [
    ['terminal', /^failed: 2 thresholds not met; 1 of 2 metrics cannot be decided; 1 unchanged$/m],
    ['markdown', /^## pushbench: failed\n\n\*\*2 thresholds not met; /m],
    ['html', /<title>pushbench: failed</],
  ] as const)
    test(`is the title of the job: ${name}`, () => {
      assert.match(gateFormats[name].render(failed, {}), title)
    })
  test('stays behind a regression', () => {
    const both = gateFormats.terminal.render({ ...everyVerdict, thresholds: [unmet] }, {})
    assert.match(both, /^regressed: 1 threshold not met; 2 of 6 metrics got worse/m)
  })
  test('what is said of doubt stays with what is inconclusive', () => {
    const text = gateFormats.markdown.render(failed, {})
    assert.match(
      text,
      /### Inconclusive\n\n(\|.*\n)+\nWhat is inconclusive says nothing about the code: about 18 runs/,
    )
    assert.doesNotMatch(gateFormats.markdown.render(baseline, {}), /What is inconclusive/)
  })
})

describe('where no series has a valid run, nothing is said of metrics', () => {
  const broke = (code: 'server-died' | 'relay-died') =>
    runs(10, () => ({ passed: false, failures: ['it broke'], warnings: [warningOf(code, 'it broke')] }))
  for (const [code, headline] of [
    ['server-died', "the head's server broke"],
    ['relay-died', 'no valid run to compare'],
  ] as const)
    test(headline, () => {
      const comparison = compareResults(
        runs(10, () => ({})),
        broke(code),
      )
      assert.equal(tally(comparison), headline)
      assert.equal(levelSentence(comparison), 'Nothing else could be compared.')
      assert.deepEqual(comparison.notes, [])
    })
})

describe('a comparison that was stopped early says so before all else', () => {
  const unmet = { condition: 'latency.p99 < 200ms', met: false, failures: [] }
  const stopped: Comparison = { ...doubtful, thresholds: [unmet], stopped: 'stopped after 3 of 6 blocks' }
  for (const [name, lead] of [
    ['terminal', /^warning: stopped after 3 of 6 blocks\n/],
    ['markdown', /^> \[!CAUTION\]\n> - stopped after 3 of 6 blocks\n/],
    [
      'html',
      /<title>pushbench: stopped after 3 of 6 blocks; failed<[\s\S]*stopped after 3 of 6\sblocks<\/p>\s*<h1>/i,
    ],
    [
      'junit',
      /<testsuites [^>]*>\s*<testsuite name="compare: read this first"[^>]*>\s*<system-out>stopped after 3 of 6 blocks\n/,
    ],
    ['annotations', /^::error title=pushbench%3A stopped early::stopped after 3 of 6 blocks\n/],
    ['json', /^\{\s*"schemaVersion": 1,\s*"kind": "comparison",\s*"stopped": "stopped after 3 of 6 blocks"/],
  ] as const)
    test(name, () => assert.match(gateFormats[name].render(stopped, {}), lead))

  test('of two results the sentence names each that is aborted', () => {
    const whole = runs(10, () => ({}))
    const cut = { ...whole, aborted: true }
    const said = 'only a part of what was asked for is compared'
    assert.equal(compareResults(whole, whole).stopped, null)
    assert.equal(compareResults(whole, cut).stopped, `head was stopped early: ${said}`)
    assert.equal(compareResults(cut, cut).stopped, `base and head were both stopped early: ${said}`)
  })
})

test('a threshold is not met where the runs of the head broke, and says so', () => {
  const read = readThreshold('median(latency.p99) < 200ms')
  assert.ok('value' in read)
  const head = (broken: number) =>
    runs(3, (_, index) =>
      index < broken
        ? { passed: false, failures: ['it broke'], warnings: [warningOf('server-died', 'it broke')] }
        : {},
    )
  const said = (broken: number) =>
    thresholdSentences(compareResults(head(0), head(broken), { thresholds: [read.value] }).thresholds)
  assert.deepEqual(said(0), [])
  assert.match(said(1).join(), /sse has no data in 1 of 3 runs, 1 of which broke, and so no median$/)
  assert.match(said(3).join(), /sse has no valid run: all 3 broke$/)
})

for (const [runsOfSeries, text] of [
  [[10], '10 runs'],
  [[1, 1], '1 run of 2 series'],
  [[3, 3, 2], '2 to 3 runs of 3 series'],
] as const)
  test(`a side with ${runsOfSeries} runs: ${text}`, () => assert.equal(runsText(runsOfSeries), text))
