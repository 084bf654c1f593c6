import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CeilingReport, ServerReport, ServerTotals } from '../../../measure/messages/job.ts'
import type { ProcessLoad } from '../../../measure/messages/process-load.ts'
import type { RunPlan } from '../../../measure/messages/run-plan.ts'
import { settingsOf } from '../../../measure/messages/run-plan.ts'
import { boundBy, ceilingConnections, ceilingOf, withCeiling } from '../../../measure/run/ceiling.ts'
import { measureOnce } from '../../../measure/run/run.ts'
import type { EmptyPoll } from '../../../model/technique.ts'
import { instant, milliseconds, seconds } from '../../../model/units.ts'
import { readOptions } from '../../../plan/options.ts'
import { resultSchema } from '../../../results/result.ts'
import { measurementOf, resultOf } from '../../reports/fixture.ts'
import { techniques } from '../../streams.ts'
import { builtIn, childrenOfThisProcess, planOf } from '../plan.ts'
import { serialPair } from '../serial-server.ts'

const request: EmptyPoll = { method: 'GET', path: '/events?stream=0', headers: [] }

const plan = (settings: RunPlan['settings'] = {}): RunPlan => ({
  ...planOf(serialPair, {}, settings),
  ceiling: seconds(1),
})

const measured = (given: RunPlan, hooks = {}) =>
  withCeiling(measurementOf({ technique: given.pair.technique }), given, settingsOf(given), hooks)

test('a server that answers one request every 5 ms has a ceiling of 200 requests a second', async () => {
  const { ceiling, passed } = await measured(plan())
  assert.ok(passed && ceiling)
  assert.ok(Math.abs(ceiling.requestsPerSecond - 200) < 6, `${ceiling.requestsPerSecond} requests/s`)
  assert.ok(Math.abs(ceiling.seconds - 1) < 0.25, `${ceiling.seconds} s`)
  assert.equal(ceiling.connections, ceilingConnections)
  // It waits for its grid most of the time: neither side is at its limit.
  assert.equal(ceiling.boundBy, 'unclear')
  assert.deepEqual(childrenOfThisProcess(), [])
})

test('twice as fast a server has twice the ceiling', async () => {
  const { ceiling } = await measured(plan({ each: milliseconds(2.5) }))
  assert.ok(
    ceiling && Math.abs(ceiling.requestsPerSecond - 400) < 12,
    `${ceiling?.requestsPerSecond} requests/s`,
  )
})

test('a server that answers with an error has no ceiling, and its measurement fails', async () => {
  const { ceiling, passed, failures, warnings } = await measured(plan({ status: '500' }))
  assert.equal(ceiling, null)
  assert.equal(passed, false)
  assert.match(failures[0] ?? '', /the ceiling could not be measured: \d+ answers had HTTP status 500/)
  assert.equal(warnings[0]?.code, 'ceiling-failed')
})

test('an abort ends both processes and leaves the measurement as it was', async () => {
  const controller = new AbortController()
  let alive = 0
  const before = measurementOf({ technique: 'serial' })
  const given = { ...plan(), ceiling: seconds(60) }
  const outcome = await withCeiling(before, given, settingsOf(given), {
    signal: controller.signal,
    progress: ({ remaining }) => {
      if (remaining === null) return
      alive = childrenOfThisProcess().length
      controller.abort()
    },
  })
  assert.equal(outcome, before)
  assert.equal(alive, 2)
  assert.deepEqual(childrenOfThisProcess(), [])
})

test('a run ends with the ceiling of its server; a technique whose clients do not ask has none', async () => {
  const workload = { duration: milliseconds(300), warmup: milliseconds(100), headers: 'browser' } as const
  const planned = (technique: 'long-polling' | 'piggyback' | 'sse'): RunPlan => ({
    ...planOf(builtIn(technique), workload),
    ceiling: milliseconds(200),
  })
  const held = await measureOnce(planned('long-polling'))
  const posted = await measured(planned('piggyback'))
  const stream = await measured(planned('sse'))
  assert.ok(held)
  assert.match(held.ceiling?.request ?? '', /^GET \/events\?stream=0&since=0&hold=0$/)
  assert.match(posted.ceiling?.request ?? '', /^POST /)
  for (const { ceiling } of [held, posted]) assert.ok((ceiling?.requestsPerSecond ?? 0) > 100)
  assert.equal(stream.ceiling, null)
  assert.doesNotThrow(() => resultSchema.parse(resultOf([held, posted, stream])))
})

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

test('what set the pace is told only where one side alone was busy', () => {
  assert.equal(boundBy(0.95, 0.5, 0.9), 'server')
  assert.equal(boundBy(0.5, 0.95, 0.5), 'generator')
  assert.equal(boundBy(0.95, 0.95, 0.9), 'unclear')
  assert.equal(boundBy(0.5, 0.5, 0.5), 'unclear')
  assert.equal(boundBy(0.95, 0.5, 0.3), 'unclear', 'others took the core from the server')
  assert.equal(boundBy(null, 0.5, null), 'unclear')
})

test('a ceiling is measured for 2 s unless it is left out or given another length', () => {
  assert.equal(readOptions({}).ceiling, seconds(2))
  assert.equal(readOptions({ ceiling: '500ms' }).ceiling, milliseconds(500))
  for (const none of [false, '0', 0] as const) assert.equal(readOptions({ ceiling: none }).ceiling, 0)
  assert.throws(() => readOptions({ ceiling: 'long' }), /--ceiling: "long" is no duration/)
  assert.throws(() => readOptions({ ceiling: '5ms' }), /--ceiling: "5ms" is too short/)
})

for (const { technique, server, client } of techniques) {
  const asks = server.family === 'pull' || server.family === 'Comet, request'
  test(`${technique} ${asks ? 'says what its clients ask, for its ceiling' : 'has no ceiling of requests'}`, () => {
    assert.equal(client.ceiling !== undefined, asks)
  })
}
