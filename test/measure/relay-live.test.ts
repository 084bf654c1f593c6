/**
 * The link against known answers: real halves in real processes, through the relay of a run. With one-way
 * delay d, streams take d; long polling re-arms in r = 2d, so its mean runs from d at rare events to 2d at
 * dense ones and its maximum is 3d (RFC 6202 section 2.2; docs/method.md section 3).
 */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import type { RunPlan } from '../../measure/messages/run-plan.ts'
import { measureOnce } from '../../measure/run/run.ts'
import { backoffOf } from '../../model/backoff.ts'
import { type Link, plainLink } from '../../model/link.ts'
import { micros, milliseconds, seconds } from '../../model/units.ts'
import type { Workload } from '../../model/workload.ts'
import type { Measurement } from '../../results/result.ts'
import type { Technique } from '../../servers/index.ts'
import { findings } from '../reports/arranged.ts'
import { resultOf } from '../reports/fixture.ts'
import { builtIn, childrenOfThisProcess, planOf } from './plan.ts'

after(() => assert.deepEqual(childrenOfThisProcess(), [], 'no run leaves a process behind'))

/** Measures one technique through a link. */
async function through(
  link: Partial<Link>,
  technique: Technique,
  workload: Partial<Workload>,
  settings: RunPlan['settings'] = {},
): Promise<Measurement> {
  const plan = planOf(builtIn(technique), { ...workload, link: { ...plainLink, ...link } }, settings)
  const measurement = await measureOnce(plan)
  assert.ok(measurement?.relay)
  assert.equal(measurement.workload.relays, 1)
  return measurement
}

/** What the relay says that it added, p99 in milliseconds. */
const addedP99 = ({ relay }: Measurement): number =>
  (relay?.addedP99Micros ?? Number.POSITIVE_INFINITY) / 1_000

/**
 * Judges a run, and up to two more where it fails: another process that takes the cores makes events later, never
 * earlier, so one quiet run of three must show what is claimed.
 */
async function shows(measure: () => Promise<Measurement>, judge: (run: Measurement) => void): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const run = await measure()
    try {
      return judge(run)
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}

const codesOf = ({ warnings }: Measurement): string[] => warnings.map(({ code }) => code)

const individual = { audience: { kind: 'individual' } } as const

/** Service times of a run in milliseconds; `slack` is what one transit may take beyond its delay. */
function timesOf({ serviceMicros, relay, failures }: Measurement) {
  assert.deepEqual(failures, [])
  assert.ok(serviceMicros && relay)
  const { min, mean, p50, p99 } = serviceMicros
  const slack = 3 + (relay.addedP50Micros ?? 0) / 1_000
  return { min: min / 1_000, mean: mean / 1_000, p50: p50 / 1_000, p99: p99 / 1_000, slack }
}

describe('with a one-way delay d', { concurrency: 3 }, () => {
  // Stamps are rounded to whole microseconds.
  const least = 49.99

  test('a WebSocket event takes d', () =>
    shows(
      () =>
        through({ rtt: milliseconds(100) }, 'websocket', { clients: 5, ratePerSecond: 20, ...individual }),
      run => {
        const { min, p50, slack } = timesOf(run)
        assert.ok(min >= least, `${min} ms is too early`)
        assert.ok(p50 <= 50 + slack, `${p50} ms, allowed 50 + ${slack}`)
      },
    ))

  test('long polling takes d at rare events', () =>
    // lambda r = 0.02: two events in a hundred meet no armed request, and wait 50 ms in the mean.
    shows(
      () =>
        through({ rtt: milliseconds(100) }, 'long-polling', {
          clients: 100,
          ratePerSecond: 0.2,
          ...individual,
        }),
      run => {
        const { min, mean, p50, slack } = timesOf(run)
        assert.ok(min >= least && p50 <= 50 + slack, `${min} to ${p50} ms`)
        assert.ok(mean <= 50 * 1.1 + slack, `mean ${mean} ms`)
      },
    ))

  test('long polling takes 2d at dense events in the mean, and 3d at the most', () =>
    // lambda r = 5: hardly an event meets an armed request.
    shows(
      () =>
        through({ rtt: milliseconds(100) }, 'long-polling', {
          clients: 12,
          ratePerSecond: 50,
          ...individual,
        }),
      run => {
        const { min, mean, p99, slack } = timesOf(run)
        assert.ok(min >= least, `${min} ms is too early`)
        assert.ok(mean >= 97 && mean <= 2 * (50 + slack), `mean ${mean} ms, allowed 2 (50 + ${slack})`)
        assert.ok(p99 <= 3 * (50 + slack) + addedP99(run), `p99 ${p99} ms`)
        const wait = run.predicted?.waitMeanMicros ?? null
        assert.ok(wait !== null, 'the closed form is filled in from the gap that the server saw')
        const predicted = 50 + wait / 1_000
        assert.ok(Math.abs(mean - predicted) <= slack, `mean ${mean} ms, predicted ${predicted}`)
      },
    ))

  for (const [oneWay, excess] of [
    [100, 0],
    [160, 160],
  ] as const) {
    test(`long polling of events every 250 ms waits ${excess} ms longer than d = ${oneWay} ms`, () =>
      shows(
        () =>
          through({ rtt: milliseconds(2 * oneWay) }, 'long-polling', {
            clients: 20,
            ratePerSecond: 4,
            arrivals: 'periodic',
            warmup: milliseconds(800),
            duration: seconds(2.5),
            ...individual,
          }),
        run => {
          const { mean, p50, slack } = timesOf(run)
          if (excess === 0) {
            assert.equal(run.waitMicros?.p95, 0, 'an armed request is there for every event')
            assert.ok(p50 <= oneWay + slack, `${p50} ms`)
          } else {
            // Waits run through the multiples of 10 ms below r = 320 ms, as 250 k mod 320 does: mean 155 ms.
            assert.ok(Math.abs(mean - oneWay - excess) <= 0.15 * excess, `mean ${mean} ms`)
          }
        },
      ))
  }
})

describe('through a relay that does what proxies do', { concurrency: 3 }, () => {
  const few = { clients: 5, ratePerSecond: 20, warmup: milliseconds(300), duration: seconds(1) }

  test('a buffer until the end leaves requests unhurt and lets no stream through, and the report says so', async () => {
    const [polling, longPolling, sse] = await Promise.all([
      through({ buffer: 'until-end' }, 'polling', few, { interval: milliseconds(100) }),
      through({ buffer: 'until-end' }, 'long-polling', few),
      through({ buffer: 'until-end' }, 'sse', few),
    ])
    for (const unhurt of [polling, longPolling]) {
      assert.deepEqual(unhurt.failures, [])
      assert.equal(unhurt.events.delivered, unhurt.events.expected)
    }
    assert.equal(sse.clients.connected, 5)
    assert.ok(sse.events.expected > 0)
    const { delivered, lost, heldBack, expected } = sse.events
    assert.deepEqual([delivered, lost, heldBack], [0, 0, expected])
    assert.deepEqual(codesOf(sse).slice(0, 2), ['no-samples', 'held-back-events'])
    assert.deepEqual([polling.events.heldBack, longPolling.events.heldBack], [0, 0])
    const told = findings(resultOf([polling, longPolling, sse])).find(({ topic }) => topic === 'Buffer')
    assert.match(told?.text ?? '', /nothing reached .* of sse/)
  })

  test('a stream through a buffer that fills now and then delivers some, and the link holds the rest', async () => {
    // An event of 128 bytes is 152 to 160 on the wire, so that 1,000 bytes pass once in 7 events.
    const run = await through({ buffer: 1_000 }, 'sse', { ...few, ...individual })
    const { delivered, lost, heldBack = 0, expected, duplicated } = run.events
    assert.deepEqual([lost, duplicated, delivered + heldBack], [0, 0, expected])
    assert.ok(heldBack > 0 && heldBack <= 5 * 6 && delivered > 0, `${heldBack} of ${expected} held back`)
    assert.equal(run.latencyMicros?.count, delivered)
    assert.deepEqual(run.failures, [])
    assert.ok(codesOf(run).includes('held-back-events'))
  })

  const rare = {
    clients: 5,
    ratePerSecond: 1,
    arrivals: 'periodic',
    duration: seconds(3),
    backoff: backoffOf('fixed', { base: milliseconds(50) }),
  } as const

  test('an idle stream is cut, comes back and misses nothing', async () => {
    const { relay, clients, events } = await through({ idleCut: milliseconds(400) }, 'sse', rare, {
      heartbeat: micros(0),
    })
    assert.ok((relay?.idleCuts ?? 0) >= 5, `${relay?.idleCuts} cuts`)
    assert.ok(clients.reconnects >= 5)
    assert.deepEqual([events.delivered, events.lost, events.duplicated], [events.expected, 0, 0])
  })

  test('a heartbeat keeps an idle stream', async () => {
    const { relay, clients, events } = await through({ idleCut: milliseconds(400) }, 'sse', rare, {
      heartbeat: milliseconds(120),
    })
    assert.deepEqual([relay?.idleCuts, clients.reconnects, events.lost], [0, 0, 0])
  })
})

test('a relay that is killed gives a failed measurement that says so', async () => {
  const link = { ...plainLink, rtt: milliseconds(10) }
  const plan = planOf(builtIn('sse'), { clients: 5, duration: seconds(10), link })
  let killed = false
  const measurement = await measureOnce(plan, {
    progress({ phase }) {
      if (killed || phase !== 'measure') return
      killed = true
      const relay = childrenOfThisProcess().find(pid =>
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('relay-process'),
      )
      process.kill(relay ?? 0, 'SIGKILL')
    },
  })
  assert.ok(measurement)
  assert.ok(measurement.warnings.some(({ code }) => code === 'relay-died'))
  assert.match(measurement.failures.join('\n'), /the relay was killed by SIGKILL, \d\.\d s into the measured/)
  assert.ok(measurement.workload.durationMicros < 10_000_000, 'the window ends where the relay did')
  assert.equal(measurement.relay, null, 'a relay that told nothing has no figures')
})

for (const [technique, settings] of [
  ['polling', { interval: milliseconds(500) }],
  ['long-polling', {}],
  ['sse', {}],
  ['websocket', {}],
] satisfies [Technique, RunPlan['settings']][]) {
  test(`1,000 connections of ${technique} through the relay lose nothing`, async () => {
    const { clients, events } = await through(
      { rtt: milliseconds(20), jitter: milliseconds(2) },
      technique,
      { clients: 1_000, ratePerSecond: 4, warmup: milliseconds(300), duration: seconds(1.2) },
      settings,
    )
    assert.equal(clients.connected, 1_000)
    assert.ok(events.expected > 0)
    const { delivered, lost, duplicated, outOfOrder } = events
    assert.deepEqual([delivered, lost, duplicated, outOfOrder], [events.expected, 0, 0, 0])
  })
}
