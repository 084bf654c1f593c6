/** What is derived of a storm from counts that are known: every figure against its answer by hand. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseFault, plannedFault } from '../../../faults/text.ts'
import type { RunFacts } from '../../../measure/derive/run-facts.ts'
import { stormOf } from '../../../measure/derive/storm.ts'
import type { FleetCounts, ReconnectCounts } from '../../../measure/messages/fleet-counts.ts'
import type { ClientReport } from '../../../measure/messages/report.ts'
import { backoffOf } from '../../../model/backoff.ts'
import type { PlannedFault } from '../../../model/fault.ts'
import { plainLink } from '../../../model/link.ts'
import { instant, micros, milliseconds, seconds } from '../../../model/units.ts'
import type { Workload } from '../../../model/workload.ts'
import { Histogram } from '../../../results/histogram.ts'
import type { Storm } from '../../../results/result.ts'
import { builtIn, planOf } from '../plan.ts'
import { clientReport, noCounts, serverReport } from '../reports-of-processes.ts'

/** The measured window begins here on the run's clock. */
const from = 7_000_000
const histogram = (...values: number[]) => {
  const all = new Histogram()
  for (const value of values) all.record(micros(value))
  return all.encode()
}
const clientProcess = (storm: Partial<ReconnectCounts>, counts: Partial<FleetCounts> = {}): ClientReport =>
  clientReport({ connect: histogram(1_000), ...counts, storm: { ...noCounts.storm, ...storm } })

function faultOf(text: string): PlannedFault {
  const parsed = parseFault(text)
  assert.ok('value' in parsed)
  return plannedFault(parsed.value, () => 0)
}

/** The facts of a run of four clients over four seconds with a fault after one. */
function factsOf(
  fault: string,
  { faultTimes, ...facts }: Partial<RunFacts>,
  workload: Partial<Workload> = {},
): RunFacts {
  const plan = planOf(builtIn('long-polling'), {
    clients: 4,
    warmup: seconds(0),
    backoff: backoffOf('none'),
    ...workload,
  })
  return {
    plan: { ...plan, fault: faultOf(fault) },
    settings: {},
    window: { from: instant(from), to: instant(from + 4_000_000) },
    faultTimes: faultTimes === undefined ? { faultAt: instant(from + 1_000_000), backAt: null } : faultTimes,
    aborted: false,
    servers: [],
    clientReports: [],
    relays: [],
    failures: [],
    ...facts,
  }
}

function derived(...facts: Parameters<typeof factsOf>): Storm {
  const storm = stormOf(factsOf(...facts))
  assert.ok(storm !== null)
  return storm
}

test('without a fault, without a window, or when the fault did not happen, there is no storm', () => {
  const { fault: _, ...plan } = factsOf('drop', {}).plan
  assert.equal(stormOf({ ...factsOf('drop', {}), plan }), null)
  assert.equal(stormOf(factsOf('drop', { window: undefined })), null)
  assert.equal(stormOf(factsOf('drop', { faultTimes: null })), null)
})

test('a restart with two client processes: when clients noticed and were back, from the fault and from the return', () => {
  const storm = derived('restart:down=500ms', {
    faultTimes: { faultAt: instant(from + 1_004_000), backAt: instant(from + 1_504_000) },
    clientReports: [
      clientProcess({
        outages: [[[1_004_000, 1_604_000]], [[1_014_000, 1_704_000]]],
        arrivals: [
          [999, 1],
          [1_010, 2],
          [1_600, 2],
        ],
        attempts: { total: 5, refused: 3, reset: 0, timeout: 0, other: 0 },
        wasted: 3,
        caughtUp: 6,
        firstEvent: histogram(1_000, 2_000),
      }),
      clientProcess({
        outages: [[[1_024_000, 1_804_000]], [[1_034_000, null]]],
        arrivals: [[1_012, 7]],
        attempts: { total: 7, refused: 1, reset: 2, timeout: 1, other: 2 },
        wasted: 6,
        caughtUp: 1,
      }),
    ],
  })
  assert.deepEqual([storm.faultAtMicros, storm.serverBackAtMicros], [1_004_000, 1_504_000])
  assert.deepEqual([storm.affected, storm.neverBack], [4, 1])
  assert.deepEqual(storm.noticedMicros, { p50: 10_000, p90: 30_000, p99: 30_000, max: 30_000 })
  // One of four is not back: no quantile beyond three quarters is known.
  assert.deepEqual(storm.backMicros, { p50: 700_000, p90: null, p99: null, max: null })
  assert.deepEqual(storm.backAfterReturnMicros, { p50: 200_000, p90: null, p99: null, max: null })
  assert.deepEqual(storm.attempts, { total: 12, refused: 4, reset: 2, timeout: 1, other: 2 })
  assert.deepEqual([storm.wastedPerClient, storm.missed.caughtUp], [9 / 4, 7])
  assert.equal(storm.firstEventLatencyMicros?.p50, 1_000)
  // The first noticed at once: windows of attempts begin at the fault, 1.004 s; one attempt came before.
  assert.deepEqual(storm.arrivals, [
    { atMicros: 904_000, count: 1 },
    { atMicros: 1_004_000, count: 9 },
    { atMicros: 1_504_000, count: 2 },
  ])
  // As one is not back, the span runs to the end of the window: thirty windows.
  assert.deepEqual([storm.peakArrivalsPer100ms, storm.peakAfterReturnPer100ms], [9, 2])
  assert.equal(storm.meanArrivalsPer100ms, 11 / 30)
  assert.equal(storm.dispersion, ((81 + 4) / 30 - (11 / 30) ** 2) / (11 / 30))
})

test('a stall with two client processes: its backlog is theirs together', () => {
  const storm = derived('stall:for=500ms', {
    faultTimes: { faultAt: instant(from + 1_000_000), backAt: instant(from + 1_500_000) },
    clientReports: [
      clientProcess(
        {},
        { backlog: { clients: 1, latency: histogram(500_000, 100_000), cleared: micros(2_000) } },
      ),
      clientProcess({}, { backlog: { clients: 2, latency: histogram(300_000), cleared: micros(9_000) } }),
      clientProcess({}),
    ],
  })
  assert.equal(storm.of, 'deliveries')
  const { latencyMicros, ...backlog } = storm.backlog ?? {}
  assert.deepEqual(backlog, { clients: 3, deliveries: 3, clearedMicros: 9_000 })
  assert.equal(latencyMicros?.max, 500_000)
  assert.deepEqual([storm.affected, storm.peakArrivalsPer100ms, storm.backMicros], [0, 0, null])
  assert.equal(storm.serverBackAtMicros, 1_500_000)
})

test('once all are back the span ends with the last return', () => {
  const storm = derived('drop', {
    clientReports: [
      clientProcess({
        outages: [[[1_000_000, 1_250_000]]],
        arrivals: [
          [1_000, 3],
          [3_000, 9],
        ],
      }),
    ],
  })
  assert.deepEqual([storm.peakArrivalsPer100ms, storm.meanArrivalsPer100ms], [3, 1])
  assert.deepEqual(storm.backMicros, { p50: 250_000, p90: 250_000, p99: 250_000, max: 250_000 })
  assert.deepEqual([storm.serverBackAtMicros, storm.backAfterReturnMicros], [null, null])
})

/** A restart whose server is back 1.25 s into the window, with a wave of attempts to each side of the return. */
const aroundReturn = (workload: Partial<Workload> = {}): Storm =>
  derived(
    'restart:down=250ms',
    {
      faultTimes: { faultAt: instant(from + 1_000_000), backAt: instant(from + 1_250_000) },
      clientReports: [
        clientProcess({
          outages: [[[1_000_000, 1_300_000]], [[1_000_000, 1_500_000]]],
          arrivals: [
            [1_190, 4],
            [1_220, 30],
            [1_249, 5],
            [1_250, 7],
            [1_345, 8],
            [1_350, 6],
          ],
        }),
      ],
    },
    workload,
  )

test('a window begins at the return: attempts that were refused before it are not part of the peak after it', () => {
  assert.equal(aroundReturn().peakAfterReturnPer100ms, 15)
})

test('attempts that were under way at the return and succeeded are part of the peak after it', () => {
  const storm = derived('restart:down=250ms', {
    faultTimes: { faultAt: instant(from + 1_000_000), backAt: instant(from + 1_250_000) },
    clientReports: [
      clientProcess({
        outages: [[[1_000_000, 1_300_000]]],
        arrivals: [
          [900, 40],
          [1_100, 50],
          [1_200, 20],
          [1_240, 30],
          [1_260, 7],
        ],
        successes: [
          [900, 40],
          [1_200, 5],
          [1_240, 30],
          [1_260, 7],
        ],
      }),
    ],
  })
  // 5 + 30 of 1.200 s and 1.240 s, and 7 that began after the return: the others were refused, or before the fault.
  assert.equal(storm.peakAfterReturnPer100ms, 42)
})

test('over a link an attempt that begins half a round trip before the return meets the server', () => {
  const link = { ...plainLink, rtt: milliseconds(60) }
  assert.equal(aroundReturn({ link }).peakAfterReturnPer100ms, 42)
})

test('where clients notice late, no window from before the fault lowers the mean', () => {
  const storm = derived('drop', {
    clientReports: [
      clientProcess({
        outages: [[[1_130_000, 1_330_000]], [[1_130_000, 1_330_000]]],
        arrivals: [
          [980, 1],
          [1_140, 2],
          [1_300, 4],
        ],
      }),
    ],
  })
  // Windows begin at 1.13 s; the first whole one after the fault, at 1.03 s, is empty: 0, 2, 4 attempts.
  assert.deepEqual([storm.meanArrivalsPer100ms, storm.dispersion], [2, (20 / 3 - 4) / 2])
})

test('a herd is counted from its event on, wherever in the window that lies', () => {
  const arrivals = [
    { at: 1_950_000, accepted: 0, requests: 50 },
    { at: 2_050_000, accepted: 0, requests: 4 },
  ]
  const storm = derived(
    'hold-expiry:at=50ms:hold=2s',
    {
      faultTimes: { faultAt: instant(from + 2_050_000), backAt: null },
      servers: [serverReport({ arrivals })],
      window: { from: instant(from), to: instant(from + 2_250_000) },
    },
    { arrivals: 'pulses', pulses: [] },
  )
  assert.deepEqual([storm.peakArrivalsPer100ms, storm.meanArrivalsPer100ms], [4, 2])
})

test('an absence that was over before the fault does not count; of several after it the first and last count', () => {
  const storm = derived('drop', {
    clientReports: [
      clientProcess({
        outages: [
          [[200_000, 300_000]],
          [
            [200_000, 300_000],
            [1_100_000, 1_200_000],
            [1_300_000, 1_500_000],
          ],
        ],
      }),
    ],
  })
  assert.equal(storm.affected, 1)
  assert.equal(storm.noticedMicros?.max, 100_000)
  assert.equal(storm.backMicros?.max, 500_000)
})

test('a client that finds the server before word of its return comes does not come back before the return', () => {
  const storm = derived('restart', {
    faultTimes: { faultAt: instant(from + 1_000_000), backAt: instant(from + 2_000_000) },
    clientReports: [clientProcess({ outages: [[[1_000_000, 1_990_000]], [[1_000_000, 2_100_000]]] })],
  })
  assert.equal(storm.serverBackAtMicros, 1_990_000)
  assert.deepEqual(storm.backAfterReturnMicros, { p50: 0, p90: 110_000, p99: 110_000, max: 110_000 })
})

test('each client process keeps its number of connected clients until it reports another', () => {
  const storm = derived('drop', {
    clientReports: [
      clientProcess(
        {
          connected: [
            [100, 0],
            [120, 2],
          ],
        },
        { connected: 2 },
      ),
      clientProcess(
        {
          connected: [
            [100, 1],
            [110, 2],
          ],
        },
        { connected: 2 },
      ),
    ],
  })
  assert.deepEqual(storm.connected, [
    { atMicros: 0, clients: 4 },
    { atMicros: 1_000_000, clients: 1 },
    { atMicros: 1_100_000, clients: 2 },
    { atMicros: 1_200_000, clients: 4 },
  ])
})

test('what a server and its successor took adds up; the largest memory is that of one of them', () => {
  const storm = derived('restart', {
    servers: [
      serverReport({ arrivals: [{ at: 900_000, accepted: 2, requests: 5 }], peakRssBytes: 100 }),
      serverReport({
        arrivals: [
          { at: 900_000, accepted: 1, requests: 0 },
          { at: 1_200_000, accepted: 30, requests: 31 },
          { at: 2_000_000, accepted: 4, requests: 4 },
        ],
        peakRssBytes: 90,
      }),
    ],
  })
  assert.deepEqual(storm.accepted, [
    { atMicros: 900_000, count: 3 },
    { atMicros: 1_200_000, count: 30 },
    { atMicros: 2_000_000, count: 4 },
  ])
  assert.deepEqual(storm.requests[0], { atMicros: 900_000, count: 5 })
  assert.deepEqual(storm.server, { peakRssBytes: 100, peakConnectionsPerSecond: 34 })
})

test('nobody affected: no times, and nothing is divided by nobody', () => {
  const storm = derived('blackhole', { clientReports: [clientProcess({})] })
  assert.deepEqual(
    [storm.affected, storm.noticedMicros, storm.backMicros, storm.wastedPerClient, storm.dispersion],
    [0, null, null, null, null],
  )
  assert.equal(storm.simulated, null)
})

test('the model gets what the server asked for, and predicts nothing for a server that did not come back', () => {
  const all = { clientReports: [clientProcess({ outages: [[[1_000_000, 3_000_000]]] })] }
  const backoff = backoffOf('server-directed')
  const asked = derived('deploy:over=0:retry=2s', all, { backoff }).simulated?.backMicros?.p50 ?? 0
  assert.ok(asked >= 2_000_000 && asked < 2_100_000, `${asked} µs`)
  assert.equal(derived('restart', all).simulated, null)
})

for (const [rtt, jitter] of [
  [0, 0],
  [200, 0],
  [200, 20],
] as const) {
  test(`the model finds a service time of 0.4 ms in the ramp, and two round trips of ${rtt} ms (jitter ${jitter} ms) in the return`, () => {
    const [clients, service, trips] = [300, 400, 2_000 * rtt + 1_000 * jitter]
    // The first 100 connect together, the n-th behind n - 1 others. Each that ends makes room for another, which
    // meets the others' last requests only where the trips are shorter than these take.
    const queued = (client: number): number =>
      Math.max(0, Math.min(client, 99) * service - (client > 99 ? trips : 0))
    const ramp = Array.from({ length: clients }, (_, client) => trips + service + queued(client))
    const outages = ramp.map(() => [[1_000_000, 2_000_000] as const])
    const { simulated } = derived(
      'drop',
      { clientReports: [clientProcess({ outages }, { connect: histogram(...ramp) })] },
      {
        clients,
        backoff: backoffOf('fixed', { base: milliseconds(300) }),
        link: rtt === 0 ? null : { ...plainLink, rtt: milliseconds(rtt), jitter: milliseconds(jitter) },
      },
    )
    assert.ok(Math.abs((simulated?.serviceMicros ?? 0) - service) <= 2, `${simulated?.serviceMicros} µs`)
    const t99 = milliseconds(300) + trips + 297 * service
    assert.ok(Math.abs((simulated?.backMicros?.p99 ?? 0) - t99) <= 1_000, `${simulated?.backMicros?.p99} µs`)
  })
}

test('the model does not cover a link with limited bandwidth', () => {
  const all = { clientReports: [clientProcess({ outages: [[[1_000_000, 3_000_000]]] })] }
  assert.notEqual(derived('drop', all, { link: plainLink }).simulated, null)
  for (const change of [{ bandwidth: 1_000_000 }, { buffer: 4_096 }])
    assert.equal(derived('drop', all, { link: { ...plainLink, ...change } }).simulated, null)
})

const herd: Partial<Workload> = {
  arrivals: 'pulses',
  warmup: milliseconds(500),
  pulses: [seconds(1), milliseconds(1_200), seconds(9)],
}
const delivered = (seq: number, count: number) => ({ seq, delivered: count, latency: histogram(10_000) })
const served = (seq: number, metArmed: number, waited: number) => ({
  seq,
  metArmed,
  waited,
  rearm: histogram(400),
})

test('a herd: each event of the window with what clients and servers saw of it', () => {
  const facts = factsOf(
    'herd',
    {
      clientReports: [
        clientProcess({}, { lost: 1, pulses: [delivered(1, 2), delivered(2, 1)] }),
        clientProcess({}, { pulses: [delivered(1, 2), delivered(2, 2)] }),
      ],
      servers: [serverReport({ pulses: [served(1, 4, 0), served(2, 1, 2)] })],
    },
    herd,
  )
  const storm = stormOf({ ...facts, plan: { ...facts.plan, pilot: { rearmP50: milliseconds(100) } } })
  const [first, second, ...others] = storm?.pulses ?? []
  assert.equal(others.length, 0, 'what was due after the end of the window never was')
  assert.deepEqual(
    [first?.atMicros, first?.afterMicros, first?.gapShare, first?.delivered, first?.lost],
    [500_000, null, null, 4, 0],
  )
  assert.deepEqual(
    [second?.atMicros, second?.afterMicros, second?.gapShare, second?.delivered, second?.lost],
    [700_000, 200_000, 2, 3, 1],
  )
  assert.deepEqual([second?.metArmed, second?.waited, second?.rearmed], [1, 2, 1])
})

test('an event that another page of the session took is not lost', () => {
  const storm = derived(
    'herd',
    { clientReports: [clientProcess({}, { pulses: [delivered(1, 2)] })] },
    { ...herd, delivery: 'session-queue', pagesPerSession: 2 },
  )
  assert.equal(storm.pulses?.[0]?.lost, 0)
})

test('clients that move are affected and back; the model is of those that lose their connection', () => {
  const lost = [1_010_000, 1_110_000] as const
  const moved = [1_020_000, 1_030_000, true] as const
  const of = (...outages: (typeof lost | typeof moved)[]): Storm =>
    derived('deploy', { clientReports: [clientProcess({ outages: outages.map(absence => [absence]) })] })
  const both = of(lost, lost, moved)
  assert.deepEqual([both.affected, both.moved, both.neverBack], [3, 1, 0])
  assert.deepEqual(both.noticedMicros, { p50: 10_000, p90: 20_000, p99: 20_000, max: 20_000 })
  assert.equal(both.simulated?.attempts, 2)
  assert.equal(of(moved, moved, lost).simulated, null)
  assert.equal(of(moved).simulated, null)
})

test('a client that moved and lost its connection after that has lost it', () => {
  const outages: ReconnectCounts['outages'] = [
    [
      [1_020_000, 1_030_000, true],
      [1_200_000, 1_400_000],
    ],
  ]
  const storm = derived('deploy', { clientReports: [clientProcess({ outages })] })
  assert.deepEqual([storm.affected, storm.moved, storm.backMicros?.max], [1, 0, 400_000])
})
