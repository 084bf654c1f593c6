/**
 * The link against known answers: both adapters in processes of their own, through the relay of a run. With one-way
 * delay d, streams take d; long polling re-arms in r = 2d, so its mean runs from d at rare events to 2d at dense ones
 * and its maximum is 3d (RFC 6202 section 2.2; docs/method.md section 3).
 */
import assert from 'node:assert/strict'
import { milliseconds, seconds } from '../../model/units.ts'
import type { Workload } from '../../model/workload.ts'
import type { Measurement } from '../../results/result.ts'
import type { Technique } from '../../servers/index.ts'
import { live } from '../live.ts'
import { through } from '../measure/plan.ts'

/** Service times of a run in milliseconds; `slack` is what one transit may take beyond its delay. */
function timesOf({ serviceMicros, relay, failures }: Measurement) {
  assert.deepEqual(failures, [])
  assert.ok(serviceMicros && relay)
  const { min, mean, p50, p99 } = serviceMicros
  const added = (relay.addedP50Micros ?? 0) / 1_000
  return { min: min / 1_000, mean: mean / 1_000, p50: p50 / 1_000, p99: p99 / 1_000, slack: 3 + added }
}

/** Registers a property of one technique over a link whose one-way delay is `oneWay` milliseconds. */
function delayed(
  name: string,
  oneWay: number,
  technique: Technique,
  workload: Partial<Workload>,
  judge: (run: Measurement) => void,
): void {
  live<number>(name, {
    async property(more = 0) {
      const rtt = milliseconds(2 * (oneWay + more))
      judge(await through({ rtt }, technique, { ...workload, audience: { kind: 'individual' } }))
    },
    planted: { fault: 40, is: 'a link that takes 40 ms more', shows: / ms/ },
  })
}

// Stamps are rounded to whole microseconds.
const least = 49.99

delayed('a WebSocket event takes d', 50, 'websocket', { clients: 5, ratePerSecond: 20 }, run => {
  const { min, p50, slack } = timesOf(run)
  assert.ok(min >= least, `${min} ms is too early`)
  assert.ok(p50 <= 50 + slack, `${p50} ms, allowed 50 + ${slack}`)
})

// lambda r = 0.02: two events in a hundred meet no armed request, and wait 50 ms in the mean.
delayed(
  'long polling takes d at rare events',
  50,
  'long-polling',
  { clients: 100, ratePerSecond: 0.2 },
  run => {
    const { min, mean, p50, slack } = timesOf(run)
    assert.ok(min >= least && p50 <= 50 + slack, `${min} to ${p50} ms`)
    assert.ok(mean <= 50 * 1.1 + slack, `mean ${mean} ms`)
  },
)

// lambda r = 5: hardly an event meets an armed request.
delayed(
  'long polling takes 2d at dense events in the mean, and 3d at the most',
  50,
  'long-polling',
  { clients: 12, ratePerSecond: 50 },
  run => {
    const { min, mean, p99, slack } = timesOf(run)
    assert.ok(min >= least, `${min} ms is too early`)
    assert.ok(mean >= 97 && mean <= 2 * (50 + slack), `mean ${mean} ms, allowed 2 (50 + ${slack})`)
    const addedP99 = (run.relay?.addedP99Micros ?? 0) / 1_000
    assert.ok(p99 <= 3 * (50 + slack) + addedP99, `p99 ${p99} ms`)
    const wait = run.predicted?.waitMeanMicros ?? null
    assert.ok(wait !== null, 'the closed form is filled in from the gap that the server saw')
    const predicted = 50 + wait / 1_000
    assert.ok(Math.abs(mean - predicted) <= slack, `mean ${mean} ms, predicted ${predicted}`)
  },
)

const everyQuarter: Partial<Workload> = {
  clients: 20,
  ratePerSecond: 4,
  arrivals: 'periodic',
  warmup: milliseconds(800),
  duration: seconds(2.5),
}

delayed('long polling of events every 250 ms takes d = 100 ms', 100, 'long-polling', everyQuarter, run => {
  const { p50, slack } = timesOf(run)
  assert.ok(p50 <= 100 + slack, `${p50} ms`)
  assert.equal(run.waitMicros?.p95, 0, 'an armed request is there for every event')
})

delayed(
  'long polling of events every 250 ms takes 160 ms longer than d = 160 ms',
  160,
  'long-polling',
  everyQuarter,
  run => {
    // Waits run through the multiples of 10 ms below r = 320 ms, as 250 k mod 320 does: mean 155 ms.
    const { mean } = timesOf(run)
    assert.ok(Math.abs(mean - 320) <= 0.15 * 160, `mean ${mean} ms`)
  },
)
