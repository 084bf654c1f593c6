import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { Publisher } from '../../../measure/server/publisher.ts'
import { clockFrom, originNow } from '../../../model/clock.ts'
import type { PushEvent } from '../../../model/event.ts'
import { payloadMaker } from '../../../model/payload.ts'
import { type Due, dueEvents, type ScheduleSpec } from '../../../model/schedule.ts'
import { after, elapsed, type Instant, micros, milliseconds, seconds } from '../../../model/units.ts'
import { eventually } from '../../served.ts'

/** A publisher whose events are kept; `all` resolves when as many as expected came. */
function publishing(t: TestContext, expected: number, countedStreams?: ReadonlySet<number>) {
  const origin = originNow()
  const clock = clockFrom(origin)
  const events: (PushEvent & { stream: number; at: Instant })[] = []
  const { promise: all, resolve } = Promise.withResolvers<void>()
  const publisher = new Publisher({
    origin,
    clock,
    payload: payloadMaker(1, 128),
    ...(countedStreams && { countedStreams }),
    publish(stream, event) {
      events.push({ ...event, stream, at: clock() })
      if (events.length === expected) resolve()
    },
  })
  t.after(() => publisher.close())
  return { publisher, clock, events, all }
}

const spec: ScheduleSpec = { seed: 1, arrivals: 'poisson', ratePerSecond: 1_500 }
const dueOf = (length = milliseconds(600), streams = [0, 3]): Due[] => [...dueEvents(spec, streams, length)]

/** Keeps the event loop from turning. */
function block(clock: () => Instant, until: Instant): void {
  while (clock() < until);
}

const inOrder = (events: readonly (PushEvent & { stream: number })[], due: readonly Due[]): void =>
  assert.deepEqual(
    events.map(({ stream, seq }) => [stream, seq]),
    due.map(({ stream, seq }) => [stream, seq]),
  )

test('every event of a dense schedule is published once, in order, never early', async t => {
  const due = dueOf()
  const { publisher, clock, events, all } = publishing(t, due.length)
  const startAt = after(clock(), milliseconds(20))
  publisher.start(due, startAt, startAt)
  await all
  inOrder(events, due)
  events.forEach(({ intendedAt, sentAt, at }, index) => {
    assert.equal(intendedAt, startAt + (due[index]?.at ?? 0))
    assert.ok(sentAt >= intendedAt, `event ${index} was sent ${intendedAt - sentAt} µs early`)
    assert.ok(sentAt <= at)
  })
  assert.equal(publisher.published, due.length)
  assert.equal(publisher.lag.count, due.length)
})

test('events beyond the end of the count are published and not counted, also when that end is moved forward', async t => {
  const due = dueOf(milliseconds(200))
  const countTo = (at: number): number => due.filter(each => each.at < at).length
  const { publisher, clock, events, all } = publishing(t, due.length)
  const startAt = after(clock(), milliseconds(20))
  publisher.start(due, startAt, startAt, after(startAt, milliseconds(150)))
  publisher.stopAt(after(startAt, milliseconds(200)), after(startAt, milliseconds(100)))
  await all
  inOrder(events, due)
  assert.equal(publisher.published, countTo(100_000))
  assert.equal(publisher.lag.count, countTo(100_000))
})

test('an event is published after its due time, not only when the next one is due', async t => {
  const { publisher, clock, events, all } = publishing(t, 1)
  const endless = [
    { stream: 0, seq: 1, at: milliseconds(5) },
    { stream: 0, seq: 2, at: seconds(3_600) },
  ]
  publisher.start(endless, clock(), clock())
  await all
  assert.equal(events.length, 1)
})

test('events of the warm-up are published but not counted', async t => {
  const due = dueOf(milliseconds(200))
  const { publisher, clock, events, all } = publishing(t, due.length)
  const startAt = clock()
  const countFrom = after(startAt, milliseconds(100))
  publisher.start(due, startAt, countFrom)
  await all
  const counted = events.filter(({ intendedAt }) => intendedAt >= countFrom).length
  assert.ok(counted > 0 && counted < due.length)
  assert.equal(publisher.published, counted)
  assert.equal(publisher.lag.count, counted)
})

test('events of a stream that another server counts are published all the same, and not counted', async t => {
  const due = dueOf(milliseconds(100), [0, 3])
  const { publisher, clock, events, all } = publishing(t, due.length, new Set([3]))
  const startAt = clock()
  publisher.start(due, startAt, startAt)
  await all
  inOrder(events, due)
  assert.equal(publisher.published, due.filter(({ stream }) => stream === 3).length)
  assert.equal(publisher.lag.count, due.length, 'its lateness is this process to answer for')
})

test('events that were due before the publisher began are published at once, late by what they are late', async t => {
  const due = dueOf(seconds(1))
  const { publisher, clock, events, all } = publishing(t, due.length)
  const began = clock()
  const startAt = after(began, micros(-seconds(10)))
  publisher.start(due, startAt, startAt)
  await all
  inOrder(events, due)
  for (const { intendedAt, sentAt } of events) {
    assert.equal(intendedAt < began, true)
    assert.ok(elapsed(intendedAt, sentAt) >= seconds(9))
  }
  assert.ok((publisher.lag.summary()?.min ?? 0) >= seconds(9))
})

test('a stalled event loop makes events late and loses none', async t => {
  const due = dueOf()
  const { publisher, clock, events, all } = publishing(t, due.length)
  const startAt = clock()
  publisher.start(due, startAt, startAt)
  await setTimeout(100)
  // The stall begins here, however late a busy machine comes to it.
  const from = clock()
  const to = after(from, milliseconds(300))
  block(clock, to)
  await all
  inOrder(events, due)
  const stalled = events.filter(({ intendedAt }) => intendedAt > from && intendedAt < to)
  assert.ok(stalled.length > 500, `${stalled.length} fell due in the stall`)
  for (const { sentAt } of stalled.slice(10)) assert.ok(sentAt >= to, 'nothing is published within the stall')
  assert.ok((publisher.lag.summary()?.max ?? 0) >= milliseconds(250))
})

test('a publisher that is behind lets the event loop turn between its events of one moment and the next', async t => {
  const due = dueOf(seconds(1))
  const { publisher, clock, all } = publishing(t, due.length)
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  t.after(() => clearInterval(timer))
  publisher.start(due, clock(), clock())
  await all
  assert.ok(turns > 20, `${turns} turns in a second`)
})

test('a publisher that is stopped publishes nothing more', async t => {
  const due = dueOf(seconds(60))
  const { publisher, clock, events, all } = publishing(t, 100)
  publisher.start(due, clock(), clock())
  await all
  publisher.stop()
  const { length } = events
  const next = due[length]
  assert.ok(next)
  // Far beyond the next event's time by the clock, and beyond any wake-up that was on its way.
  const until = after(clock(), milliseconds(50))
  await new Promise<void>(resolve => {
    const look = (): void => void (clock() > until ? resolve() : setImmediate(look))
    look()
  })
  assert.equal(events.length, length)
  assert.equal(publisher.published, length)
})

test('a publisher that is stopped too late says so, and one that is stopped again later goes on until then', async t => {
  const due = dueOf()
  const { publisher, clock, events, all } = publishing(t, 300)
  const startAt = clock()
  publisher.start(due, startAt, startAt)
  await all
  const last = events.at(-1)?.intendedAt ?? startAt
  const halted = publisher.stopAt(startAt)
  assert.ok(halted > last && halted <= last + 1, `halted at ${halted}, published at ${last}`)
  const { length } = events
  block(clock, after(clock(), milliseconds(30)))
  const until = after(last, milliseconds(20))
  assert.equal(publisher.stopAt(until), until)
  const expected = due.filter(({ at }) => startAt + at < until).length
  assert.ok(expected > length)
  await eventually(() => events.length >= expected, 'the events of the time between')
  inOrder(events, due.slice(0, expected))
  assert.equal(publisher.published, expected)
})

test('a schedule without an event, and a stop before a start, do no harm', async t => {
  const { publisher, clock, events } = publishing(t, 1)
  publisher.start([], clock(), clock())
  publisher.stop()
  publisher.stop()
  assert.equal(publisher.published, 0)
  assert.equal(publisher.lag.summary(), null)
  assert.deepEqual(events, [])
})
