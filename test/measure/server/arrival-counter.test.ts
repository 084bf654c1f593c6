import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ArrivalCounter } from '../../../measure/server/arrival-counter.ts'
import { instant, micros } from '../../../model/units.ts'

test('connections and requests are counted apart, in windows of 100 ms of which one begins as the fault is due', () => {
  let now = 0
  const meter = new ArrivalCounter(() => instant(now), micros(250_000))
  meter.accepted()
  meter.open(instant(1_000_000))
  for (const [at, what] of [
    [999_999, 'accepted'],
    [1_000_000, 'accepted'],
    [1_249_999, 'request'],
    [1_250_000, 'request'],
    [1_349_999, 'request'],
    [1_350_000, 'accepted'],
    [1_449_999, 'accepted'],
  ] as const) {
    now = at
    meter[what]()
  }
  assert.deepEqual(meter.windows(), [
    { at: -50_000, accepted: 1, requests: 0 },
    { at: 150_000, accepted: 0, requests: 1 },
    { at: 250_000, accepted: 0, requests: 2 },
    { at: 350_000, accepted: 2, requests: 0 },
  ])
})
