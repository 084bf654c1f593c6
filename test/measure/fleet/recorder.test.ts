import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Recorder } from '../../../measure/fleet/recorder.ts'
import type { FleetCounts, Window } from '../../../measure/messages/fleet-counts.ts'
import { type Audience, streamOf } from '../../../model/audience.ts'
import type { PushEvent } from '../../../model/event.ts'
import { randomFor } from '../../../model/random.ts'
import { dueTimes, type ScheduleSpec } from '../../../model/schedule.ts'
import { type Instant, instant, micros } from '../../../model/units.ts'
import { mergeHistograms } from '../../../results/histogram.ts'

/** A recorder on a clock that a test turns. */
class Bench {
  now: Instant = instant(0)
  readonly recorder: Recorder
  readonly audience: Audience

  constructor(audience: Audience, from: number, to: number) {
    this.audience = audience
    this.recorder = new Recorder({
      clock: () => this.now,
      audience,
      delivery: 'log',
      pagesPerSession: 1,
      from,
      to,
    })
  }

  /** Delivers `event` to `client` at `at`. */
  deliver(client: number, event: PushEvent, at: number): void {
    this.now = instant(Math.max(this.now, at))
    this.recorder.event(this.recorder.client(client), event)
  }
}

const startAt = instant(1_000_000)
const window: Window = { from: instant(2_000_000), to: instant(7_000_000) }
const spec: ScheduleSpec = { seed: 1, arrivals: 'poisson', ratePerSecond: 400 }

/** The events of one stream that are published until the end of the window. */
function published(stream: number, schedule = spec, until: Instant = window.to): PushEvent[] {
  const events: PushEvent[] = []
  for (const at of dueTimes(schedule, stream)) {
    const intendedAt = instant(startAt + at)
    if (intendedAt >= until) break
    events.push({ seq: events.length + 1, intendedAt, sentAt: instant(intendedAt + 20), payload: '' })
  }
  return events
}

const inside = ({ intendedAt }: PushEvent, { from, to }: Window = window): boolean =>
  intendedAt >= from && intendedAt < to

for (const audience of [
  { kind: 'broadcast' },
  { kind: 'individual' },
  { kind: 'rooms', rooms: 2 },
] satisfies Audience[]) {
  test(`a ${audience.kind} that drops 3 %, duplicates 2 % and swaps 1 % is counted exactly`, () => {
    const bench = new Bench(audience, 5, 8)
    bench.recorder.open(window, spec, startAt)
    const expected = { expected: 0, delivered: 0, lost: 0, duplicated: 0, outOfOrder: 0 }
    for (let client = 5; client < 8; client++) {
      const random = randomFor(9, 'action', client)
      const events = published(streamOf(audience, client))
      const order: PushEvent[] = []
      for (let index = 0; index < events.length; index++) {
        const [event, next] = [events[index], events[index + 1]]
        if (event === undefined) continue
        const action = random()
        const counted = inside(event)
        if (counted) expected.expected++
        if (action < 0.03) {
          if (counted) expected.lost++
          continue
        }
        if (counted) expected.delivered++
        if (action < 0.05) {
          order.push(event, event)
          if (counted) expected.duplicated++
        } else if (action < 0.06 && next !== undefined) {
          order.push(next, event)
          index++
          if (counted) expected.outOfOrder++
          if (inside(next)) {
            expected.expected++
            expected.delivered++
          }
        } else order.push(event)
      }
      // The clock of a test may stand still: every client receives its whole stream at the end.
      for (const event of order) bench.deliver(client, event, window.to)
    }
    const { lost, delivered, duplicated, outOfOrder, ...counts } = bench.recorder.close()
    assert.deepEqual({ expected: counts.expected, delivered, lost, duplicated, outOfOrder }, expected)
    for (const count of Object.values(expected)) assert.ok(count > 0, 'every kind of fault occurred')
  })
}

const actions = fc.constantFrom('deliver', 'drop', 'duplicate', 'swap', 'overrun')

test('delivered and lost always add up to expected, and never exceed it', () => {
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.nat(1_000),
        clients: fc.integer({ min: 1, max: 4 }),
        individual: fc.boolean(),
        actions: fc.array(actions, { minLength: 1, maxLength: 60 }),
        cutAt: fc.option(fc.integer({ min: 2_000_000, max: 7_000_000 })),
      }),
      ({ seed, clients, individual, actions: choices, cutAt }) => {
        const schedule = { ...spec, seed, ratePerSecond: 20 }
        const bench = new Bench({ kind: individual ? 'individual' : 'broadcast' }, 0, clients)
        bench.recorder.open(window, schedule, startAt)
        for (let client = 0; client < clients; client++) {
          const events = published(individual ? client : 0, schedule)
          let held: PushEvent | undefined
          events.forEach((event, index) => {
            if (cutAt !== null && event.intendedAt >= cutAt) return
            const action = choices[(index + client) % choices.length]
            if (action === 'drop') return
            if (action === 'overrun') {
              bench.recorder.overrun(bench.recorder.client(client), { first: event.seq, last: event.seq })
              return
            }
            if (action === 'swap' && held === undefined) {
              held = event
              return
            }
            bench.deliver(client, event, event.intendedAt + 500)
            if (action === 'duplicate') bench.deliver(client, event, event.intendedAt + 600)
            if (held !== undefined) bench.deliver(client, held, event.intendedAt + 700)
            held = undefined
          })
        }
        if (cutAt !== null) bench.recorder.open({ from: window.from, to: instant(cutAt) }, schedule, startAt)
        const { expected, delivered, lost } = bench.recorder.close()
        assert.equal(delivered + lost, expected)
      },
    ),
    { seed: 1, numRuns: 200 },
  )
})

test('events of the warm-up and after the window are received but not counted', () => {
  const bench = new Bench({ kind: 'broadcast' }, 0, 1)
  bench.recorder.open(window, spec, startAt)
  const late = instant(window.to + 1_000_000)
  const events = published(0, spec, late)
  for (const event of events) bench.deliver(0, event, event.intendedAt + 100)
  const counts = bench.recorder.close()
  const counted = events.filter(event => inside(event)).length
  assert.ok(counted < events.length)
  assert.equal(bench.recorder.received, events.length)
  assert.deepEqual([counts.expected, counts.delivered, counts.lost], [counted, counted, 0])
  assert.equal(counts.latency.count, counted)
})

test('what comes once the buffer of the link is released was held back, and is neither delivered nor lost', () => {
  const bench = new Bench({ kind: 'broadcast' }, 0, 1)
  const heldFrom = instant(window.to + 1_000_000)
  bench.recorder.open(window, spec, startAt, heldFrom)
  const events = published(0, spec, instant(window.to + 500_000)).filter(({ seq }) => seq % 10 !== 0)
  const counted = events.filter(event => inside(event))
  for (const [index, event] of events.entries()) {
    if (index < 10 + events.indexOf(counted[0] as PushEvent)) bench.deliver(0, event, event.intendedAt + 100)
    else bench.deliver(0, event, heldFrom + index)
  }
  const counts = bench.recorder.close()
  assert.deepEqual([counts.delivered, counts.heldBack], [10, counted.length - 10])
  assert.equal(counts.lost, counts.expected - counted.length)
  assert.equal(counts.latency.count, 10)
})

test('a run is complete when the last of what was held back has come', () => {
  const bench = new Bench({ kind: 'broadcast' }, 0, 1)
  const heldFrom = instant(window.to + 1_000_000)
  bench.recorder.open(window, spec, startAt, heldFrom)
  for (const event of published(0)) {
    assert.equal(bench.recorder.complete, false)
    bench.deliver(
      0,
      event,
      inside(event) && event.seq % 2 === 0 ? event.intendedAt + 100 : heldFrom + event.seq,
    )
  }
  assert.ok(bench.recorder.complete)
})

test('an event due at the first instant of the window counts, one due at its end does not', () => {
  const periodic: ScheduleSpec = { seed: 1, arrivals: 'periodic', ratePerSecond: 4 }
  const events = published(0, periodic, instant(10_000_000))
  const [first, last] = [events[3], events[11]]
  assert.ok(first && last)
  const exact: Window = { from: first.intendedAt, to: last.intendedAt }
  const bench = new Bench({ kind: 'broadcast' }, 0, 1)
  bench.recorder.open(exact, periodic, startAt)
  for (const event of events) bench.deliver(0, event, event.intendedAt)
  const { expected, delivered, lost } = bench.recorder.close()
  assert.deepEqual({ expected, delivered, lost }, { expected: 8, delivered: 8, lost: 0 })
})

test('an event of the window that comes after its end still counts, with its whole latency', () => {
  const bench = new Bench({ kind: 'broadcast' }, 0, 1)
  bench.recorder.open(window, spec, startAt)
  const event = published(0).filter(each => inside(each))[0]
  assert.ok(event)
  bench.deliver(0, event, window.to + 3_000_000)
  const counts = bench.recorder.close()
  assert.equal(counts.delivered, 1)
  assert.equal(counts.latency.max, window.to + 3_000_000 - event.intendedAt)
  assert.equal(counts.service.max, window.to + 3_000_000 - event.sentAt)
})

test('latency counts from the intended instant and service time from the actual publication', () => {
  const bench = new Bench({ kind: 'individual' }, 0, 1)
  bench.recorder.open(window, spec, startAt)
  const [event] = published(0).filter(each => inside(each))
  assert.ok(event)
  bench.deliver(0, { ...event, sentAt: instant(event.intendedAt + 700) }, event.intendedAt + 1_000)
  const counts = bench.recorder.close()
  assert.equal(mergeHistograms([counts.latency]).mean, 1_000)
  assert.equal(mergeHistograms([counts.service]).mean, 300)
})

/** A run that was cut at an instant before which everything was received as it was due. */
function cutShort(at: number): FleetCounts {
  const bench = new Bench({ kind: 'broadcast' }, 0, 2)
  bench.recorder.open(window, spec, startAt)
  for (const event of published(0)) {
    if (event.intendedAt >= at) break
    for (const client of [0, 1]) bench.deliver(client, event, event.intendedAt + 10)
  }
  bench.recorder.open({ from: window.from, to: instant(at) }, spec, startAt)
  return bench.recorder.close()
}

test('a window that is cut short expects only what was due before the cut', () => {
  const { expected, delivered, lost, latency } = cutShort(4_000_000)
  const due = published(0).filter(event =>
    inside(event, { from: window.from, to: instant(4_000_000) }),
  ).length
  assert.deepEqual([expected, delivered, lost], [2 * due, 2 * due, 0])
  assert.equal(latency.count, 2 * due)
})

test('a window that is cut before it opened expects nothing', () => {
  const { expected, delivered, lost } = cutShort(window.from)
  assert.deepEqual([expected, delivered, lost], [0, 0, 0])
})

test('an overrun counts only what is due in the window, and those events are lost', () => {
  const bench = new Bench({ kind: 'broadcast' }, 0, 1)
  bench.recorder.open(window, spec, startAt)
  const events = published(0)
  const first = events.findIndex(event => inside(event)) + 1
  bench.recorder.overrun(bench.recorder.client(0), { first: 1, last: first + 9 })
  for (const event of events.slice(first + 9)) bench.deliver(0, event, event.intendedAt)
  const { overrun, lost, expected, delivered } = bench.recorder.close()
  assert.equal(overrun, 10)
  assert.equal(lost, 10)
  assert.equal(delivered, expected - 10)
})

test('everything has come once the last expected delivery was made, and not before', () => {
  const bench = new Bench({ kind: 'individual' }, 0, 2)
  assert.equal(bench.recorder.complete, false, 'before the window is known')
  bench.recorder.open(window, spec, startAt)
  const all = [0, 1].flatMap(client => published(client).map(event => ({ client, event })))
  const last = all.pop()
  assert.ok(last)
  for (const { client, event } of all) bench.deliver(client, event, event.intendedAt)
  assert.equal(bench.recorder.complete, false)
  bench.deliver(last.client, last.event, window.to)
  assert.equal(bench.recorder.complete, true)
})

test('responses and reconnects count within the window only, failures by their cause', () => {
  const bench = new Bench({ kind: 'broadcast' }, 0, 1)
  const client = bench.recorder.client(0)
  client.startedAt = instant(100)
  bench.now = instant(400)
  bench.recorder.up(client, false)
  bench.recorder.open(window, spec, startAt)
  const once = (at: number): void => {
    bench.now = instant(at)
    bench.recorder.response(client, true)
    bench.recorder.response(client, false)
    bench.recorder.down(client, { cause: 'reset', detail: `reset at ${at}` })
    assert.equal(bench.recorder.connected, 0)
    bench.recorder.down(client, { cause: 'refused', detail: `refused at ${at}` })
    assert.equal(bench.recorder.connected, 0, 'a failed attempt takes nobody away')
    bench.recorder.up(client, true)
    assert.equal(bench.recorder.connected, 1)
    bench.recorder.down(client, { cause: 'closed', detail: 'an orderly end' })
    bench.recorder.up(client, true)
  }
  for (const at of [window.from - 1, window.from, window.to - 1, window.to]) once(at)
  const counts = bench.recorder.close()
  assert.deepEqual(counts.responses, [[client.stream, 4, 2]])
  assert.equal(counts.reconnects, 4)
  assert.deepEqual(counts.errors, { refused: 4, reset: 4, timeout: 0, protocol: 0, status: 0 })
  assert.equal(counts.errorDetails['reset'], `reset at ${window.from - 1}`)
  assert.equal(counts.connect.count, 1)
  assert.equal(counts.connect.max, 300)
})

test('the clients connected are those of the moment at which the window opened', () => {
  const bench = new Bench({ kind: 'broadcast' }, 0, 3)
  bench.recorder.open(window, spec, startAt)
  bench.recorder.up(bench.recorder.client(0), false)
  bench.recorder.up(bench.recorder.client(1), false)
  bench.now = window.from
  bench.recorder.tick()
  bench.recorder.up(bench.recorder.client(2), false)
  bench.recorder.down(bench.recorder.client(0), { cause: 'closed', detail: '' })
  bench.recorder.down(bench.recorder.client(1), { cause: 'closed', detail: '' })
  assert.equal(bench.recorder.close().connected, 2)
})

test('a client between two streams had been connected', () => {
  const bench = new Bench({ kind: 'broadcast' }, 0, 3)
  bench.recorder.open(window, spec, startAt)
  bench.recorder.up(bench.recorder.client(0), false)
  bench.recorder.up(bench.recorder.client(1), false)
  bench.recorder.down(bench.recorder.client(0), { cause: 'closed', detail: '' })
  bench.now = window.from
  bench.recorder.tick()
  bench.recorder.up(bench.recorder.client(2), false)
  const { connected, everConnected } = bench.recorder.close()
  assert.deepEqual([connected, everConnected], [1, 2])
})

test('the timeline of a recorder counts every first delivery at the instant at which it came', () => {
  const bench = new Bench({ kind: 'broadcast' }, 0, 1)
  bench.recorder.open(window, spec, startAt)
  const events = published(0)
  for (const event of events) {
    bench.deliver(0, event, event.intendedAt + 1_000)
    bench.deliver(0, event, event.intendedAt + 1_000)
  }
  bench.now = instant(window.to + 1_000_000)
  const { timeline } = bench.recorder.close()
  const sum = timeline.reduce((total, bin) => total + bin.delivered, 0)
  assert.equal(sum, events.length)
})

test('the spread of a shared stream runs from its first to its last receiver; an individual stream has none', () => {
  const shared = new Bench({ kind: 'broadcast' }, 0, 3)
  shared.recorder.open(window, spec, startAt)
  const [event] = published(0).filter(each => inside(each))
  assert.ok(event)
  for (const client of [0, 1, 2]) shared.deliver(client, event, event.intendedAt + 10 * (client + 1))
  assert.deepEqual(shared.recorder.close().spread, [
    [0, event.seq, event.intendedAt + 10, event.intendedAt + 30],
  ])
  const individual = new Bench({ kind: 'individual' }, 0, 1)
  individual.recorder.open(window, spec, startAt)
  individual.deliver(0, event, event.intendedAt + 10)
  assert.deepEqual(individual.recorder.close().spread, [])
})

test('a client of another client process is refused', () => {
  const bench = new Bench({ kind: 'broadcast' }, 5, 8)
  for (const client of [4, 8]) assert.throws(() => bench.recorder.client(client), RangeError)
})

test('the counts of a client process are plain JSON', () => {
  const bench = new Bench({ kind: 'broadcast' }, 0, 1)
  bench.recorder.open(window, spec, startAt)
  for (const event of published(0)) bench.deliver(0, event, event.intendedAt + 0.5)
  const counts = bench.recorder.close()
  assert.deepEqual(JSON.parse(JSON.stringify(counts)), counts)
  assert.equal(micros(counts.latency.min), 0.5)
})
