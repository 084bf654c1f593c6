/** Every scenario can be planned, and every one that is about certain techniques runs. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { measureOnce } from '../../measure/run/run.ts'
import { milliseconds } from '../../model/units.ts'
import type { Scenario } from '../../model/workload.ts'
import { isTechnique, planRuns, techniques } from '../../plan/plan.ts'
import { type ScenarioName, scenarios } from '../../scenarios/index.ts'

const all = Object.entries(scenarios) as [ScenarioName, Scenario][]

for (const [name, scenario] of all) {
  test(`${name} is planned with its own techniques, settings and load`, () => {
    const plans = planRuns({ scenario: name })
    const { techniques: about = techniques, usualTechniques: usual = about }: Scenario = scenario
    assert.deepEqual(
      [...new Set(plans.map(({ pair }) => pair.technique))],
      techniques.filter(technique => usual.includes(technique)),
    )
    for (const technique of scenario.techniques ?? []) assert.ok(isTechnique(technique), technique)
    for (const [technique, values] of Object.entries(scenario.settings ?? {})) {
      const plan = plans.find(({ pair }) => pair.technique === technique)
      assert.deepEqual(Object.keys(plan?.settings ?? {}), Object.keys(values))
    }
    for (const { workload, fault } of plans) {
      const backoff = fault === undefined ? scenario.workload.backoff : workload.backoff
      assert.deepEqual(workload, { ...scenario.workload, backoff, seed: 1 })
    }
  })
}

test('flags come before what a scenario sets', () => {
  const [plan] = planRuns({
    scenario: 'event-driven-ajax-two-pages',
    set: 'long-polling.hold=5s',
    pagesPerSession: 3,
    delivery: 'last-value',
    backendPoll: '0',
  })
  assert.deepEqual(plan?.settings, { hold: 5_000_000, noop: 'timeout-event' })
  assert.partialDeepStrictEqual(plan.workload, {
    pagesPerSession: 3,
    delivery: 'last-value',
    backendPoll: 0,
  })
})

test('a technique narrows a scenario down, and one that the scenario is not about is a usage error', () => {
  const plans = planRuns({ scenario: ['reverse-ajax-demo', 'steady'], technique: 'piggyback,sse' })
  assert.deepEqual(
    plans.map(({ scenario, pair }) => [scenario, pair.technique]),
    [
      ['reverse-ajax-demo', 'piggyback'],
      ['steady', 'piggyback'],
      ['steady', 'sse'],
    ],
  )
  assert.throws(
    () => planRuns({ scenario: 'reverse-ajax-demo', technique: 'sse' }),
    /^UsageError: --technique: the scenario "reverse-ajax-demo" is about polling, piggyback; .* of sse$|--technique: the scenario "reverse-ajax-demo" is about polling, piggyback; .* of sse/,
  )
})

describe('a profile runs', { concurrency: 2 }, () => {
  for (const [name, { techniques: about }] of all) {
    if (about === undefined) continue
    test(name, async () => {
      // More events than usual: of twenty clients some must hear something within the second.
      const plans = planRuns({ scenario: name, clients: 20, duration: '1s', rate: '5/s', workers: 1 })
      for (const plan of plans) {
        const workload = { ...plan.workload, warmup: milliseconds(300) }
        const measurement = await measureOnce({ ...plan, workload, ceiling: milliseconds(0) })
        assert.deepEqual(measurement?.failures, [])
        const { expected, delivered, superseded, takenByOther } = measurement.events
        assert.ok(delivered > 0)
        assert.equal(delivered + superseded + takenByOther, expected)
      }
    })
  }
})
