/**
 * The delivery semantics: what a topic promises, against a naive model; and every technique of the registry
 * under each of them, with its own client adapter over real sockets.
 */
import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { clients } from '../../clients/index.ts'
import { type Delivery, deliveries } from '../../model/delivery.ts'
import type { Overrun } from '../../model/event.ts'
import type { Settings } from '../../model/settings.ts'
import type { ClientTechnique, ServerTechnique } from '../../model/technique.ts'
import { after, type Instant, instant, micros } from '../../model/units.ts'
import { entryOf } from '../../servers/http/log.ts'
import { sessionIdle, Topic, Topics } from '../../servers/http/topic.ts'
import { servers } from '../../servers/index.ts'
import { clientOf, RecordingSink } from '../recording-sink.ts'
import { eventOf, eventually, type Served, serve } from '../served.ts'

interface Model {
  publish(seq: number): void
  /** What is taken by a client that saw `cursor` last. */
  take(cursor: number, most: number): { overrun: Overrun | null; seqs: number[] }
}

const overrunOf = (missed: readonly number[]): Overrun | null =>
  missed.length === 0 ? null : { first: missed[0] ?? 0, last: missed.at(-1) ?? 0 }

/** Each promise in the plainest words that an array has for it. */
const models: Record<Delivery, (capacity: number) => Model> = {
  log(capacity) {
    const all: number[] = []
    return {
      publish: seq => void all.push(seq),
      take(cursor, most) {
        const wanted = all.filter(seq => seq > cursor)
        const kept = all.slice(-capacity).filter(seq => seq > cursor)
        return {
          overrun: overrunOf(wanted.filter(seq => !kept.includes(seq))),
          seqs: kept.slice(0, most),
        }
      },
    }
  },
  'last-value'() {
    const all: number[] = []
    return {
      publish: seq => void all.push(seq),
      take: cursor => ({ overrun: null, seqs: all.slice(-1).filter(seq => seq > cursor) }),
    }
  },
  'session-queue'(capacity) {
    let queue: number[] = []
    let dropped: number[] = []
    return {
      publish(seq) {
        queue.push(seq)
        if (queue.length > capacity) dropped.push(queue.shift() ?? 0)
      },
      take(_, most) {
        const taken = { overrun: overrunOf(dropped), seqs: queue.slice(0, most) }
        dropped = []
        queue = queue.slice(most)
        return taken
      },
    }
  },
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('publish' as const) }),
  fc.record({ kind: fc.constant('take' as const), back: fc.nat(12), most: fc.integer({ min: 1, max: 5 }) }),
)

for (const delivery of deliveries) {
  test(`a topic with ${delivery} delivery gives what its model gives, whatever is published and taken`, () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 60 }), (capacity, steps) => {
        const topic = new Topic<never>(delivery, capacity)
        const model = models[delivery](capacity)
        let last = 0
        for (const each of steps) {
          if (each.kind === 'publish') {
            topic.append(entryOf(eventOf(++last)))
            model.publish(last)
            continue
          }
          const cursor = Math.max(0, last - each.back)
          const expected = model.take(cursor, each.most)
          assert.equal(topic.pending(cursor), expected.seqs.length > 0)
          const { overrun, entries } = topic.take(cursor, each.most)
          assert.deepEqual({ overrun, seqs: entries.map(({ event }) => event.seq) }, expected)
        }
      }),
    )
  })
}

/** Which of the pages a, b and c of a session or a stream get each of four events, and what is pending after each. */
function takersOf(
  delivery: Delivery,
  ready: readonly string[],
  way: 'deliver' | 'wake',
): { takers: string[]; pending: boolean[] } {
  const topic = new Topic<string>(delivery, 10)
  for (const page of ['a', 'b', 'c']) topic.subscribers.add(page)
  const pending: boolean[] = []
  const takers = [1, 2, 3, 4].map(seq => {
    topic.append(entryOf(eventOf(seq)))
    const taken: string[] = []
    const take = (page: string): boolean => ready.includes(page) && taken.push(page) > 0
    if (way === 'wake') topic.wake(take)
    else assert.equal(topic.deliver(eventOf(seq), take), taken.length)
    pending.push(topic.pending(seq - 1))
    return taken.join('')
  })
  return { takers, pending }
}

const always = [true, true, true, true]
const never = [false, false, false, false]

test('an event is sent to all open connections that can take it, and stays in the log for the others', () => {
  assert.deepEqual(takersOf('log', ['a', 'c'], 'deliver'), {
    takers: ['ac', 'ac', 'ac', 'ac'],
    pending: always,
  })
  assert.deepEqual(takersOf('last-value', ['b'], 'deliver'), {
    takers: ['b', 'b', 'b', 'b'],
    pending: always,
  })
})

test('of a session one open connection takes an event, in turns, and it is gone from the queue with that', () => {
  const taken = (ready: readonly string[]) => takersOf('session-queue', ready, 'deliver')
  assert.deepEqual(taken(['a', 'b', 'c']), { takers: ['a', 'b', 'c', 'a'], pending: never })
  assert.deepEqual(taken(['c']), { takers: ['c', 'c', 'c', 'c'], pending: never })
  assert.deepEqual(taken([]), { takers: ['', '', '', ''], pending: always })
})

test('all held requests are woken, but one of a session, and what they answer with stays until they take it', () => {
  const woken = (delivery: Delivery) => takersOf(delivery, ['a', 'c'], 'wake')
  assert.deepEqual(woken('log'), { takers: ['ac', 'ac', 'ac', 'ac'], pending: always })
  assert.deepEqual(woken('session-queue'), { takers: ['a', 'a', 'a', 'a'], pending: always })
})

describe('the queue of a session that nobody asks for', () => {
  const left = instant(1_000)
  const tooLate = after(left, micros(sessionIdle + 1))
  /** Which sessions of stream 0 an event goes to that is published at `sentAt`. */
  const receivers = (topics: Topics<string>, seq: number, sentAt: Instant): Topic<string>[] => {
    const reached: Topic<string>[] = []
    topics.publish(0, { ...eventOf(seq), sentAt }, topic => void reached.push(topic))
    return reached
  }

  test('holds as many events as a log at the most', () => {
    const topics = new Topics<string>('session-queue', 3)
    const queue = topics.of(0, 'a')
    for (let seq = 1; seq <= 10; seq++) receivers(topics, seq, left)
    const { overrun, entries } = queue.take(0, 100)
    assert.deepEqual(
      entries.map(({ event }) => event.seq),
      [8, 9, 10],
    )
    assert.deepEqual(overrun, { first: 1, last: 7 })
  })

  test('is given up once it has gathered events for too long, and starts empty when a page asks again', () => {
    const topics = new Topics<string>('session-queue', 3)
    const [gone, stays] = [topics.of(0, 'gone'), topics.of(0, 'stays')]
    assert.deepEqual(receivers(topics, 1, left), [gone, stays])
    assert.deepEqual(receivers(topics, 2, after(left, sessionIdle)), [gone, stays])
    assert.equal(topics.of(0, 'stays'), stays)
    assert.deepEqual(receivers(topics, 3, tooLate), [stays])
    const again = topics.of(0, 'gone')
    assert.notEqual(again, gone)
    assert.equal(again.pending(0), false)
    assert.deepEqual(receivers(topics, 4, tooLate), [stays, again])
  })

  test('is kept while a page waits on it, and for the same time after the page has gone', () => {
    const topics = new Topics<string>('session-queue', 3)
    const queue = topics.of(0, 'a')
    assert.deepEqual(receivers(topics, 1, left), [queue])
    queue.subscribers.add('page')
    assert.deepEqual(receivers(topics, 2, tooLate), [queue])
    queue.subscribers.delete('page')
    assert.deepEqual(receivers(topics, 3, after(tooLate, sessionIdle)), [queue])
    assert.deepEqual(receivers(topics, 4, after(tooLate, micros(2 * sessionIdle))), [queue])
    assert.deepEqual(receivers(topics, 5, after(tooLate, micros(2 * sessionIdle + 1))), [])
  })

  for (const delivery of ['log', 'last-value'] as const) {
    test(`does not exist with ${delivery}: a stream is kept whether or not clients ask`, () => {
      const topics = new Topics<string>(delivery, 3)
      const stream = topics.of(0, '')
      assert.deepEqual(receivers(topics, 1, left), [stream])
      assert.deepEqual(receivers(topics, 2, tooLate), [stream])
    })
  }
})

/** A page on the server, connected; {@link leave} closes it. */
interface Page extends RecordingSink {
  leave(): Promise<void>
}

async function page(
  t: TestContext,
  { url }: Served,
  adapter: ClientTechnique,
  session: string,
): Promise<Page> {
  const at = new URL(url)
  at.searchParams.set('session', session)
  const settings = adapter.verifySettings
  const client = clientOf<Settings>(t, adapter, at, { random: 0.5, ...(settings && { settings }) })
  const sink = Object.assign(new RecordingSink(), { leave: () => client.close() })
  await client.connect(sink)
  return sink
}

const seqsOf = ({ events }: RecordingSink): number[] => events.map(({ seq }) => seq)
const adapters: Record<string, ClientTechnique> = clients

for (const [technique, server] of Object.entries(servers) as [string, ServerTechnique][]) {
  describe(technique, () => {
    const adapter = adapters[technique]
    assert.ok(adapter)

    test('with last-value gives a page that comes the newest event alone, and nothing older after it', async t => {
      const served = await serve(t, server, { delivery: 'last-value' })
      for (let seq = 1; seq <= 5; seq++) served.publish(seq)
      const sink = await page(t, served, adapter, '0')
      await eventually(() => sink.cursor === 5, 'the newest event')
      assert.deepEqual(seqsOf(sink), [5])
      for (let seq = 6; seq <= 25; seq++) served.publish(seq)
      await eventually(() => sink.cursor === 25, 'the newest event')
      const seqs = seqsOf(sink)
      assert.deepEqual(
        seqs,
        [...seqs].sort((a, b) => a - b),
      )
      assert.equal(new Set(seqs).size, seqs.length)
      assert.deepEqual([sink.overruns, sink.losses], [[], []])
    })

    test('with a session queue lets two pages of a session take events from each other, and none of another session', async t => {
      const served = await serve(t, server, { delivery: 'session-queue' })
      const [first, second, other] = [
        await page(t, served, adapter, '0'),
        await page(t, served, adapter, '0'),
        await page(t, served, adapter, '1'),
      ]
      const all = Array.from({ length: 20 }, (_, index) => index + 1)
      for (const seq of all) served.publish(seq)
      const both = (): number[] => [...seqsOf(first), ...seqsOf(second)].sort((a, b) => a - b)
      await eventually(() => both().length >= all.length && other.cursor === all.length, 'every event')
      assert.deepEqual(both(), all)
      assert.deepEqual(seqsOf(other), all)
      assert.deepEqual([first.losses, second.losses, other.overruns], [[], [], []])
    })

    test('with a session queue hands each event over once, and never again to the next page of the session', async t => {
      let handedOver = 0
      const observer = {
        handedOver: (_: unknown, __: unknown, receivers: number) => (handedOver += receivers),
      }
      const served = await serve(t, server, { delivery: 'session-queue', observer })
      const first = await page(t, served, adapter, '0')
      for (const seq of [1, 2, 3]) served.publish(seq)
      await eventually(() => first.cursor === 3, 'the first events')
      await first.leave()
      await eventually(() => served.server.subscribers === 0, 'the first page to be gone')
      const next = await page(t, served, adapter, '0')
      served.publish(4)
      await eventually(() => next.cursor === 4, 'the last event')
      assert.deepEqual([seqsOf(first), seqsOf(next), handedOver], [[1, 2, 3], [4], 4])
    })
  })
}
