import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Fleet } from '../../../measure/fleet/fleet.ts'
import type { ClientJob } from '../../../measure/messages/job.ts'
import { defaultBackoff } from '../../../model/backoff.ts'
import { originNow } from '../../../model/clock.ts'
import { clientTechnique, type PausableClient } from '../../../model/technique.ts'
import { milliseconds, seconds } from '../../../model/units.ts'

/** A fleet whose clients connect as `connect` says; counts the attempts, and the clients that pause. */
function fleetOf(
  context: TestContext,
  clients: number,
  patience: ClientJob['patience'],
  connect: () => Promise<void>,
  from = 0,
) {
  const fleet = { begun: 0, paused: 0 }
  const client = (): PausableClient => ({
    connect() {
      fleet.begun++
      return connect()
    },
    pause() {
      fleet.paused++
    },
    resume() {
      fleet.paused--
    },
    close: async () => {},
  })
  const technique = clientTechnique({
    settings: {},
    create: client,
    pauses: true,
    drain: () => seconds(0),
  })
  const job: ClientJob = {
    role: 'client',
    origin: originNow(),
    adapter: { module: '', technique: 'none' },
    settings: {},
    endpoints: [{ url: 'http://127.0.0.1:1/', from: 0, to: from + clients }],
    from,
    to: from + clients,
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

test('the clients that stall are the share of all, however the fleet is divided, and all read again', t => {
  for (const [share, parts] of [
    [0.2, [0, 100]],
    [0.2, [0, 7, 20, 33, 100]],
    [0.333, [0, 1, 2, 3, 50, 100]],
    [1, [0, 60, 100]],
    [0, [0, 60, 100]],
  ] as const) {
    const fleets = parts
      .slice(1)
      .map((to, at) => fleetOf(t, to - (parts[at] ?? 0), seconds(1), async () => {}, parts[at]))
    const paused = (): number => fleets.reduce((total, each) => total + each.paused, 0)
    for (const { fleet } of fleets) fleet.stall(share)
    assert.equal(paused(), Math.round(100 * share))
    assert.equal(
      fleets.reduce((total, { fleet }) => total + fleet.counts().backlog.clients, 0),
      Math.round(100 * share),
    )
    for (const { fleet } of fleets) fleet.readAgain()
    assert.equal(paused(), 0)
  }
})
