/** Known latencies, end to end: real processes, real sockets, and figures that are known beforehand. */
import assert from 'node:assert/strict'
import { milliseconds, seconds } from '../../../model/units.ts'
import { live } from '../../live.ts'
import { builtIn, measured, planOf, whenLeft } from '../plan.ts'
import { scripted } from '../scripted-pair.ts'

for (const [ratePerSecond, clients, lasting, lead] of [
  // A stream for each client: at 1/s one alone would make a median of two samples.
  [1, 4, 2, 2],
  // Often enough to keep caches warm; a client that spun its event loop all the time would count as saturated.
  [1_000, 1, 1, 0],
] as const) {
  live<number>(`a pair that delays 100 ms is reported with 100 ms at ${ratePerSecond} events/s`, {
    async property(delay = 100) {
      const { latencyMicros, serviceMicros, events, failures } = await measured(
        planOf(
          scripted,
          {
            ratePerSecond,
            clients,
            duration: seconds(lasting),
            arrivals: 'periodic',
            audience: { kind: 'individual' },
          },
          { delay: milliseconds(delay), lead: milliseconds(lead) },
        ),
      )
      assert.ok(latencyMicros && serviceMicros)
      assert.deepEqual(failures, [])
      const due = ratePerSecond * clients * lasting
      assert.deepEqual(
        [events.published, events.expected, events.delivered, events.lost, latencyMicros.count],
        [due, due, due, 0, due],
      )
      for (const { min, p50 } of [latencyMicros, serviceMicros]) {
        // The stamps of an event are rounded to whole microseconds.
        assert.ok(min >= 99_998, `${min} is too early`)
        assert.ok(p50 <= 101_000, `p50 ${p50} is too late`)
      }
    },
    planted: { fault: 103, is: 'a delay of 103 ms', shows: /^p50/ },
  })
}

live<number>('a server that is stopped for 1.4 s shows it in p99 from the intended instant, not in p50', {
  async property(stopMs = 1_400) {
    // Periodic, one event every 5 ms: 1,000 in the window. Of those that fall due while the server is stopped for S, the
    // oldest is S late and each further one 5 ms less. So p99, the 11th greatest of 1,000, is S - 50 ms to S - 55 ms.
    const period = 5_000
    const plan = planOf(builtIn('sse'), {
      ratePerSecond: 200,
      arrivals: 'periodic',
      warmup: milliseconds(500),
      duration: seconds(5),
      clients: 2,
    })
    let server = 0
    const { promise: stalled, resolve } = Promise.withResolvers<number>()
    const measurement = await measured(plan, {
      booted: ([pid]) => {
        server = pid ?? 0
      },
      ...whenLeft(seconds(3.4), () => {
        const stoppedAt = process.hrtime.bigint()
        process.kill(server, 'SIGSTOP')
        setTimeout(() => {
          process.kill(server, 'SIGCONT')
          resolve(Number(process.hrtime.bigint() - stoppedAt) / 1_000)
        }, stopMs)
      }),
    })
    const stall = await stalled
    const { latencyMicros, serviceMicros, publisher, events, warnings } = measurement
    assert.ok(latencyMicros && serviceMicros)
    assert.equal(events.lost, 0, 'a stall makes events late, it loses none')
    const { max, p99, p50 } = latencyMicros
    assert.ok(max > stall - 2 * period, `max ${max}, stall ${stall}`)
    // Two buckets of 0.1 %, and the burst itself takes a few milliseconds to go out.
    const belowMax = max - p99
    assert.ok(belowMax > 9 * period && belowMax < 12 * period, `p99 lies ${belowMax} below the maximum`)
    assert.ok(p99 > 1_250_000 && p99 < 1_450_000, `p99 ${p99} of a stall of ${stall}`)
    assert.ok(p50 < 100_000, `p50 ${p50}`)
    // The publisher stood still with its server, so what counts from the actual publication cannot see the stall...
    assert.ok(serviceMicros.p99 < stall / 10, `service p99 ${serviceMicros.p99}`)
    // ... but the lag of the publisher can, and the run says so.
    assert.ok(Math.abs((publisher.lagP99Micros ?? 0) - p99) < 5 * period)
    assert.ok(warnings.some(({ code }) => code === 'publisher-lag'))
  },
  planted: { fault: 700, is: 'a server that is stopped for half as long', shows: /^p99/ },
})
