/** Runs through a relay that does what proxies do: it buffers, cuts idle streams, is killed, and loses nothing. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import type { RunPlan } from '../../measure/messages/run-plan.ts'
import { measureOnce } from '../../measure/run/run.ts'
import { backoffOf } from '../../model/backoff.ts'
import { plainLink } from '../../model/link.ts'
import { micros, milliseconds, seconds } from '../../model/units.ts'
import type { Measurement } from '../../results/result.ts'
import type { Technique } from '../../servers/index.ts'
import { builtIn, childrenOfThisProcess, planOf, through } from '../measure/plan.ts'
import { findings } from '../reports/arranged.ts'
import { resultOf } from '../reports/fixture.ts'

after(() => assert.deepEqual(childrenOfThisProcess(), [], 'no run leaves a process behind'))

const codesOf = ({ warnings }: Measurement): string[] => warnings.map(({ code }) => code)

const individual = { audience: { kind: 'individual' } } as const

describe('through a relay that does what proxies do', { concurrency: 3 }, () => {
  const few = { clients: 5, ratePerSecond: 20, warmup: milliseconds(300), duration: seconds(1) }

  test('a buffer until the end passes answers to requests and no stream, and the report says so', async () => {
    const [polling, longPolling, sse] = await Promise.all([
      through({ buffer: 'until-end' }, 'polling', few, { interval: milliseconds(100) }),
      through({ buffer: 'until-end' }, 'long-polling', few),
      through({ buffer: 'until-end' }, 'sse', few),
    ])
    for (const unhurt of [polling, longPolling]) {
      assert.deepEqual(unhurt.failures, [])
      assert.equal(unhurt.events.delivered, unhurt.events.expected)
    }
    assert.equal(sse.clients.connected, 5)
    assert.ok(sse.events.expected > 0)
    const { delivered, lost, heldBack, expected } = sse.events
    assert.deepEqual([delivered, lost, heldBack], [0, 0, expected])
    const ofTheLink = codesOf(sse).filter(code => code !== 'busy-machine')
    assert.deepEqual(ofTheLink.slice(0, 2), ['no-samples', 'held-back-events'])
    assert.deepEqual([polling.events.heldBack, longPolling.events.heldBack], [0, 0])
    const reported = findings(resultOf([polling, longPolling, sse])).find(({ topic }) => topic === 'Buffer')
    assert.match(reported?.text ?? '', /nothing reached .* of sse/)
  })

  test('a stream through a buffer that fills now and then delivers some, and the link holds the rest', async () => {
    // An event of 128 bytes is 152 to 160 on the wire, so that 1,000 bytes pass once in 7 events.
    const run = await through({ buffer: 1_000 }, 'sse', { ...few, ...individual })
    const { delivered, lost, heldBack = 0, expected, duplicated } = run.events
    assert.deepEqual([lost, duplicated, delivered + heldBack], [0, 0, expected])
    assert.ok(heldBack > 0 && heldBack <= 5 * 6 && delivered > 0, `${heldBack} of ${expected} held back`)
    assert.equal(run.latencyMicros?.count, delivered)
    assert.deepEqual(run.failures, [])
    assert.ok(codesOf(run).includes('held-back-events'))
  })

  const rare = {
    clients: 5,
    ratePerSecond: 1,
    arrivals: 'periodic',
    duration: seconds(3),
    backoff: backoffOf('fixed', { base: milliseconds(50) }),
  } as const

  test('an idle stream is cut, comes back and misses nothing', async () => {
    const run = await through({ idleCut: milliseconds(400) }, 'sse', rare, { heartbeat: micros(0) })
    const { relay, clients, events, responses } = run
    assert.ok(responses.errors.reset >= 5 && !codesOf(run).includes('connection-errors'), 'it was asked for')
    assert.ok((relay?.idleCuts ?? 0) >= 5, `${relay?.idleCuts} cuts`)
    assert.ok(clients.reconnects >= 5)
    assert.deepEqual([events.delivered, events.lost, events.duplicated], [events.expected, 0, 0])
  })

  test('a heartbeat keeps an idle stream', async () => {
    // Without heartbeats it is silent for twice as long as a stream may be idle. A process that is held up for more
    // than a second does not come to that.
    const { relay, clients, events } = await through(
      { idleCut: seconds(2) },
      'sse',
      { ...rare, ratePerSecond: 0.25, duration: seconds(5) },
      { heartbeat: milliseconds(120) },
    )
    assert.deepEqual([relay?.idleCuts, clients.reconnects, events.lost], [0, 0, 0])
  })
})

test('a relay that is killed gives a failed measurement that says so', async () => {
  const link = { ...plainLink, rtt: milliseconds(10) }
  const plan = planOf(builtIn('sse'), { clients: 5, duration: seconds(10), link })
  let killed = false
  const measurement = await measureOnce(plan, {
    progress({ phase }) {
      if (killed || phase !== 'measure') return
      killed = true
      const relay = childrenOfThisProcess().find(pid =>
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('relay-process'),
      )
      process.kill(relay ?? 0, 'SIGKILL')
    },
  })
  assert.ok(measurement)
  assert.ok(measurement.warnings.some(({ code }) => code === 'relay-died'))
  assert.match(measurement.failures.join('\n'), /the relay was killed by SIGKILL, \d\.\d s into the measured/)
  assert.ok(measurement.workload.durationMicros < 10_000_000, 'the window ends where the relay did')
  assert.equal(measurement.relay, null, 'a relay that reported nothing has no figures')
})

describe('connections through the relay', { concurrency: 2 }, () => {
  for (const [technique, settings] of [
    ['polling', { interval: milliseconds(500) }],
    ['long-polling', {}],
    ['sse', {}],
    ['websocket', {}],
  ] satisfies [Technique, RunPlan['settings']][]) {
    test(`200 connections of ${technique} through the relay lose nothing`, async () => {
      const { clients, events } = await through(
        { rtt: milliseconds(20), jitter: milliseconds(2) },
        technique,
        { clients: 200, ratePerSecond: 4, warmup: milliseconds(300), duration: seconds(1.2) },
        settings,
      )
      assert.equal(clients.connected, 200)
      assert.ok(events.expected > 0)
      const { delivered, lost, duplicated, outOfOrder } = events
      assert.deepEqual([delivered, lost, duplicated, outOfOrder], [events.expected, 0, 0, 0])
    })
  }
})
