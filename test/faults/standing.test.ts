/** Storms on open connections: herds, holds that expire together, a frozen server, a link that drops everything. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertWhole, storm } from './storm.ts'

describe('faults on open connections', { concurrency: 2 }, () => {
  test('a herd: every event comes to all, to those that asked again and to the others', async () => {
    const { measurement, storm: seen } = await storm({
      technique: 'long-polling',
      clients: 50,
      fault: 'herd',
    })
    assertWhole(measurement)
    const pulses = seen.pulses ?? []
    assert.equal(pulses.length, 6)
    for (const pulse of pulses)
      assert.deepEqual(
        [pulse.delivered, pulse.lost, pulse.metArmed + pulse.waited],
        [50, 0, 50],
        `the event at ${pulse.atMicros} µs`,
      )
    const seconds = pulses.filter(pulse => pulse.gapShare !== null)
    for (const [index, share] of [0.5, 1, 2].entries())
      assert.ok(Math.abs((seconds[index]?.gapShare ?? 0) - share) < 0.001, `the ${share} gap`)
  })

  test('holds that were armed together expire together', async () => {
    const { measurement, storm: seen } = await storm({
      technique: 'long-polling',
      clients: 100,
      fault: 'hold-expiry:at=500ms:hold=2s',
    })
    assertWhole(measurement)
    // Armed by one event and held for 2 s each, they come back as they were armed.
    const since = seen.requests.filter(({ atMicros }) => atMicros >= seen.faultAtMicros - 100_000)
    assert.ok(since.reduce((sum, { count }) => sum + count, 0) >= 100)
    // On a busy machine a hold may run out twice before the window ends.
    assert.ok((measurement.responses.empty ?? 0) >= 100, `${measurement.responses.empty} empty responses`)
  })

  test('a server that is stopped for 1.4 s shifts the 99th percentile of latency by as much', async () => {
    const { measurement } = await storm({
      technique: 'websocket',
      clients: 10,
      rate: '50/s',
      arrivals: 'periodic',
      duration: '5s',
      fault: 'freeze:at=1s:down=1.4s',
    })
    assertWhole(measurement)
    const { latencyMicros, serviceMicros, workload } = measurement
    // Latencies fall from 1.4 s to 0 over the events of the stall: one percent of the window lies above this.
    const expected = 1_400_000 - 0.01 * workload.durationMicros
    assert.ok((latencyMicros?.p99 ?? 0) > expected - 40_000, `p99 ${latencyMicros?.p99} µs`)
    const service = serviceMicros?.p99 ?? Number.POSITIVE_INFINITY
    assert.ok(service < expected / 2, 'service time does not contain the stall')
  })

  for (const [technique, heartbeat] of [
    ['sse', 'sse.heartbeat=1s'],
    ['websocket', 'websocket.ping=1s'],
  ] as const) {
    test(`${technique} with heartbeats notices a black hole within two of them`, async () => {
      const { measurement, storm: seen } = await storm({
        technique,
        clients: 50,
        rate: '0.5/s',
        duration: '30s',
        set: [heartbeat],
        fault: 'blackhole:at=500ms:down=4s',
        backoff: 'fixed:base=100ms',
      })
      assertWhole(measurement)
      assert.equal(seen.affected, 50)
      assert.ok((seen.noticedMicros?.max ?? 0) <= 2_000_000, `noticed after ${seen.noticedMicros?.max} µs`)
      assert.equal(seen.neverBack, 0)
    })
  }

  for (const technique of ['sse', 'websocket'])
    test(`${technique}: readers that a server drops while they stall come back and miss nothing`, async () => {
      const { measurement, storm: seen } = await storm({
        technique,
        clients: 4,
        audience: 'broadcast',
        rate: '20/s',
        payload: '512KB',
        log: '200',
        duration: '10s',
        set: [`${technique}.stall=300ms`],
        fault: 'stall:for=2s:share=0.5',
        backoff: 'fixed:base=100ms',
      })
      assertWhole(measurement)
      // They notice the loss when they read again, which the server had caused long before.
      assert.deepEqual([seen.affected, seen.neverBack, seen.backlog?.clients], [2, 0, 2])
      assert.ok((seen.noticedMicros?.p50 ?? 0) >= 2_000_000, `noticed after ${seen.noticedMicros?.p50} µs`)
      assert.ok((seen.backlog?.deliveries ?? 0) > 0)
    })

  test('without heartbeats nobody notices a black hole', async () => {
    const { measurement, storm: seen } = await storm({
      technique: 'sse',
      clients: 50,
      rate: '2/s',
      duration: '8s',
      set: ['sse.heartbeat=0'],
      fault: 'blackhole:at=500ms:down=3s',
    })
    assertWhole(measurement)
    assert.deepEqual([seen.affected, seen.noticedMicros], [0, null])
    assert.ok((measurement.latencyMicros?.max ?? 0) > 1_000_000, 'what fell due meanwhile came late')
  })
})
