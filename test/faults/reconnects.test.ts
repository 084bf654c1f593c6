/** Storms of connections on real sockets: killed, dropped and replaced servers. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, test } from 'node:test'
import { pairWith } from '../faulty.ts'
import { assertWhole, storm } from './storm.ts'

const descriptors = (): number => readdirSync('/proc/self/fd').length

describe('storms of connections', { concurrency: 2 }, () => {
  test('a log too short for the outage says exactly which events are gone', async () => {
    const { measurement, storm: seen } = await storm({
      technique: 'websocket',
      clients: 20,
      rate: '20/s',
      arrivals: 'periodic',
      duration: '10s',
      log: 5,
      fault: 'restart:down=1500ms',
      backoff: 'fixed:base=200ms',
    })
    const { events } = measurement
    assert.ok(events.lost > 0)
    // 30 events fall due while nobody listens, 5 are kept.
    assert.ok(events.lost >= 20 * 20, `${events.lost} lost`)
    assert.equal(events.overrun, events.lost)
    assert.equal(events.delivered + events.lost, events.expected)
    assert.equal(seen.missed.lost, events.lost)
    assert.deepEqual([events.duplicated, seen.neverBack], [0, 0])
  })

  test('dropped connections: the share that was asked for, none refused, all back', async () => {
    const { measurement, storm: seen } = await storm({
      technique: 'websocket',
      clients: 200,
      rate: '10/s',
      duration: '10s',
      fault: 'drop:share=0.5',
      backoff: 'fixed:base=100ms',
    })
    assertWhole(measurement)
    // 200 draws of 1/2: standard error 7.
    assert.ok(Math.abs(seen.affected - 100) < 4 * 7, `${seen.affected} affected`)
    assert.deepEqual([seen.neverBack, seen.attempts.refused, seen.serverBackAtMicros], [0, 0, null])
    assert.equal(
      seen.accepted.reduce((sum, { count }) => sum + count, 0),
      seen.affected,
    )
  })

  for (const technique of ['websocket', 'sse', 'long-polling', 'polling'] as const) {
    test(`${technique}: a deployment sends every client to the successor; nothing is lost or refused`, async () => {
      const { measurement, storm: seen } = await storm({
        technique,
        clients: 50,
        rate: '10/s',
        duration: '15s',
        fault: 'deploy:over=500ms',
        backoff: 'fixed:base=100ms',
        set: technique === 'polling' ? ['polling.interval=200ms'] : [],
      })
      assertWhole(measurement)
      assert.deepEqual([seen.neverBack, seen.attempts.refused], [0, 0])
      const [arrivals, accepted] = [seen.arrivals, seen.accepted].map(windows =>
        windows.reduce((sum, { count }) => sum + count, 0),
      )
      assert.deepEqual(
        [seen.affected, arrivals, accepted],
        [50, 50, 50],
        'one connection each, to the successor',
      )
      assert.equal(seen.moved, technique === 'polling' || technique === 'long-polling' ? 50 : 0)
      assert.ok(seen.peakArrivalsPer100ms > 0)
    })
  }

  test('a run goes on until every client has moved, however rarely they ask', async () => {
    const { storm: seen } = await storm({
      technique: 'polling',
      clients: 4,
      rate: '1/s',
      duration: '20s',
      fault: 'deploy:over=100ms',
      set: ['polling.interval=2s'],
    })
    assert.deepEqual([seen.affected, seen.moved, seen.neverBack, seen.attempts.total], [4, 4, 0, 4])
  })

  test('an accept rate spreads the connections that a policy without jitter makes all at once', async () => {
    const { measurement, storm: seen } = await storm({
      technique: 'sse',
      clients: 200,
      rate: '5/s',
      duration: '15s',
      acceptRate: '100/s',
      fault: 'drop',
      backoff: 'fixed:base=200ms',
    })
    assertWhole(measurement)
    assert.deepEqual([seen.affected, seen.neverBack, seen.acceptRatePerSecond], [200, 0, 100])
    // A turn every 10 ms. A process that is held up takes those that fell due at once, so the count is over time.
    const [first] = seen.accepted
    let taken = 0
    for (const { atMicros, count } of seen.accepted) {
      taken += count
      const turns = (atMicros + 100_000 - (first?.atMicros ?? 0)) / 10_000
      assert.ok(taken <= turns + 1, `${taken} connections taken in ${turns} turns`)
    }
    assert.equal(taken, 200)
    assert.ok(seen.peakArrivalsPer100ms > 11, 'attempts come faster than connections are taken')
    assert.ok((seen.backMicros?.max ?? 0) >= 199 * 10_000, 'the last is taken at its turn')
  })
})

/** Half of the clients, more or less, are dropped and wait for longer than the run goes on. */
const half = {
  technique: 'websocket',
  clients: 20,
  audience: 'broadcast',
  rate: '20/s',
  arrivals: 'periodic',
  duration: '3s',
  fault: 'drop:at=1s:share=0.5',
  backoff: 'fixed:base=30s',
} as const

test('what clients that are not back have yet to ask for is outstanding, and the run has not failed', async () => {
  const { measurement, storm: seen } = await storm(half)
  const { events, passed, warnings } = measurement
  assert.ok(seen.neverBack > 0 && seen.neverBack < 20, `${seen.neverBack} are not back`)
  assert.deepEqual([events.lost, seen.missed.lost, passed], [0, 0, true])
  // Two of the three seconds of the window, 20 events each; one that is due at the drop may come before it.
  const each = (events.outstanding ?? 0) / seen.neverBack
  assert.ok(each >= 38 && each <= 41, `${each} for each client that is not back`)
  assert.equal(events.delivered + (events.outstanding ?? 0), events.expected)
  assert.equal(
    warnings.find(({ code }) => code === 'never-back')?.message,
    `${seen.neverBack} of ${seen.affected} clients were not back when the run ended, with ${events.outstanding} deliveries outstanding`,
  )
})

test('a server that loses events for clients that are there has failed, whoever is not back', async () => {
  const { measurement, storm: seen } = await storm(half, pairWith('websocket', { loses: 10 }))
  const { events, passed, failures } = measurement
  // Six of the 60 events of the window for each client that stayed, and those before the drop for the others.
  const here = 20 - seen.neverBack
  assert.ok(seen.neverBack > 0 && events.lost >= 6 * here, `${events.lost} lost`)
  assert.equal(events.delivered + events.lost + (events.outstanding ?? 0), events.expected)
  assert.equal(passed, false)
  assert.match(failures.join(), /deliveries never came/)
})

test('600 clients and a restart: all back, nothing lost, no descriptor left in the parent', async () => {
  const before = descriptors()
  const { measurement, storm: seen } = await storm({
    technique: 'websocket',
    // More than the connections that a server lets wait, 511 by default.
    clients: 600,
    rate: '1/s',
    duration: '30s',
    fault: 'restart:down=1s',
    backoff: 'full-jitter:cap=4s',
  })
  assertWhole(measurement)
  assert.deepEqual([seen.affected, seen.neverBack], [600, 0])
  assert.ok(descriptors() <= before, `${descriptors()} descriptors, ${before} before`)
})
