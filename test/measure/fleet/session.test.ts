import assert from 'node:assert/strict'
import { mock, type TestContext, test } from 'node:test'
import { Session, silentLooks } from '../../../measure/fleet/session.ts'
import { backoffOf } from '../../../model/backoff.ts'
import type { PushEvent } from '../../../model/event.ts'
import { type Loss, LossError } from '../../../model/loss.ts'
import type { ClientSink, PausableClient } from '../../../model/technique.ts'
import { instant, milliseconds, seconds } from '../../../model/units.ts'

const refused: Loss = { cause: 'refused', detail: 'nobody there' }
const reset: Loss = { cause: 'reset', detail: 'gone' }
const exponential = backoffOf('exponential', { base: seconds(1), cap: seconds(4) })
const event = (seq: number): PushEvent => ({ seq, intendedAt: instant(0), sentAt: instant(0), payload: '' })

/** A client whose attempts end as its script says; beyond the script they succeed. */
class Scripted implements PausableClient {
  readonly cursors: number[] = []
  sink: ClientSink | undefined
  closed = 0
  paused = false
  /** Attempts that its session announced. */
  announced = 0
  readonly #script: ((sink: ClientSink) => Promise<void>)[]

  constructor(...script: ((sink: ClientSink) => Promise<void>)[]) {
    this.#script = script
  }

  get attempts(): number {
    return this.cursors.length
  }

  connect(sink: ClientSink): Promise<void> {
    this.cursors.push(sink.cursor)
    this.sink = sink
    return (this.#script.shift() ?? (async () => {}))(sink)
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
  }

  async close(): Promise<void> {
    this.closed++
  }
}

const fails = async (): Promise<never> => {
  throw new LossError(refused)
}

/** A session over a scripted client, with what its observer heard, in order. */
function sessionOf(
  client: Scripted,
  backoff = exponential,
  random = () => 0.5,
  attemptTimeout = seconds(3_600),
) {
  const reported: string[] = []
  const session = new Session(
    client,
    { backoff, random, attemptTimeout },
    {
      attempt: () => {
        client.announced++
      },
      moves: () => reported.push('moves'),
      opens: () => {},
      moved: () => reported.push('moved'),
      event: (_, { seq }) => reported.push(`event ${seq}`),
      overrun: (_, { first, last }) => reported.push(`overrun ${first}-${last}`),
      response: (_, empty) => reported.push(empty ? 'empty' : 'response'),
      up: (_, again) => reported.push(again ? 'up again' : 'up'),
      down: (_, { cause }) => reported.push(`down: ${cause}`),
    },
    null,
  )
  return { session, reported }
}

/** Lets promises that are resolved run; timers stand still meanwhile. */
const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

function mockTimers(context: TestContext): void {
  mock.timers.enable({ apis: ['setTimeout'] })
  context.after(() => mock.timers.reset())
}

/** How long the session waits before its next attempt, in milliseconds; undefined when it makes none within a minute. */
async function nextAttempt(client: Scripted): Promise<number | undefined> {
  const { announced } = client
  for (let waited = 1; waited <= 60_000; waited++) {
    mock.timers.tick(1)
    if (client.announced > announced) {
      await settle()
      return waited
    }
  }
  return undefined
}

test('a session passes on what its client reports', async t => {
  mockTimers(t)
  const client = new Scripted()
  const { session, reported } = sessionOf(client)
  await session.start()
  client.sink?.event(event(1))
  client.sink?.response(false)
  client.sink?.response(true)
  client.sink?.overrun({ first: 2, last: 4 })
  client.sink?.lost(reset)
  await nextAttempt(client)
  assert.deepEqual(reported, ['up', 'event 1', 'response', 'empty', 'overrun 2-4', 'down: reset', 'up again'])
})

test('a session that pauses keeps what still comes, in order, until it reads again', async t => {
  mockTimers(t)
  const client = new Scripted()
  const { session, reported } = sessionOf(client)
  await session.start()
  session.pause()
  assert.equal(client.paused, true)
  client.sink?.event(event(1))
  client.sink?.overrun({ first: 2, last: 4 })
  client.sink?.lost(reset)
  assert.deepEqual(reported, ['up'])
  // An answer that was on its way moves the cursor: the next request must not ask for its events again.
  assert.equal(session.cursor, 4)
  session.resume()
  assert.equal(client.paused, false)
  assert.deepEqual(reported, ['up', 'event 1', 'overrun 2-4', 'down: reset'])
  assert.equal(await nextAttempt(client), 1_000)
  client.sink?.event(event(5))
  assert.deepEqual(reported.slice(4), ['up again', 'event 5'])
})

test('a session that pauses does not take its own silence for a lost connection', async t => {
  mockTimers(t)
  const client = new Scripted()
  const { session, reported } = sessionOf(client)
  await session.start()
  const look = (times: number): void => {
    for (let at = 0; at < times; at++) session.look()
  }
  look(silentLooks - 1)
  session.pause()
  look(2 * silentLooks)
  session.resume()
  look(silentLooks)
  await settle()
  assert.deepEqual(reported, ['up'])
  look(1)
  await settle()
  assert.deepEqual(reported, ['up', 'down: timeout'])
})

test('a client that comes back asks for what lies after the newest event it saw, or knows to be gone', async t => {
  mockTimers(t)
  const client = new Scripted()
  const { session } = sessionOf(client)
  await session.start()
  for (const seq of [1, 2, 5, 4]) client.sink?.event(event(seq))
  client.sink?.lost(reset)
  await nextAttempt(client)
  client.sink?.overrun({ first: 6, last: 9 })
  client.sink?.overrun({ first: 2, last: 3 })
  client.sink?.lost(reset)
  await nextAttempt(client)
  assert.deepEqual(client.cursors, [0, 5, 9])
})

test('waits grow by the backoff up to its cap, and start over after a success', async t => {
  mockTimers(t)
  const client = new Scripted(fails, fails, fails, fails)
  const { session, reported } = sessionOf(client)
  await session.start()
  const waits: (number | undefined)[] = []
  for (let attempt = 0; attempt < 4; attempt++) waits.push(await nextAttempt(client))
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 4_000])
  assert.deepEqual(reported, ['down: refused', 'down: refused', 'down: refused', 'down: refused', 'up'])
  client.sink?.lost(reset)
  assert.equal(await nextAttempt(client), 1_000)
})

test('the backoff is drawn from the random numbers of the client', async t => {
  mockTimers(t)
  const client = new Scripted(fails, fails)
  const { session } = sessionOf(client, { ...exponential, name: 'full-jitter' }, () => 0.25)
  await session.start()
  assert.deepEqual([await nextAttempt(client), await nextAttempt(client)], [250, 500])
})

test('a policy that obeys the server waits as asked, until the server asks for another delay', async t => {
  mockTimers(t)
  const client = new Scripted()
  const { session } = sessionOf(client, backoffOf('eventsource'))
  await session.start()
  client.sink?.retryAfter(milliseconds(70))
  client.sink?.lost(reset)
  assert.equal(await nextAttempt(client), 70)
  client.sink?.lost(reset)
  assert.equal(await nextAttempt(client), 70)
  client.sink?.retryAfter(milliseconds(30))
  client.sink?.lost(reset)
  assert.equal(await nextAttempt(client), 30)
})

test('a delay that a server asks for once applies once', async t => {
  mockTimers(t)
  const client = new Scripted()
  const { session } = sessionOf(client, backoffOf('eventsource'))
  await session.start()
  client.sink?.retryAfter(milliseconds(70), true)
  client.sink?.lost(reset)
  assert.equal(await nextAttempt(client), 70)
  client.sink?.lost(reset)
  assert.equal(await nextAttempt(client), 3_000)
})

test('a policy that does not obey the server keeps its own delay', async t => {
  mockTimers(t)
  const client = new Scripted()
  const { session } = sessionOf(client)
  await session.start()
  client.sink?.retryAfter(milliseconds(70))
  client.sink?.lost(reset)
  assert.equal(await nextAttempt(client), 1_000)
})

test('a policy that draws from its previous delay gets it, and starts over after a success', async t => {
  mockTimers(t)
  const client = new Scripted(fails, fails)
  // At the upper end of each draw: 3 times the base, then 3 times that.
  const { session } = sessionOf(client, backoffOf('decorrelated', { base: seconds(1) }), () => 0.999_999)
  await session.start()
  assert.deepEqual([await nextAttempt(client), await nextAttempt(client)], [3_000, 9_000])
  client.sink?.lost(reset)
  assert.equal(await nextAttempt(client), 3_000)
})

test('an attempt that takes too long is given up, closed and repeated by the backoff', async t => {
  mockTimers(t)
  const client = new Scripted(() => new Promise(() => {}))
  const { session, reported } = sessionOf(client, exponential, () => 0.5, milliseconds(300))
  const started = session.start()
  mock.timers.tick(299)
  await settle()
  assert.equal(client.closed, 0)
  mock.timers.tick(1)
  await started
  assert.equal(client.closed, 1)
  assert.equal(await nextAttempt(client), 1_000)
  assert.deepEqual(reported, ['down: timeout', 'up'])
  assert.equal(client.announced, 2)
})

test('a connection that is silent for longer than its technique allows is given up; heartbeats count', async t => {
  mockTimers(t)
  const client = new Scripted()
  const { session, reported } = sessionOf(client)
  await session.start()
  const signs = [
    () => client.sink?.event(event(1)),
    () => client.sink?.response(true),
    () => client.sink?.alive(),
  ]
  for (const sign of signs) {
    for (let look = 0; look < silentLooks; look++) session.look()
    sign()
  }
  for (let look = 0; look < silentLooks; look++) session.look()
  await settle()
  assert.equal(client.closed, 0)
  session.look()
  await settle()
  assert.equal(client.closed, 1)
  session.look()
  assert.equal(await nextAttempt(client), 1_000)
  assert.deepEqual(reported, ['up', 'event 1', 'empty', 'down: timeout', 'up again'])
})

test('a connection that a client opens by itself is a move; the one that an attempt opens was reported with it', async t => {
  mockTimers(t)
  const opens = async (sink: ClientSink): Promise<void> => {
    sink.opening()
    sink.opened()
  }
  const client = new Scripted(opens, opens)
  const { session, reported } = sessionOf(client)
  await session.start()
  assert.deepEqual([client.announced, reported], [1, ['up']])
  client.sink?.opening()
  client.sink?.opened()
  client.sink?.opened()
  client.sink?.opening()
  client.sink?.lost(refused)
  await nextAttempt(client)
  client.sink?.opened()
  assert.deepEqual(reported, ['up', 'moves', 'moved', 'moves', 'down: refused', 'up again'])
  assert.equal(client.announced, 2)
})

test('each connection of an attempt counts, the first with the attempt', async t => {
  mockTimers(t)
  const client = new Scripted(async sink => {
    sink.opening()
    sink.opening()
  })
  const { session, reported } = sessionOf(client)
  await session.start()
  assert.deepEqual([client.announced, reported], [2, ['up']])
})

test('a connection that stands when an attempt begins does not hide the next one', async t => {
  mockTimers(t)
  const client = new Scripted()
  const { session, reported } = sessionOf(client)
  await session.start()
  client.sink?.opening()
  assert.deepEqual([client.announced, reported], [1, ['up', 'moves']])
})

test('an orderly end is reported and reconnected like any loss', async t => {
  mockTimers(t)
  const client = new Scripted()
  const { session, reported } = sessionOf(client)
  await session.start()
  client.sink?.lost({ cause: 'closed', detail: 'bye' })
  assert.equal(await nextAttempt(client), 1_000)
  assert.deepEqual(reported, ['up', 'down: closed', 'up again'])
})

test('a session that was closed while it waited never connects again', async t => {
  mockTimers(t)
  const client = new Scripted()
  const { session } = sessionOf(client)
  await session.start()
  client.sink?.lost(reset)
  await session.close()
  assert.equal(client.closed, 1)
  assert.equal(await nextAttempt(client), undefined)
})

test('a session that is closed reports no loss and never connects again', async t => {
  mockTimers(t)
  const client = new Scripted()
  const { session, reported } = sessionOf(client)
  await session.start()
  await session.close()
  client.sink?.lost(reset)
  assert.equal(await nextAttempt(client), undefined)
  assert.deepEqual(reported, ['up'])
})

for (const [how, end] of [
  ['succeeds', async () => {}],
  ['fails', fails],
] as const) {
  test(`a session that is closed while an attempt is under way reports nothing when it ${how}`, async t => {
    mockTimers(t)
    const { promise, resolve } = Promise.withResolvers<void>()
    const client = new Scripted(() => promise.then(end))
    const { session, reported } = sessionOf(client)
    const started = session.start()
    await session.close()
    resolve()
    await started
    assert.equal(await nextAttempt(client), undefined)
    assert.deepEqual(reported, [])
  })
}

test('an error that is not a loss is a bug and is thrown', async t => {
  mockTimers(t)
  const { session, reported } = sessionOf(
    new Scripted(async () => {
      throw new TypeError('a mistake')
    }),
  )
  await assert.rejects(session.start(), new TypeError('a mistake'))
  assert.deepEqual(reported, [])
})

test('an error that is not a loss is thrown from a later attempt too', async t => {
  mockTimers(t)
  const client = new Scripted(fails, async () => {
    throw new TypeError('a later mistake')
  })
  const { session } = sessionOf(client)
  // The test runner listens too; while this test looks for the error, it is the only one to.
  const listeners = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  t.after(() => {
    for (const listener of listeners) process.on('unhandledRejection', listener)
  })
  const surfaced = new Promise(resolve => process.once('unhandledRejection', resolve))
  await session.start()
  await nextAttempt(client)
  assert.deepEqual(await surfaced, new TypeError('a later mistake'))
})

test('a connection that is lost in the moment in which it is made was up and then down', async t => {
  // A response whose head and end come in one packet: the client resolves its connect and reports the loss at once.
  mockTimers(t)
  const client = new Scripted(async sink => {
    queueMicrotask(() => sink.lost({ cause: 'closed', detail: 'ended at once' }))
  })
  const together = new Scripted(
    sink =>
      new Promise(resolve => {
        resolve()
        sink.lost({ cause: 'closed', detail: 'ended at once' })
      }),
  )
  for (const each of [client, together]) {
    const { session, reported } = sessionOf(each)
    await session.start()
    await settle()
    assert.deepEqual(reported, ['up', 'down: closed'])
    await session.close()
  }
})
