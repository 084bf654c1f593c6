import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type BackoffName, backoffNames, backoffOf } from '../../model/backoff.ts'
import { instant, type Micros, milliseconds, seconds } from '../../model/units.ts'
import {
  baseline,
  type StormModel,
  type StormOutcome,
  simulateStorm,
} from '../../simulation/storm-simulation.ts'
import { referenceStorm } from './storm-reference.ts'

const sum = (counts: ArrayLike<number>): number => Array.from(counts).reduce((total, each) => total + each, 0)
const simulate = (model: Partial<StormModel>): StormOutcome =>
  simulateStorm({ ...baseline, clients: 100, backoff: backoffOf('fixed'), ...model })

/** The table of 10,000 clients dropped together, server back after 10 s; seconds from its return. */
const table: readonly (readonly [name: BackoffName, peak: number, t99Seconds: number])[] = [
  ['fixed', 10_000, 2],
  ['exponential', 10_000, 5],
  ['socket.io', 348, 4.9],
  ['equal-jitter', 263, 15.1],
  ['rfc6455', 241, 5],
  ['decorrelated', 212, 16.5],
  ['full-jitter', 171, 26.5],
]

/** The mean over ten storms, as the peak of one is a maximum and varies a lot. */
function tableRow(backoff: BackoffName): { peak: number; t99Seconds: number } {
  const outcomes = Array.from({ length: 10 }, (_, seed) =>
    simulate({
      clients: 10_000,
      backoff: backoffOf(backoff),
      serverBackAt: instant(seconds(10)),
      horizon: instant(seconds(120)),
      seed,
    }),
  )
  return {
    peak: sum(outcomes.map(outcome => outcome.arrivalsAfterReturn.peak)) / 10,
    t99Seconds: sum(outcomes.map(outcome => (outcome.backSinceReturn.t99 ?? Number.NaN) / seconds(10))),
  }
}

const rows = table.map(([name, peak, t99Seconds]) => ({ name, peak, t99Seconds, simulated: tableRow(name) }))

for (const { name, peak, t99Seconds, simulated } of rows) {
  test(`10,000 clients under ${name} peak at ${peak} in 100 ms and are back after ${t99Seconds} s`, () => {
    assert.ok(Math.abs(simulated.peak / peak - 1) < 0.1, `peak ${simulated.peak}`)
    assert.ok(Math.abs(simulated.t99Seconds / t99Seconds - 1) < 0.02, `t99 ${simulated.t99Seconds}`)
  })
}

test('the peaks of the policies have the order of the table', () => {
  const peaks = rows.map(({ simulated }) => simulated.peak)
  assert.deepEqual(
    peaks,
    peaks.toSorted((a, b) => b - a),
  )
})

for (const name of ['none', 'fixed', 'exponential', 'eventsource'] as const) {
  test(`the whole herd under ${name} arrives within one window after the server's return`, () => {
    const serverBackAt = instant(seconds(2.5))
    const { arrivalsAfterReturn, attempts, dropped, refusedAttempts } = simulate({
      clients: 5_000,
      backoff: backoffOf(name),
      serverBackAt,
    })
    assert.equal(arrivalsAfterReturn.peak, 5_000)
    assert.equal(attempts - refusedAttempts, dropped)
  })
}

test('windows after the return begin at it, and over a link half a round trip before', () => {
  // From 100 ms on each client asks once in every span of 100 ms, or of 200 ms over the link.
  const evenly = { noticeWithin: milliseconds(100), backoff: backoffOf('fixed', { base: milliseconds(100) }) }
  const returned = simulate({ ...evenly, serverBackAt: instant(milliseconds(250)) })
  assert.deepEqual([returned.arrivalsAfterReturn.peak, returned.arrivalsAfterReturn.mean], [100, 100])
  const far = simulate({ ...evenly, serverBackAt: instant(milliseconds(250)), roundTrip: milliseconds(100) })
  // All begin within 100 to 200 ms, and their next attempts at 300 to 400 ms meet the server.
  assert.equal(far.arrivalsAfterReturn.peak, 100)
})

const even = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: most / 2 }).map(half => 2 * half)
const duration = (most: Micros): fc.Arbitrary<Micros> => even(most) as fc.Arbitrary<Micros>

/** Storms of policies that draw nothing, small enough to be simulated step by step. */
const plainStorm: fc.Arbitrary<StormModel> = fc.record({
  clients: fc.integer({ min: 1, max: 25 }),
  droppedShare: fc.constant(1),
  noticeWithin: fc.oneof(fc.constant(milliseconds(0)), duration(milliseconds(400))),
  backoff: fc.oneof(
    fc.constant(backoffOf('exponential', { base: milliseconds(10), cap: milliseconds(300) })),
    fc.constant(backoffOf('eventsource', { base: milliseconds(70) })),
  ),
  asked: fc.option(duration(milliseconds(200))),
  serverBackAt: even(milliseconds(500)).map(instant),
  acceptPerSecond: fc.constantFrom(null, 1_000, 125, 50, 20),
  serviceTime: duration(milliseconds(20)),
  attemptTimeout: fc.option(
    // More than two round trips and a turn, or nobody would ever be answered.
    even(milliseconds(400)).map(above => milliseconds(60 + above / 1_000)),
    { freq: 3 },
  ),
  roundTrip: duration(milliseconds(16)),
  horizon: fc.constant(instant(seconds(600))),
  seed: fc.nat(1_000),
})

test('the simulation agrees with the same storm simulated step by step', () => {
  let [timedOut, refused, wasted] = [0, 0, 0]
  fc.assert(
    fc.property(plainStorm, model => {
      const expected = referenceStorm(model)
      const outcome = simulateStorm(model)
      assert.deepEqual(
        {
          attempts: outcome.attempts,
          refusedAttempts: outcome.refusedAttempts,
          timedOutAttempts: outcome.timedOutAttempts,
          accepted: sum(outcome.series.accepted),
          neverBack: outcome.neverBack,
          t50: outcome.backSinceFault.t50,
          t100: outcome.backSinceFault.t100,
        },
        {
          attempts: expected.attempts,
          refusedAttempts: expected.refusedAttempts,
          timedOutAttempts: expected.timedOutAttempts,
          accepted: expected.accepted,
          neverBack: 0,
          t50: expected.backAt[Math.ceil(model.clients / 2) - 1],
          t100: expected.backAt.at(-1),
        },
      )
      assert.ok(Math.abs(outcome.longestWait - expected.longestWait) < 0.01)
      timedOut += outcome.timedOutAttempts
      refused += outcome.refusedAttempts
      wasted += expected.accepted - expected.backAt.length
    }),
    { seed: 1, numRuns: 500 },
  )
  // The storms were such that every path was taken: refusals, timeouts, and turns spent on clients that had left.
  assert.ok(timedOut > 100 && refused > 100 && wasted > 10, `${timedOut} ${refused} ${wasted}`)
})

/** Storms of any policy, without clients that give up. */
const anyStorm = fc
  .record({
    clients: fc.integer({ min: 1, max: 500 }),
    droppedShare: fc.double({ min: 0, max: 1, noNaN: true }),
    noticeWithin: duration(seconds(1)),
    backoff: fc.constantFrom(...backoffNames).map(name => backoffOf(name)),
    serverBackAt: even(seconds(1)).map(instant),
    acceptPerSecond: fc.constantFrom(null, 1_000, 200),
    attemptTimeout: fc.option(fc.constant(seconds(1.5))),
    roundTrip: duration(milliseconds(100)),
    seed: fc.nat(1_000),
  })
  .map((model): StormModel => ({ ...baseline, ...model }))

test('every attempt is accounted for, and no window takes more than the accept rate', () => {
  fc.assert(
    fc.property(anyStorm, model => {
      const outcome = simulateStorm(model)
      const { series, attempts, dropped } = outcome
      assert.equal(dropped, Math.round(model.clients * model.droppedShare))
      assert.equal(outcome.neverBack, 0)
      assert.equal(attempts, dropped + outcome.refusedAttempts + outcome.timedOutAttempts)
      assert.equal(sum(series.arrivals), attempts)
      assert.equal(sum(series.refused), outcome.refusedAttempts)
      assert.equal(sum(series.back), dropped)
      assert.ok(Math.abs(outcome.wastedPerClient * dropped - (attempts - dropped)) < 1e-6)
      const most = model.acceptPerSecond === null ? Infinity : model.acceptPerSecond / 10 + 1
      assert.ok(Math.max(0, ...series.accepted) <= most)
    }),
    { seed: 1, numRuns: 100 },
  )
})

test('a herd drains at the accept rate or at the pace of the service, whichever is slower', () => {
  const backoff = backoffOf('none')
  const drained = (model: Partial<StormModel>): number | null =>
    simulate({ clients: 1_001, backoff, ...model }).backSinceFault.t100
  assert.equal(drained({ acceptPerSecond: 500 }), seconds(2) + milliseconds(1))
  assert.equal(drained({ serviceTime: milliseconds(4) }), seconds(4) + milliseconds(5))
  assert.equal(drained({ acceptPerSecond: 500, serviceTime: milliseconds(4) }), seconds(4) + milliseconds(5))
  // One round trip for the connection, one for the request.
  assert.equal(drained({ roundTrip: milliseconds(30) }), milliseconds(61))
  // Requests that arrive together wait for one another. One whose connection waits to be taken waits with it.
  const far = { roundTrip: milliseconds(30), serviceTime: milliseconds(4) }
  assert.equal(drained(far), seconds(4) + milliseconds(65))
  assert.equal(drained({ ...far, acceptPerSecond: 100 }), seconds(10) + milliseconds(35))
})

test('clients that give up are skipped, so that a queue too long for them drains no slower', () => {
  const { timedOutAttempts, backSinceFault } = simulate({
    clients: 100,
    backoff: backoffOf('none'),
    acceptPerSecond: 10,
    attemptTimeout: milliseconds(999),
  })
  // Ten are taken in each round of one second; all others give up and try again.
  assert.equal(timedOutAttempts, 90 + 80 + 70 + 60 + 50 + 40 + 30 + 20 + 10)
  assert.equal(backSinceFault.t100, milliseconds(1) + seconds(9) + milliseconds(900))
})

test('a client whose next attempt lies beyond the horizon is never back, and is not part of an average', () => {
  const { neverBack, backSinceFault, attempts } = simulate({
    serverBackAt: instant(seconds(4)),
    horizon: instant(seconds(5)),
  })
  assert.deepEqual([neverBack, backSinceFault.t50, attempts], [100, null, 100])
})

test('what the server asked for before it went directs the clients that obey', () => {
  const asked = seconds(4.5)
  const firstBack = (name: BackoffName): number | null =>
    simulate({ backoff: backoffOf(name), asked }).backSinceFault.t100
  assert.equal(firstBack('server-directed'), asked)
  assert.equal(firstBack('eventsource'), asked)
  assert.equal(firstBack('fixed'), seconds(3))
})

test('one seed makes the same storm again, another seed another', () => {
  const storm = (seed: number): StormOutcome =>
    simulate({ backoff: backoffOf('full-jitter'), serverBackAt: instant(seconds(3)), seed })
  assert.deepEqual(storm(3), storm(3))
  assert.notDeepEqual(storm(3), storm(4))
})

test('a million clients all come back, at a peak that full jitter keeps below 2 % of them', () => {
  const { neverBack, arrivalsAfterReturn, backSinceReturn } = simulate({
    clients: 1_000_000,
    backoff: backoffOf('full-jitter'),
    serverBackAt: instant(seconds(10)),
    acceptPerSecond: 50_000,
  })
  assert.equal(neverBack, 0)
  assert.ok(arrivalsAfterReturn.peak < 20_000)
  assert.ok((backSinceReturn.t100 ?? 0) >= (1_000_000 / 50_000 - 1) * seconds(1))
})

test('jitter lowers the peak, and lengthens t99 only where the accept rate is not what takes longest', () => {
  const t99And = (backoff: 'none' | 'full-jitter', acceptPerSecond: number | null) => {
    const { arrivalsAfterReturn, backSinceReturn } = simulateStorm({
      ...baseline,
      clients: 10_000,
      backoff: backoffOf(backoff),
      acceptPerSecond,
      serverBackAt: instant(seconds(1)),
      roundTrip: milliseconds(10),
    })
    return { peak: arrivalsAfterReturn.peak, t99: backSinceReturn.t99 ?? Number.NaN }
  }
  for (const rate of [null, 500]) {
    const [none, jitter] = [t99And('none', rate), t99And('full-jitter', rate)]
    assert.ok(jitter.peak < none.peak / 2, `${jitter.peak} and ${none.peak}`)
    if (rate === null) assert.ok(jitter.t99 > none.t99 * 10)
    else assert.ok(Math.abs(jitter.t99 / none.t99 - 1) < 0.05, `${jitter.t99} and ${none.t99}`)
  }
})
