import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IntakeMeter } from '../../measure/intake.ts'
import { instant } from '../../measure/units.ts'

test('connections and requests are counted apart, in windows of 100 ms from the start of the measured window', () => {
  let now = 0
  const meter = new IntakeMeter(() => instant(now))
  meter.accepted()
  meter.open(instant(1_000_000))
  for (const [at, what] of [
    [999_999, 'accepted'],
    [1_000_000, 'accepted'],
    [1_099_999, 'request'],
    [1_100_000, 'request'],
    [1_350_000, 'accepted'],
    [1_350_000, 'accepted'],
  ] as const) {
    now = at
    meter[what]()
  }
  assert.deepEqual(meter.windows(), [
    { window: 0, accepted: 1, requests: 1 },
    { window: 1, accepted: 0, requests: 1 },
    { window: 3, accepted: 2, requests: 0 },
  ])
})
