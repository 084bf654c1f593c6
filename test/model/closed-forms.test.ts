/** The closed form against a simulation that knows nothing of it: an event list, a queue, a request, a timer. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conflatedTimer, constantGap, requestCycle as formOf } from '../../model/closed-forms.ts'
import { exponential, randomFor } from '../../model/random.ts'
import { type Micros, micros, milliseconds, seconds } from '../../model/units.ts'
import { meanOf, varianceOf } from '../statistics/samples.ts'

/** The form of a request cycle with a gap that is always the same. */
const requestCycle = ({ ratePerSecond, gap, hold }: { ratePerSecond: number; gap: Micros; hold: Micros }) =>
  formOf('', ratePerSecond, constantGap(gap, ratePerSecond), hold)

interface Simulated {
  readonly waitMean: number
  readonly emptyRatio: number
  readonly responsesPerEvent: number
}

/** One client for `cycles` cycles: `gap` without a request, then one that is held until an event or `hold`. */
function simulate(ratePerSecond: number, gap: number, hold: number, cycles: number, seed: number): Simulated {
  const random = randomFor(seed, 'cycle')
  const mean = 1_000_000 / ratePerSecond
  let now = 0
  let nextEvent = exponential(random, mean)
  let [events, waits, empties] = [0, 0, 0]
  for (let cycle = 0; cycle < cycles; cycle++) {
    const armedAt = now + gap
    let queued = 0
    while (nextEvent < armedAt) {
      queued++
      waits += armedAt - nextEvent
      nextEvent += exponential(random, mean)
    }
    now = armedAt
    if (queued === 0 && nextEvent < armedAt + hold) {
      now = nextEvent
      queued = 1
      nextEvent += exponential(random, mean)
    } else if (queued === 0) {
      now = armedAt + hold
      empties++
    }
    events += queued
  }
  return { waitMean: waits / events, emptyRatio: empties / cycles, responsesPerEvent: cycles / events }
}

const batches = 40
const cycles = 5_000

for (const [what, ratePerSecond, gap, hold] of [
  ['polling with an event in most intervals', 5, milliseconds(1_000), 0],
  ['polling with few events', 0.2, milliseconds(500), 0],
  ['polling at one event per interval', 10, milliseconds(100), 0],
  ['long polling with a short gap', 2, milliseconds(1), seconds(30)],
  ['long polling whose hold mostly runs out', 0.5, milliseconds(50), milliseconds(400)],
  ['a pause as long as the hold', 4, milliseconds(250), milliseconds(250)],
  ['a long pause before a long hold', 3, milliseconds(400), seconds(5)],
  ['many events in each pause', 40, milliseconds(100), milliseconds(10)],
] as const) {
  test(`the form agrees with a simulation of ${what}, within 4 standard errors`, () => {
    // Batches of cycles are independent, so their spread gives the standard error of any statistic of them.
    const runs = Array.from({ length: batches }, (_, seed) =>
      simulate(ratePerSecond, gap, hold, cycles, seed),
    )
    const form = requestCycle({ ratePerSecond, gap, hold: micros(hold) })
    for (const [key, theory] of [
      ['waitMean', form.waitMeanMicros],
      ['emptyRatio', form.emptyRatio],
      ['responsesPerEvent', form.responsesPerEvent],
    ] as const) {
      const samples = runs.map(run => run[key])
      const error = Math.sqrt(varianceOf(samples) / batches)
      // Where all batches agree to the last digit (no empty response in any), a millionth is allowed.
      const allowed = Math.max(4 * error, 1e-6)
      assert.ok(
        Math.abs(meanOf(samples) - theory) <= allowed,
        `${key}: simulated ${meanOf(samples)} ± ${error}, form ${theory}`,
      )
    }
  })
}

const close = (actual: number, expected: number, relative = 1e-9): void =>
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual}, not ${expected}`)

test('without a hold it is polling: a uniform wait, and empty with exp(-lambda T)', () => {
  for (const [rate, interval] of [
    [2, 1],
    [0.01, 5],
    [100, 0.2],
  ] as const) {
    const form = requestCycle({ ratePerSecond: rate, gap: seconds(interval), hold: micros(0) })
    close(form.waitMeanMicros, (interval * 1_000_000) / 2)
    close(form.emptyRatio, Math.exp(-rate * interval))
    close(form.responsesPerEvent, 1 / (rate * interval))
  }
})

test('as the gap shrinks it is streaming: no wait, one response an event, none empty under an endless hold', () => {
  const form = requestCycle({ ratePerSecond: 2, gap: micros(0.001), hold: seconds(1_000_000) })
  assert.ok(form.waitMeanMicros < 1e-9)
  assert.equal(form.emptyRatio, 0)
  close(form.responsesPerEvent, 1, 1e-6)
  const exact = requestCycle({ ratePerSecond: 2, gap: micros(0), hold: seconds(30) })
  assert.equal(exact.waitMeanMicros, 0)
})

test('as the hold grows every response carries an event', () => {
  const form = requestCycle({ ratePerSecond: 2, gap: milliseconds(100), hold: seconds(1_000_000) })
  assert.equal(form.emptyRatio, 0)
  // With lambda r = 0.2 of each cycle's events in the pause, and exp(-0.2) of the cycles ended by one in the hold.
  close(form.responsesPerEvent, 1 / (0.2 + Math.exp(-0.2)))
  close(form.waitMeanMicros, (0.2 / (0.2 + Math.exp(-0.2))) * 50_000)
})

test('at a very low rate nothing is lost to rounding', () => {
  const form = requestCycle({ ratePerSecond: 1e-12, gap: milliseconds(1), hold: seconds(30) })
  // Events are rare, so an event meets the state of an idle cycle: the pause with the share r / (r + H).
  close(form.waitMeanMicros, (1_000 / (1_000 + 30_000_000)) * 500)
})

test('a prediction carries its inputs', () => {
  const form = requestCycle({ ratePerSecond: 1, gap: milliseconds(3), hold: seconds(4) })
  assert.equal(form.gapMicros, 3_000)
  assert.equal(form.holdMicros, 4_000_000)
})

test('of a store that keeps the newest event, a slower timer receives the share that a simulation counts', () => {
  const interval = milliseconds(100)
  // Four events for each poll, of which it receives one.
  assert.equal(conflatedTimer(40, 'periodic', interval).deliveredShare, 0.25)
  assert.equal(conflatedTimer(5, 'periodic', interval).deliveredShare, 1)
  const random = randomFor(3, 'conflated')
  let [now, events, polls] = [0, 0, 0]
  for (let newest = -1; events < 100_000; events++) {
    now += exponential(random, 25_000)
    const poll = Math.floor(now / interval)
    if (poll > newest) polls++
    newest = poll
  }
  const { deliveredShare } = conflatedTimer(40, 'poisson', interval)
  assert.ok(
    Math.abs((deliveredShare ?? 0) - polls / events) < 0.004,
    `${deliveredShare}, simulated ${polls / events}`,
  )
})
