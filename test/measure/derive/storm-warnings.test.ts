import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunFacts } from '../../../measure/derive/run-facts.ts'
import { stormWarnings } from '../../../measure/derive/storm-warnings.ts'
import { stormMeasurementOf } from '../../reports/storms.ts'

/** What the warning of machines that set the pace says of a storm with so many attempts, on idle client processes. */
function paced(made: number, model: number): unknown {
  const measurement = stormMeasurementOf({ technique: 'sse', backoff: 'none' })
  const { storm, fleet } = measurement
  assert.ok(storm?.simulated)
  const run = {
    ...measurement,
    fleet: { ...fleet, utilization: 0.3 },
    storm: {
      ...storm,
      attempts: { ...storm.attempts, total: made },
      simulated: { ...storm.simulated, attempts: model },
    },
  }
  const found = stormWarnings.find(({ code }) => code === 'attempts-paced-by-machine')
  assert.ok(found?.rule)
  return found.rule(run, {} as RunFacts)
}

test('far fewer attempts than the policy makes in the model were held back by the machine, busy on average or not', () => {
  assert.equal(
    paced(3_408, 476_407),
    'clients made 3408 attempts, and the same policy makes 476407 in the model',
  )
  assert.equal(paced(164, 153), null)
})
