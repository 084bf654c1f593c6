import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leadOf, shortWindow, withLead } from '../../../measure/messages/warm-up.ts'
import { plainLink } from '../../../model/link.ts'
import { dueBetween, dueTimes } from '../../../model/schedule.ts'
import { micros, milliseconds, seconds } from '../../../model/units.ts'
import { scheduleOf, type Workload } from '../../../model/workload.ts'
import { storedWorkload } from '../../../results/stored-workload.ts'
import type { Technique } from '../../../servers/index.ts'
import { builtIn, planOf } from '../plan.ts'

/** A run with a warm-up of 1 s, an event every 2 s and client on average. */
const slow = (
  technique: Technique,
  settings: Record<string, string | number>,
  workload: Partial<Workload> = {},
) =>
  planOf(
    builtIn(technique),
    { warmup: seconds(1), ratePerSecond: 0.5, audience: { kind: 'individual' }, clients: 1_000, ...workload },
    settings,
  )

/** The warm-up as it will be. */
const warmupOf = (...asked: Parameters<typeof slow>): number => {
  const { workload } = withLead(slow(...asked))
  return workload.warmup + (workload.lead?.length ?? 0)
}

test('a run publishes for as long before its window as one response can look back', () => {
  assert.equal(warmupOf('polling', { interval: seconds(5) }), seconds(5))
  assert.equal(warmupOf('polling', { interval: milliseconds(900) }), seconds(1))
  assert.equal(warmupOf('page-refresh', { interval: seconds(30) }), seconds(30))
  assert.equal(warmupOf('busy-polling', { pause: seconds(2) }), seconds(2))
  assert.equal(warmupOf('long-polling', { pause: seconds(2), hold: seconds(60) }), seconds(2))
  assert.equal(warmupOf('websocket', {}), seconds(1))
})

test('what comes later by the link or by the backend is published earlier', () => {
  const link = { ...plainLink, rtt: milliseconds(100), jitter: milliseconds(10) }
  const workload = { link, backendPoll: milliseconds(300) }
  assert.equal(warmupOf('polling', { interval: seconds(5) }, workload), seconds(5) + 240_000 + 300_000)
})

test('an action of a user is awaited for as long as all but one in a thousand take, or until the fall-back', () => {
  assert.equal(
    warmupOf('piggyback', { action: seconds(1) }),
    milliseconds(Math.ceil(1_000 * Math.log(1_000))),
  )
  assert.equal(warmupOf('piggyback', { action: seconds(1), fallback: seconds(3) }), seconds(3))
})

test('a hold or a heartbeat counts twice where it shows, and not at all where events leave it no time', () => {
  assert.equal(warmupOf('long-polling', { hold: seconds(4) }), seconds(8))
  assert.equal(warmupOf('long-polling', { hold: seconds(4), pause: seconds(1) }), seconds(10))
  assert.equal(warmupOf('long-polling', { hold: seconds(4), flush: 'coalesced' }), seconds(8))
  assert.equal(warmupOf('sse', { heartbeat: seconds(3) }), seconds(6))
  // Of holds of 30 s all but exp(-15) end with an event.
  assert.equal(warmupOf('long-polling', {}), seconds(1))
  assert.equal(warmupOf('sse', { heartbeat: 0 }), seconds(1))
  // An event in the meantime makes everything forget how it began.
  assert.equal(warmupOf('sse', { heartbeat: seconds(10) }), Math.ceil(2_000_000 * Math.log(1_000)))
})

test('periodic events settle a hold by the first of them, and leave a longer one no time', () => {
  const periodic = { arrivals: 'periodic' } as const
  assert.equal(warmupOf('long-polling', { hold: milliseconds(1_500) }, periodic), seconds(2))
  assert.equal(warmupOf('long-polling', { hold: seconds(2) }, periodic), seconds(1))
})

test('the idle cut of a link counts where nothing else is carried before it', () => {
  const link = { ...plainLink, idleCut: seconds(2) }
  assert.equal(warmupOf('websocket', {}, { link }), seconds(4))
  assert.equal(warmupOf('websocket', { ping: seconds(1) }, { link }), seconds(1))
  assert.equal(warmupOf('polling', {}, { link }), seconds(1))
})

test('single events, and settings of a server that nobody knows, ask for no longer warm-up', () => {
  assert.equal(leadOf(slow('polling', { interval: seconds(5) }, { arrivals: 'pulses', pulses: [] })), null)
  const plan = slow('long-polling', {})
  const unknown = { kind: 'target', name: '', capabilities: [], unknown: ['hold'] } as const
  assert.equal(
    leadOf({
      ...plan,
      workload: { ...plan.workload, ratePerSecond: 0.01 },
      pair: { ...plan.pair, foreign: unknown },
    }),
    null,
  )
})

test('the result says what was asked, what it became and why', () => {
  const plan = withLead(slow('polling', { interval: seconds(5) }))
  const { warmupMicros, effectiveWarmupMicros, warmupReason } = storedWorkload(plan.workload, plan.layout)
  assert.deepEqual([warmupMicros, effectiveWarmupMicros], [1_000_000, 5_000_000])
  assert.equal(warmupReason, 'a response can carry events of the last 5s')
  const quick = withLead(slow('polling', {}))
  assert.ok(!('effectiveWarmupMicros' in storedWorkload(quick.workload, quick.layout)))
})

for (const arrivals of ['poisson', 'periodic'] as const) {
  test(`a lead shifts ${arrivals} events and changes none of those behind it`, () => {
    const { workload } = slow('polling', { interval: seconds(5) }, { arrivals, ratePerSecond: 3 })
    const lead = { length: seconds(4), reason: '' }
    const [without, whole] = [scheduleOf(workload), scheduleOf({ ...workload, lead })]
    for (const stream of [0, 1, 7]) {
      const early = dueBetween(whole, stream, micros(0), lead.length)
      const count = early === null ? 0 : early.last
      const shifted = [...dueTimes(whole, stream).take(count + 50)].slice(count)
      assert.deepEqual(
        shifted,
        [...dueTimes(without, stream).take(50)].map(at => at + lead.length),
      )
      // Periodic events are 12 in 4 s; of Poisson events 12 are expected, with a standard deviation of 3.5.
      assert.ok(Math.abs(count - 12) <= (arrivals === 'periodic' ? 1 : 14), `${count} events in the lead`)
    }
  })
}

test('a window too short for a hold, a heartbeat or an idle cut to show is named', () => {
  const broadcast = { audience: { kind: 'broadcast' }, duration: seconds(5), ratePerSecond: 0.1 } as const
  assert.equal(
    shortWindow(slow('long-polling', { hold: seconds(25) }, broadcast)),
    // lambda p / (1 - p) = 0.1 / (exp(2.5) - 1) in a second
    'the hold of 25s expires about 0.045 times in a window of 5s on 1 stream',
  )
  assert.match(
    shortWindow(slow('sse', { heartbeat: seconds(4) }, broadcast)) ?? '',
    /^the heartbeat of 4s .* 1 times/,
  )
  const link = { ...plainLink, idleCut: seconds(8) }
  assert.match(shortWindow(slow('websocket', {}, { ...broadcast, link })) ?? '', /^the idle cut of 8s/)
})

test('a window is long enough where many streams run out in it, or where the hold hardly ever does', () => {
  const each = { duration: seconds(5), ratePerSecond: 0.1 }
  assert.equal(shortWindow(slow('long-polling', { hold: seconds(25) }, each)), null)
  const busy = { audience: { kind: 'broadcast' }, duration: seconds(5), ratePerSecond: 2 } as const
  assert.equal(shortWindow(slow('long-polling', {}, busy)), null)
  assert.equal(shortWindow(slow('sse', {}, busy)), null)
})
