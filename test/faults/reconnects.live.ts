/** How a thousand clients come back after a restart: the pace is the policy's where the machine has room. */
import assert from 'node:assert/strict'
import { live } from '../live.ts'
import { assertWhole, storm } from './storm.ts'

const restart = { technique: 'sse', clients: 1_000, rate: '5/s', fault: 'restart:down=2s' } as const

live<string>('clients that wait 3 s come back in one wave: as many in 100 ms as noticed the loss in 100 ms', {
  async property(backoff = 'eventsource') {
    const { measurement, storm: seen } = await storm({ ...restart, duration: '20s', backoff })
    assertWhole(measurement)
    assert.deepEqual([seen.affected, seen.neverBack], [1_000, 0])
    // A policy without jitter shifts the moments of noticing by 3 s and spreads nothing: on a machine that has room,
    // all 1,000 notice within one window; where they take longer, a window has its share of them.
    const spread = seen.noticedMicros?.max ?? 0
    const share = Math.min(1, 100_000 / spread)
    assert.ok(
      seen.peakArrivalsPer100ms > 0.7 * share * 1_000,
      `peak ${seen.peakArrivalsPer100ms}, noticed within ${spread} µs`,
    )
    assert.ok((seen.backMicros?.p50 ?? 0) >= 3_000_000)
    assert.equal(seen.attempts.refused, 0)
    assert.ok(seen.missed.caughtUp > 0)
  },
  planted: { fault: 'full-jitter:base=8s:cap=8s', is: 'full jitter over 8 s', shows: /^peak/ },
})

live<string>('full jitter keeps the peak below 15 % of the clients, and the model agrees', {
  async property(backoff = 'full-jitter:cap=4s') {
    const { measurement, storm: seen } = await storm({ ...restart, duration: '40s', backoff })
    assertWhole(measurement)
    assert.deepEqual([seen.affected, seen.neverBack], [1_000, 0])
    assert.ok(seen.peakAfterReturnPer100ms < 150, `peak ${seen.peakAfterReturnPer100ms}`)
    const { simulated, backMicros } = seen
    assert.ok(simulated !== null && backMicros !== null)
    // 1,000 draws of a policy whose delays reach 4 s: the median has a standard error of 40 ms, the 99th percentile
    // one of 150 ms; the peak is a count of about 50 with one of 7, the largest of many windows.
    const off = (percentile: 'p50' | 'p99'): number =>
      Math.abs((backMicros[percentile] ?? 0) - (simulated.backMicros?.[percentile] ?? 0)) / 1_000
    assert.ok(off('p50') < 4 * 40 * Math.SQRT2, `p50 off by ${off('p50')} ms`)
    assert.ok(off('p99') < 4 * 150 * Math.SQRT2, `p99 off by ${off('p99')} ms`)
    const [peak, model] = [seen.peakAfterReturnPer100ms, simulated.peakArrivalsPer100ms]
    assert.ok(Math.abs(peak - model) < 4 * Math.sqrt(peak + model), `peak ${peak}, simulated ${model}`)
  },
  planted: { fault: 'eventsource', is: 'no jitter', shows: /^peak/ },
})
