import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { defaultBackoff } from '../../model/backoff.ts'
import { plainLink } from '../../model/link.ts'
import { milliseconds, seconds } from '../../model/units.ts'
import { ranges, type Workload } from '../../model/workload.ts'
import { storedWorkload } from '../../results/stored-workload.ts'

test('ranges deal everything out, without a gap or an overlap, in sizes that differ by one at the most', () => {
  fc.assert(
    fc.property(fc.nat(30_000), fc.integer({ min: 1, max: 64 }), (total, parts) => {
      const dealt = ranges(total, parts)
      assert.equal(dealt.length, parts)
      assert.equal(dealt[0]?.from, 0)
      assert.equal(dealt.at(-1)?.to, total)
      dealt.slice(1).forEach(({ from }, index) => {
        assert.equal(from, dealt[index]?.to)
      })
      const sizes = dealt.map(({ from, to }) => to - from)
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1)
      assert.ok(Math.min(...sizes) >= 0)
    }),
    { seed: 1, numRuns: 1_000 },
  )
})

test('a workload is stored with its units in its names and enough to repeat it', () => {
  const workload: Workload = {
    clients: 10,
    audience: { kind: 'rooms', rooms: 3 },
    arrivals: 'poisson',
    ratePerSecond: 2,
    payloadBytes: 128,
    warmup: seconds(1),
    duration: seconds(5),
    logEvents: 100,
    delivery: 'session-queue',
    pagesPerSession: 2,
    backendPoll: milliseconds(100),
    headers: 'browser',
    backoff: defaultBackoff,
    link: { ...plainLink, rtt: milliseconds(50), buffer: 'until-end' },
    seed: 7,
  }
  assert.partialDeepStrictEqual(storedWorkload(workload, { clientProcesses: 2, servers: 1, relays: 1 }), {
    clients: 10,
    audience: 'rooms:3',
    arrivals: 'poisson',
    ratePerSecond: 2,
    payloadBytes: 128,
    warmupMicros: 1_000_000,
    durationMicros: 5_000_000,
    durationAskedMicros: 5_000_000,
    logEvents: 100,
    delivery: 'session-queue',
    pagesPerSession: 2,
    backendPollMicros: 100_000,
    headers: 'browser',
    backoff: 'full-jitter',
    shards: 2,
    servers: 1,
    link: {
      rttMicros: 50_000,
      jitterMicros: 0,
      bandwidthBitsPerSecond: null,
      bufferBytes: 'until-end',
      rechunkBytes: null,
      idleCutMicros: null,
    },
    relays: 1,
    seed: 7,
  })
})
