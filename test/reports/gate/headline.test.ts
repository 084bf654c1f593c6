/** The headline of a comparison: its counts are those of the lists, and it names what failed the job. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Comparison, compareResults } from '../../../compare/compare.ts'
import type { Verdict } from '../../../compare/finding.ts'
import { countsOf, gateFormats } from '../../../reports/gate/index.ts'
import { runsText } from '../../../reports/gate/sides.ts'
import { levelSentence, tally } from '../../../reports/gate/verdicts.ts'
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

for (const [runsOfSeries, text] of [
  [[10], '10 runs'],
  [[1, 1], '1 run of 2 series'],
  [[3, 3, 2], '2 to 3 runs of 3 series'],
] as const)
  test(`a side with ${runsOfSeries} runs: ${text}`, () => assert.equal(runsText(runsOfSeries), text))
