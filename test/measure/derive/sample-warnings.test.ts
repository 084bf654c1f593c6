/** Warnings about samples that are fewer draws than they look. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { micros, milliseconds, seconds } from '../../../model/units.ts'
import type { Workload } from '../../../model/workload.ts'
import { builtIn, planOf } from '../plan.ts'
import { clientReport, derived, latencies } from '../reports-of-processes.ts'

const report = clientReport({
  connected: 1,
  everConnected: 1,
  expected: 20,
  delivered: 20,
  latency: latencies(20),
})

function phaseLock(workload: Partial<Workload>): string | undefined {
  const plan = planOf(builtIn('sse'), { arrivals: 'periodic', ratePerSecond: 2, ...workload })
  return derived(plan, { clientReports: [report] }).warnings.find(({ code }) => code === 'phase-lock')
    ?.message
}

test('periodic events that meet the polls of a backend at one phase are warned about', () => {
  const locked = 'events every 500 ms meet polls of the backend every 500 ms at the same phase each time'
  assert.equal(phaseLock({ backendPoll: milliseconds(500) }), locked)
  assert.match(phaseLock({ backendPoll: milliseconds(250) }) ?? '', /polls of the backend every 250 ms/)
  assert.equal(phaseLock({ backendPoll: milliseconds(300) }), undefined)
  assert.equal(phaseLock({ backendPoll: seconds(1) }), undefined)
  assert.equal(phaseLock({ backendPoll: micros(0) }), undefined)
  assert.equal(phaseLock({ backendPoll: milliseconds(500), arrivals: 'poisson' }), undefined)
})
