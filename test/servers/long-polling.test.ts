import assert from 'node:assert/strict'
import { test } from 'node:test'
import { milliseconds } from '../../model/units.ts'
import { longPolling } from '../../servers/long-polling.ts'
import type { RawConnection } from '../raw-connection.ts'
import { eventually, serve, textOf } from '../served.ts'

/** Timers fire up to this much early by the clock that a test reads. */
const slackMs = 2

const ask = (raw: RawConnection, since: number, more = ''): void =>
  raw.get(`/events?stream=0&since=${since}${more}`)

const answer = async (raw: RawConnection): Promise<string | undefined> =>
  (await raw.response()).split('\r\n\r\n')[1]

test('a hold that runs out is answered with an empty array', async t => {
  const { connection, server } = await serve(t, longPolling, { settings: { hold: milliseconds(60) } })
  const raw = await connection()
  const askedAt = performance.now()
  ask(raw, 0)
  const body = await answer(raw)
  assert.equal(body, '[]')
  assert.ok(performance.now() - askedAt >= 60 - slackMs, 'not before the hold ran out')
  assert.equal(server.subscribers, 0)
})

test('hold=0 is answered at once', async t => {
  const { connection, server, publish } = await serve(t, longPolling)
  const raw = await connection()
  ask(raw, 0, '&hold=0')
  assert.equal(await answer(raw), '[]')
  publish(1)
  ask(raw, 0, '&hold=0')
  assert.equal(await answer(raw), `[${textOf(1)}]`)
  assert.equal(server.subscribers, 0)
})

test('a request behind the log is answered at once', async t => {
  const { connection, publish } = await serve(t, longPolling)
  publish(1)
  publish(2)
  const raw = await connection()
  ask(raw, 1)
  assert.equal(await answer(raw), `[${textOf(2)}]`)
})

test('flush immediate: a burst of three at an armed request takes two answers', async t => {
  const { connection, publish, server } = await serve(t, longPolling)
  const raw = await connection()
  ask(raw, 0)
  await eventually(() => server.subscribers === 1, 'the request to be held')
  for (const seq of [1, 2, 3]) publish(seq)
  assert.equal(await answer(raw), `[${textOf(1)}]`)
  assert.equal(raw.rest, '')
  ask(raw, 1)
  assert.equal(await answer(raw), `[${textOf(2)},${textOf(3)}]`)
})

test('flush coalesced: a burst of three at an armed request takes one answer', async t => {
  const { connection, publish, server } = await serve(t, longPolling, {
    settings: { flush: 'coalesced', coalesce: milliseconds(40) },
  })
  const raw = await connection()
  ask(raw, 0)
  await eventually(() => server.subscribers === 1, 'the request to be held')
  const publishedAt = performance.now()
  for (const seq of [1, 2, 3]) publish(seq)
  assert.equal(await answer(raw), `[${textOf(1)},${textOf(2)},${textOf(3)}]`)
  assert.ok(performance.now() - publishedAt >= 40 - slackMs, 'not before the gathering ended')
})

test('flush coalesced: gathering counts from the first event and is not prolonged by the next', async t => {
  const { connection, publish, server } = await serve(t, longPolling, {
    settings: { flush: 'coalesced', coalesce: milliseconds(60) },
  })
  const raw = await connection()
  ask(raw, 0)
  await eventually(() => server.subscribers === 1, 'the request to be held')
  let seq = 0
  const publisher = setInterval(() => publish(++seq), 10)
  t.after(() => clearInterval(publisher))
  assert.match((await answer(raw)) ?? '', /^\[\[1,/)
})

test('an event that meets a held request has waited for nothing', async t => {
  const waits: number[] = []
  const { connection, publish, server } = await serve(t, longPolling, {
    observer: { handedOver: (_, wait) => waits.push(wait) },
  })
  const raw = await connection()
  ask(raw, 0)
  await eventually(() => server.subscribers === 1, 'the request to be held')
  publish(1)
  await answer(raw)
  assert.deepEqual(waits, [0])
})

test('one event answers every request that is held, of its stream only', async t => {
  const { connection, publish, server } = await serve(t, longPolling)
  const [one, two, other] = [await connection(), await connection(), await connection()]
  ask(one, 0)
  ask(two, 0)
  other.get('/events?stream=1&since=0')
  await eventually(() => server.subscribers === 3, 'three requests to be held')
  publish(1)
  assert.equal(await answer(one), `[${textOf(1)}]`)
  assert.equal(await answer(two), `[${textOf(1)}]`)
  assert.equal(server.subscribers, 1)
  assert.equal(other.rest, '')
})

test('closing ends a held request and its timer', async t => {
  const timersBefore = timers()
  const { connection, server } = await serve(t, longPolling)
  const raw = await connection()
  ask(raw, 0)
  await eventually(() => server.subscribers === 1, 'the request to be held')
  await server.close()
  await raw.end()
  await eventually(() => server.subscribers === 0, 'no request to be held')
  // Fewer, where a timer of the test before has just ended.
  assert.ok(timers() <= timersBefore)
})

const timers = (): number => process.getActiveResourcesInfo().filter(each => each === 'Timeout').length
