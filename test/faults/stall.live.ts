/** Clients that stop reading for a second: what fell due meanwhile comes late, by as much as arithmetic says. */
import assert from 'node:assert/strict'
import { live } from '../live.ts'
import { assertWhole, storm } from './storm.ts'

const second = 1_000_000
const perSecond = 20
/** Time between two events: latencies of a backlog are multiples of it. */
const step = second / perSecond
const [clients, share] = [100, 0.2]

for (const technique of ['sse', 'websocket', 'long-polling']) {
  live<string>(`${technique}: a fifth of the clients that reads nothing for 1 s gets events up to 1 s late`, {
    async property(fault = `stall:at=1s:for=1s:share=${share}`) {
      const { measurement, storm: seen } = await storm({
        technique,
        clients,
        audience: 'broadcast',
        rate: `${perSecond}/s`,
        arrivals: 'periodic',
        duration: '10s',
        fault,
      })
      assertWhole(measurement)
      const { latencyMicros, events } = measurement
      const [p50, p99] = [latencyMicros?.p50 ?? 0, latencyMicros?.p99 ?? 0]
      // The deliveries of the backlog are 1 s late, and less by one step each: one percent of all are later than p99.
      const expected = second * (1 - (0.01 * events.expected) / (perSecond * clients * share))
      assert.ok(Math.abs(p99 - expected) <= step, `p99 ${p99} µs, by hand ${expected}`)
      assert.ok(p50 < step, `p50 ${p50} µs: most events are not part of the backlog`)
      assert.ok(Math.abs((latencyMicros?.max ?? 0) - second) <= step, `max ${latencyMicros?.max} µs`)
      const { backlog } = seen
      assert.ok(backlog?.latencyMicros)
      assert.equal(backlog.clients, clients * share)
      // An event that is due in the instant of the stall may be read before it.
      assert.ok(
        [perSecond, perSecond + 1].includes(backlog.deliveries / backlog.clients),
        'events of a second',
      )
      assert.ok(
        Math.abs(backlog.latencyMicros.p50 - second / 2) <= step,
        `p50 ${backlog.latencyMicros.p50} µs`,
      )
      assert.ok((backlog.clearedMicros ?? second) < step, `cleared after ${backlog.clearedMicros} µs`)
      assert.deepEqual([seen.affected, seen.neverBack, seen.attempts.total], [0, 0, 0])
    },
    planted: { fault: 'stall:at=1s:for=800ms:share=0.2', is: 'a stall of 800 ms', shows: /^p99/ },
  })
}
