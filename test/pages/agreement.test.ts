/**
 * Lean wire clients must measure what a real page would: beside them, the page's own code in jsdom and in
 * Chromium sees the same latency, for a technique of each family.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from '../../index.ts'

/** The kinds may differ by the larger of these. */
const [tolerance, share] = [10_000, 0.1]

const load = { clients: 200, domClients: 20, browserClients: 2, warmup: '500ms', ceiling: '0' } as const

/**
 * Rates that two cores carry, and enough samples of two pages for a median of a uniform wait. Long polls hear a
 * stream each: a broadcast has all of them ask again at once, and who then waits longest is decided by the cores.
 */
const families = [
  { technique: 'sse', audience: 'broadcast', rate: '20/s', duration: '4s', set: [] },
  { technique: 'long-polling', audience: 'individual', rate: '3/s', duration: '5s', set: [] },
  {
    technique: 'polling',
    audience: 'broadcast',
    rate: '50/s',
    duration: '8s',
    set: ['polling.interval=100ms'],
  },
] as const

for (const { technique, audience, rate, duration, set } of families) {
  test(`200 wire clients, 20 pages in jsdom and 2 in Chromium agree on ${technique}`, async () => {
    const result = await run({ ...load, technique, audience, rate, duration, set: [...set] })
    const [measurement] = result.measurements
    const kinds = measurement?.kinds ?? []
    assert.deepEqual(
      kinds.map(({ kind, connected, events }) => [kind, connected, events.lost, events.duplicated]),
      [
        ['wire', 200, 0, 0],
        ['dom', 20, 0, 0],
        ['browser', 2, 0, 0],
      ],
    )
    const medians = kinds.map(({ latencyMicros }) => latencyMicros?.p50 ?? Number.NaN)
    const apart = Math.max(...medians) - Math.min(...medians)
    assert.ok(
      apart <= Math.max(tolerance, share * (medians[0] ?? 0)),
      `medians of wire, jsdom and Chromium: ${medians.join(', ')} us`,
    )
  })
}
