import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundBy, ceilingOf } from '../../../measure/derive/ceiling.ts'
import type { ProcessLoad } from '../../../measure/messages/process-load.ts'
import type { CeilingReport, ServerReport, ServerTotals } from '../../../measure/messages/report.ts'
import type { EmptyPoll } from '../../../model/request.ts'
import { instant } from '../../../model/units.ts'

const request: EmptyPoll = { method: 'GET', path: '/events?stream=0', headers: [] }

test('no count is believed that the other does not bear out', () => {
  const totals = (requests: number, at: number) =>
    ({ requests, readAt: instant(at) }) as unknown as ServerTotals
  const load = { cpuSeconds: 1.8, utilization: 0.95 } as ProcessLoad
  const server: Pick<ServerReport, 'atOpen' | 'atClose' | 'load'> = {
    atOpen: totals(1_000, 500_000),
    atClose: totals(21_000, 2_500_000),
    load,
  }
  const generator: Omit<CeilingReport, 'role'> = {
    answered: 19_950,
    statuses: { 200: 21_000 },
    errors: 0,
    error: '',
    load: { ...load, utilization: 0.5 },
  }
  const agreed = ceilingOf(server, generator, request)
  assert.ok('ceiling' in agreed)
  assert.equal(agreed.ceiling.requestsPerSecond, 10_000)
  assert.equal(agreed.ceiling.serverCpuMicrosPerRequest, 90)
  assert.equal(agreed.ceiling.boundBy, 'server')

  const problem = (over: Partial<typeof server>, by: Partial<typeof generator>): string => {
    const outcome = ceilingOf({ ...server, ...over }, { ...generator, ...by }, request)
    return 'problem' in outcome ? outcome.problem : 'none'
  }
  assert.match(problem({}, { answered: 15_000 }), /server counted 20000 requests, autocannon 15000 answers/)
  assert.match(problem({}, { answered: 26_000 }), /autocannon 26000/)
  assert.match(problem({}, { statuses: { 200: 5, 503: 2 } }), /2 answers had HTTP status 503/)
  assert.match(
    problem({}, { errors: 3, error: 'request timed out' }),
    /3 requests got no answer \(request timed/,
  )
  assert.match(problem({ atClose: null }, {}), /did not open and close/)
  assert.match(problem({}, { answered: 0 }), /no request was answered/)
  assert.equal(problem({}, {}), 'none')
})

test('what set the pace is named only where one side alone was busy', () => {
  assert.equal(boundBy(0.95, 0.5, 0.9), 'server')
  assert.equal(boundBy(0.5, 0.95, 0.5), 'generator')
  assert.equal(boundBy(0.95, 0.95, 0.9), 'unclear')
  assert.equal(boundBy(0.5, 0.5, 0.5), 'unclear')
  assert.equal(boundBy(0.95, 0.5, 0.3), 'unclear', 'others took the core from the server')
  assert.equal(boundBy(null, 0.5, null), 'unclear')
})
