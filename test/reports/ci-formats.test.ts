/** What CI systems read of a result: annotations, JUnit, the JSON of github-action-benchmark. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { workflowCommands } from '../../reports/ci/workflow-commands.ts'
import { formats } from '../../reports/index.ts'
import type { Result } from '../../results/result.ts'
import { resultOf } from './fixture.ts'
import { junitProblems } from './junit-schema.ts'
import { fourTechniques, hostile, repeated, troubled, twoScenarios } from './results.ts'
import { stormSuite } from './storms.ts'

const cases: Readonly<Record<string, Result>> = {
  'four techniques': fourTechniques(),
  'failed and lossy': troubled(),
  'three runs': repeated(),
  'two scenarios': twoScenarios(),
  'hostile text': hostile(),
  storms: stormSuite(),
  'no measurement': resultOf([]),
}
const golden = (name: string): string => join(import.meta.dirname, '../golden', name)
/** A result that does not meet a condition, and one whose text is hostile. */
const unmet = (result: Result): Result => ({
  ...result,
  thresholds: [
    {
      condition: 'events.lost == 0',
      met: false,
      failures: [{ series: 'sse', scenario: 'steady', runs: 3, of: 10, withoutValue: 0, worst: 120 }],
    },
    { condition: 'latency.p99 < 1ms: 50 % <b>\n::error::', met: false, failures: [] },
    { condition: 'latency.p50 < 1s', met: true, failures: [] },
  ],
})

describe('JUnit is valid by the common schema', () => {
  for (const [title, result] of Object.entries(cases)) {
    test(title, () => {
      assert.deepEqual(junitProblems(formats.junit.render(result)), [])
      assert.deepEqual(junitProblems(formats.junit.render(unmet(result))), [])
    })
  }
})

describe('annotations', () => {
  const lines = (result: Result): string[] => formats.annotations.render(result).split('\n').slice(0, -1)

  test('none where everything passed', () => {
    assert.deepEqual(lines(fourTechniques()), [])
  })
  test('an error for each series that failed, each threshold, and for a result that is not whole', () => {
    const failed = troubled().measurements.filter(({ passed }) => !passed)
    assert.equal(lines(troubled()).length, failed.length)
    assert.equal(lines(unmet(troubled())).length, failed.length + 2)
    assert.match(lines(resultOf([])).join(), /^::error title=pushbench::nothing was measured$/)
    assert.match(lines({ ...fourTechniques(), aborted: true }).join(), /^::error title=pushbench aborted::/)
  })
  test('nothing of a text can end a command or begin another', () => {
    for (const line of [...lines(unmet(hostile())), ...lines(unmet(fourTechniques()))])
      assert.match(line, /^::error title=[^:,]*::(?:[^%]|%25|%0A)*$/)
  })
  test('golden file', context => {
    const text = formats.annotations.render(unmet(troubled()))
    context.assert.fileSnapshot(text, golden('annotations.txt'), { serializers: [String] })
  })
})

describe('the JSON of github-action-benchmark', () => {
  const entries = (result: Result) =>
    JSON.parse(formats['action-benchmark'].render(result)) as {
      name: string
      unit: string
      value: number
      range?: string
    }[]

  for (const [title, result] of Object.entries(cases)) {
    test(`${title}: entries of a name of their own, a unit and a number`, () => {
      const all = entries(result)
      assert.equal(new Set(all.map(({ name }) => name)).size, all.length)
      for (const { name, unit, value } of all) {
        assert.ok(name !== '' && unit !== '' && Number.isFinite(value), name)
      }
      assert.equal(all.length === 0, result.measurements.length === 0)
    })
  }
  test('one run has no range, several have the smallest and the largest', () => {
    assert.ok(entries(fourTechniques()).every(({ range }) => range === undefined))
    assert.ok(entries(repeated()).some(({ range }) => /^[\d.]+ to [\d.]+$/.test(range ?? '')))
  })
  test('the speed of what failed is left out, its losses are not', () => {
    const names = entries(troubled()).map(({ name }) => name)
    const failed = troubled().measurements.find(({ passed, events }) => !passed && events.lost > 0)
    assert.ok(failed)
    assert.deepEqual(
      names.filter(name => name.startsWith(`steady: ${failed.technique},`)),
      ['events.lost', 'events.duplicated', 'events.outOfOrder'].map(
        name => `steady: ${failed.technique}, ${name}`,
      ),
    )
  })
  test('golden file', context => {
    const text = formats['action-benchmark'].render(fourTechniques())
    context.assert.fileSnapshot(text, golden('action-benchmark.json'), { serializers: [String] })
  })
})

test('an annotation points at the place of an error within the working directory', () => {
  const lineOf = (message: string): string => workflowCommands([{ severity: 'error', title: 't', message }])
  assert.match(lineOf('boom (at src/a.ts:8:27), later'), /^::error title=t,file=src\/a\.ts,line=8::boom /)
  assert.match(lineOf('SyntaxError: x (at b.ts:3)'), /^::error title=t,file=b\.ts,line=3::/)
  assert.match(lineOf('boom (at /opt/a.ts:8:27)'), /^::error title=t::/)
})
