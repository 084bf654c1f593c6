import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientJobOf, serverJobOf } from '../../../measure/run/plan-jobs.ts'
import { originNow } from '../../../model/clock.ts'
import { seconds } from '../../../model/units.ts'
import { builtIn, planOf } from '../plan.ts'

for (const [technique, settings, ratePerSecond, anywhere] of [
  ['long-polling', {}, 0.25, false],
  ['long-polling', { hold: seconds(4) }, 0.25, true],
  ['sse', {}, 28 / 60, false],
  ['sse', { heartbeat: seconds(4) }, 28 / 60, true],
  ['polling', {}, 0.25, false],
] as const) {
  const what = `${technique} with ${JSON.stringify(settings)} at ${ratePerSecond.toFixed(2)} events/s`
  test(`${what} begins ${anywhere ? 'anywhere in a hold or a silence' : 'with whole holds and silences, as none runs out'}`, () => {
    const plan = planOf(builtIn(technique), { ratePerSecond, audience: { kind: 'individual' } }, settings)
    const jobs = [
      serverJobOf(plan, originNow(), [0], [0]),
      clientJobOf(plan, originNow(), plan.pair.clientModule, [], { from: 0, to: 1 }),
    ]
    assert.deepEqual(
      jobs.map(({ beginsAnywhere = false }) => beginsAnywhere),
      [anywhere, anywhere],
    )
  })
}
