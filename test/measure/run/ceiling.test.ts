import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ceilingConnections } from '../../../measure/derive/ceiling.ts'
import { deriveMeasurement } from '../../../measure/derive/measurement.ts'
import type { RunPlan } from '../../../measure/messages/run-plan.ts'
import { settingsOf } from '../../../measure/messages/run-plan.ts'
import { measureCeiling } from '../../../measure/run/ceiling.ts'
import type { Progress } from '../../../measure/run/hooks.ts'
import { measureOnce } from '../../../measure/run/run.ts'
import { milliseconds, seconds } from '../../../model/units.ts'
import { readOptions } from '../../../plan/options.ts'
import { resultSchema } from '../../../results/result.ts'
import { measurementOf, resultOf } from '../../reports/fixture.ts'
import { techniques } from '../../streams.ts'
import { builtIn, childrenOfThisProcess, planOf } from '../plan.ts'
import { serialPair } from '../serial-server.ts'

const plan = (settings: RunPlan['settings'] = {}): RunPlan => ({
  ...planOf(serialPair, {}, settings),
  ceiling: seconds(1),
})

const measured = (given: RunPlan, hooks = {}) =>
  measureCeiling({ plan: given, settings: settingsOf(given), failures: [] }, hooks)

const ceilingIn = async (given: RunPlan) => {
  const outcome = await measured(given)
  assert.ok(outcome !== null && 'ceiling' in outcome, JSON.stringify(outcome))
  return outcome.ceiling
}

test('a ceiling is measured over the connections and for the time that are asked for', async () => {
  const ceiling = await ceilingIn(plan())
  assert.ok(ceiling.requestsPerSecond > 0 && ceiling.seconds >= 0.75, `${ceiling.seconds} s`)
  assert.equal(ceiling.connections, ceilingConnections)
  assert.deepEqual(childrenOfThisProcess(), [])
})

test('a server that answers with an error has no ceiling, and its measurement fails', async () => {
  const given = plan({ status: '500' })
  const { ceiling, passed, failures, warnings } = deriveMeasurement({
    plan: given,
    settings: settingsOf(given),
    window: undefined,
    aborted: false,
    servers: [],
    clientReports: [],
    relays: [],
    failures: [],
    ceiling: await measured(given),
  })
  assert.equal(ceiling, null)
  assert.equal(passed, false)
  assert.match(failures[0] ?? '', /the ceiling could not be measured: \d+ answers had HTTP status 500/)
  assert.equal(warnings[0]?.code, 'ceiling-failed')
})

test('an abort ends both processes and leaves the measurement without a ceiling', async () => {
  const controller = new AbortController()
  let alive = 0
  const outcome = await measured(
    { ...plan(), ceiling: seconds(60) },
    {
      signal: controller.signal,
      progress: ({ remaining }: Progress) => {
        if (remaining === null) return
        alive = childrenOfThisProcess().length
        controller.abort()
      },
    },
  )
  assert.equal(outcome, null)
  assert.equal(alive, 2)
  assert.deepEqual(childrenOfThisProcess(), [])
})

test('a run ends with the ceiling of its server; a technique whose clients do not ask has none', async () => {
  const workload = { duration: milliseconds(300), warmup: milliseconds(100), headers: 'browser' } as const
  const planned = (technique: 'long-polling' | 'piggyback' | 'sse'): RunPlan => ({
    ...planOf(builtIn(technique), workload),
    ceiling: seconds(1),
  })
  const held = await measureOnce(planned('long-polling'))
  const posted = await ceilingIn(planned('piggyback'))
  const stream = await measured(planned('sse'))
  assert.ok(held)
  assert.match(held.ceiling?.request ?? '', /^GET \/events\?stream=0&since=0&hold=0$/)
  assert.match(posted.request, /^POST /)
  for (const ceiling of [held.ceiling, posted]) assert.ok((ceiling?.requestsPerSecond ?? 0) > 0)
  assert.equal(stream, null)
  const measurements = [held, measurementOf({ technique: 'piggyback', ceiling: posted })]
  assert.doesNotThrow(() => resultSchema.parse(resultOf(measurements)))
})

test('a ceiling is measured for 2 s unless it is left out or given another length', () => {
  assert.equal(readOptions({}).ceiling, seconds(2))
  assert.equal(readOptions({ ceiling: '500ms' }).ceiling, milliseconds(500))
  for (const none of [false, '0', 0] as const) assert.equal(readOptions({ ceiling: none }).ceiling, 0)
  assert.throws(() => readOptions({ ceiling: 'long' }), /--ceiling: "long" is not a duration/)
  assert.throws(() => readOptions({ ceiling: '5ms' }), /--ceiling: "5ms" is too short/)
})

for (const { technique, server, client } of techniques) {
  const asks = server.family === 'pull' || server.family === 'Comet, request'
  test(`${technique} ${asks ? 'says what its clients ask, for its ceiling' : 'has no ceiling of requests'}`, () => {
    assert.equal(client.ceiling !== undefined, asks)
  })
}
