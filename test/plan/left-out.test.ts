import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../../model/usage-error.ts'
import { leftOut } from '../../plan/left-out.ts'
import type { RunOptions } from '../../plan/options.ts'
import { planRuns } from '../../plan/plan.ts'

const refused: Record<string, { options: RunOptions; says: RegExp }> = {
  'a technique that the scenario is not about, next to one that it is about': {
    options: { scenario: 'cd-sales-page', technique: 'polling,long-polling' },
    says: /^--technique: the scenario "cd-sales-page" is about long-polling and does not measure polling; leave polling out/,
  },
  'a technique that none of the scenarios is about': {
    options: { scenario: 'cd-sales-page,null-flag', technique: 'long-polling,busy-polling,sse' },
    says: /"cd-sales-page" .* does not measure sse; the scenario "null-flag" .* does not measure sse; leave sse out/,
  },
  'a technique to which the fault does not apply, next to one to which it does': {
    options: { technique: 'sse,long-polling', fault: 'hold-expiry' },
    says: /^--technique: sse is not measured with a fault: sse holds no request, .*; leave sse out/,
  },
}

for (const [name, { options, says }] of Object.entries(refused)) {
  test(`${name} is refused in one sentence`, () => {
    assert.throws(() => planRuns(options), { constructor: UsageError, message: says })
  })
}

test('what is measured in some scenarios or with some faults is planned, and what is left out is said', () => {
  const scenarios = { scenario: 'cd-sales-page,steady', technique: 'polling,long-polling' }
  assert.equal(planRuns(scenarios).length, 3)
  assert.deepEqual(leftOut(scenarios), [
    'the scenario "cd-sales-page" is about long-polling and does not measure polling',
  ])
  const faults = { technique: 'sse,long-polling', fault: 'restart,hold-expiry', duration: '60s' }
  assert.deepEqual(
    planRuns(faults).map(({ pair, fault }) => `${pair.technique} ${fault?.text.split(':', 1)}`),
    ['sse restart', 'long-polling restart', 'long-polling hold-expiry'],
  )
  assert.deepEqual(leftOut(faults), [
    'sse is not measured with a fault: sse holds no request, so no hold can expire',
  ])
})

test('nothing is left out where no technique is named', () => {
  assert.deepEqual(leftOut({ scenario: 'cd-sales-page', fault: 'restart' }), [])
  assert.ok(planRuns({ scenario: 'cd-sales-page' }).length > 0)
})
