/** What must hold of a run whose servers are followed by others: totals count once, and a signal ends it at once. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { measureOnce } from '../../measure/run/run.ts'
import { planRuns } from '../../plan/plan.ts'
import { childrenOfThisProcess } from '../measure/plan.ts'
import { assertWhole, storm } from './storm.ts'

after(() => assert.deepEqual(childrenOfThisProcess(), [], 'no run leaves a process behind'))

describe('servers that are followed by others', { concurrency: 2 }, () => {
  for (const fault of ['restart:down=1s', 'deploy:over=500ms']) {
    test(`${fault}: two servers with two successors count every event once, and memory is that of those who live`, async () => {
      const [plan] = planRuns({
        technique: 'sse',
        clients: 20,
        rate: '10/s',
        duration: '30s',
        warmup: '200ms',
        audience: 'individual',
        fault: [fault],
        backoff: ['fixed:base=200ms'],
      })
      assert.ok(plan)
      const measurement = await measureOnce({
        ...plan,
        layout: { clientProcesses: 2, servers: 2, relays: 0 },
      })
      assert.ok(measurement?.storm)
      assertWhole(measurement)
      const { events, server, bytes, storm: seen } = measurement
      assert.equal(events.published, events.expected)
      assert.deepEqual([seen.affected, seen.neverBack], [20, 0])
      assert.ok((bytes.toClients ?? 0) > 0 && (bytes.deliveries ?? 0) > 0, 'totals of all four')
      assert.ok((server.rssBytes ?? 0) <= 2 * (seen.server.peakRssBytes ?? 0), 'two servers, not four')
    })
  }

  test('what polls missed while the server was away counts as caught up', async () => {
    const { measurement, storm: seen } = await storm({
      technique: 'polling',
      clients: 20,
      rate: '10/s',
      duration: '30s',
      set: ['polling.interval=200ms'],
      fault: 'restart:down=1s',
      backoff: 'fixed:base=300ms',
    })
    assertWhole(measurement)
    // Ten events a second fall due while nobody listens.
    assert.ok(seen.missed.caughtUp >= 20, `${seen.missed.caughtUp} caught up`)
  })

  test('a server may stay away for longer than a process takes to boot', async () => {
    const { measurement, storm: seen } = await storm({
      technique: 'websocket',
      clients: 5,
      rate: '2/s',
      duration: '30s',
      fault: 'restart:down=16s',
      backoff: 'fixed:base=500ms',
    })
    assertWhole(measurement)
    assert.deepEqual([seen.affected, seen.neverBack], [5, 0])
    assert.ok((seen.serverBackAtMicros ?? 0) - seen.faultAtMicros >= 16_000_000)
  })

  // A fault of ten minutes that a signal did not end would keep the test for as long.
  for (const fault of ['restart:down=10m', 'deploy:over=10m', 'freeze:down=10m', 'blackhole:down=10m']) {
    test(`a signal ends ${fault} at once; what was measured before is reported`, {
      timeout: 60_000,
    }, async () => {
      const [plan] = planRuns({
        technique: 'websocket',
        clients: 5,
        rate: '20/s',
        duration: '15m',
        warmup: '200ms',
        fault: [fault],
        backoff: ['fixed:base=200ms'],
      })
      assert.ok(plan)
      const abort = new AbortController()
      const measurement = await measureOnce(plan, {
        signal: abort.signal,
        progress: ({ phase, remaining }) => {
          // The fault happens a second into the window.
          if (phase === 'measure' && remaining !== null && remaining < plan.workload.duration - 1_400_000)
            abort.abort()
        },
      })
      assert.ok(measurement?.storm, measurement?.failures.join() ?? 'aborted')
      // What a link swallowed has not come by then, and is lost; a server that stood still hands out what it has.
      const others = measurement.failures.filter(failure => !/signal ended the run|never came/.test(failure))
      assert.deepEqual([others, measurement.failures.length > 0], [[], true])
      assert.ok(measurement.events.published > 0)
    })
  }
})
