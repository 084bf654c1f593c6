import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noServerCounts } from '../../../measure/messages/server-counts.ts'
import { serverJobOf } from '../../../measure/run/plan-jobs.ts'
import { ArrivalCounter } from '../../../measure/server/arrival-counter.ts'
import { CountingObserver } from '../../../measure/server/server-observer.ts'
import { instant, micros } from '../../../model/units.ts'
import { builtIn, planOf } from '../plan.ts'

/** What is counted of two connections with two gaps each, of which the first is a random part of a second. */
function gapsCounted(skipsFirstGap: boolean): CountingObserver['rearm'] {
  const clock = () => instant(0)
  const what = { singly: false, skipsFirstGap }
  const observer = new CountingObserver(what, clock, { ...noServerCounts }, new ArrivalCounter(clock))
  observer.window = { from: instant(0), to: instant(1) }
  for (const first of [200_000, 700_000]) {
    observer.rearmed(micros(first), true)
    observer.rearmed(micros(1_000_000), false)
  }
  return observer.rearm
}

test('the first gap of a client on a timer is not a re-arm gap; of one that asks again at once it is', () => {
  assert.deepEqual([gapsCounted(true).count, gapsCounted(true).mean], [2, 1_000_000])
  assert.deepEqual([gapsCounted(false).count, gapsCounted(false).mean], [4, 725_000])
})

test('gaps of the cold start and of the drain are not counted, as waits are not', () => {
  let now = 0
  const clock = () => instant(now)
  const observer = new CountingObserver(
    { singly: false, skipsFirstGap: false },
    clock,
    { ...noServerCounts },
    new ArrivalCounter(clock),
  )
  observer.window = { from: instant(1_000), to: instant(2_000) }
  for (now of [999, 1_000, 1_999, 2_000]) observer.rearmed(micros(now), false)
  assert.deepEqual([observer.rearm.count, observer.rearm.mean], [2, 1_499.5])
})

for (const [technique, skips] of [
  ['polling', true],
  ['jsonp-polling', true],
  ['page-refresh', true],
  ['busy-polling', undefined],
  ['long-polling', undefined],
  ['sse', undefined],
] as const) {
  test(`the server of ${technique} is ${skips ? '' : 'not '}asked to leave first gaps out`, () => {
    assert.equal(serverJobOf(planOf(builtIn(technique), {}), 'x' as never, [], []).skipsFirstGap, skips)
  })
}
