import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Fleet } from '../../../measure/fleet/fleet.ts'
import type { ClientJob } from '../../../measure/messages/job.ts'
import { defaultBackoff } from '../../../model/backoff.ts'
import { originNow } from '../../../model/clock.ts'
import { clientTechnique, type PushClient } from '../../../model/technique.ts'
import { milliseconds, seconds } from '../../../model/units.ts'

/** A fleet whose clients connect as `connect` says; `begun` counts the attempts. */
function fleetOf(
  context: TestContext,
  clients: number,
  patience: ClientJob['patience'],
  connect: () => Promise<void>,
) {
  const fleet = { begun: 0 }
  const client: PushClient = {
    connect() {
      fleet.begun++
      return connect()
    },
    close: async () => {},
  }
  const technique = clientTechnique({ settings: {}, create: () => client, drain: () => seconds(0) })
  const job: ClientJob = {
    role: 'client',
    origin: originNow(),
    adapter: { module: '', technique: 'none' },
    settings: {},
    endpoints: [{ url: 'http://127.0.0.1:1/', from: 0, to: clients }],
    from: 0,
    to: clients,
    audience: 'broadcast',
    delivery: 'log',
    pagesPerSession: 1,
    schedule: { seed: 1, arrivals: 'poisson', ratePerSecond: 1 },
    headers: 'minimal',
    backoff: defaultBackoff,
    patience,
  }
  const made = new Fleet(job, technique)
  context.after(() => made.close())
  return Object.assign(fleet, { fleet: made })
}

test('a ramp connects every client, however many there are', async t => {
  const ramp = fleetOf(t, 450, seconds(60), () => new Promise(resolve => setImmediate(resolve)))
  await ramp.fleet.connect()
  assert.deepEqual([ramp.begun, ramp.fleet.recorder.connected], [450, 450])
})

test('a ramp in which no attempt comes to an end gives every client its attempt and is over', async t => {
  const ramp = fleetOf(t, 450, milliseconds(30), () => new Promise(() => {}))
  await ramp.fleet.connect()
  assert.deepEqual([ramp.begun, ramp.fleet.recorder.connected], [450, 0])
})
