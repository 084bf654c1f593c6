import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timerPrediction } from '../../../clients/http/poll-timer.ts'
import { constantGap, type PredictionInputs } from '../../../model/closed-forms.ts'
import { micros, milliseconds } from '../../../model/units.ts'

const settings = { interval: milliseconds(100), timing: 'fixed-rate' } as const
const inputs: PredictionInputs = {
  ratePerSecond: 3,
  arrivals: 'poisson',
  delivery: 'log',
  hold: micros(0),
  gaps: constantGap(milliseconds(98), 3),
}

test('a fixed rate that is kept is predicted from its interval', () => {
  const predicted = timerPrediction(settings, inputs)
  assert.equal(predicted?.gapMicros, milliseconds(100))
  assert.equal(predicted?.emptyRatio, Math.exp(-0.3))
})

test('where answers take longer than the interval, the gaps that the server saw decide', () => {
  const late = { ...inputs, gaps: constantGap(milliseconds(390), 3) }
  const predicted = timerPrediction(settings, late)
  assert.equal(predicted?.waitMeanMicros, milliseconds(195))
  assert.ok(Math.abs((predicted?.emptyRatio ?? 0) - Math.exp(-3 * 0.39)) < 1e-12)
  for (const other of [{ arrivals: 'periodic' }, { delivery: 'last-value' }] as const)
    assert.equal(timerPrediction(settings, { ...late, ...other }), null)
})
