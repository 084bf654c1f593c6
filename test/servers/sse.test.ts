import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { milliseconds } from '../../model/units.ts'
import { sse } from '../../servers/sse.ts'
import type { RawConnection } from '../raw-connection.ts'
import { serve, textOf } from '../served.ts'

/** The head of a stream, `Date` left out. Each write then travels as one chunk (RFC 9112 section 7.1). */
const head =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n' +
  'X-Accel-Buffering: no\r\nDate: \r\nConnection: keep-alive\r\nKeep-Alive: timeout=75\r\n' +
  'Transfer-Encoding: chunked\r\n\r\n'

const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

const frame = (seq: number): string => `id: ${seq}\ndata: ${textOf(seq)}\n\n`

/** Takes one chunk off the connection. */
async function nextChunk(raw: RawConnection): Promise<string> {
  const length = Number.parseInt(await raw.through('\r\n'), 16)
  return (await raw.bytes(length + 2)).subarray(0, -2).toString()
}

test('the head comes before any event, and each event is a chunk of id and data', async t => {
  const { connection, publish } = await serve(t, sse)
  const raw = await connection()
  raw.get('/events?stream=0&since=0', 'Accept: text/event-stream')
  assert.equal(await raw.response(), head)
  for (const seq of [1, 2]) {
    publish(seq)
    const expected = chunk(frame(seq))
    assert.equal((await raw.bytes(expected.length)).toString(), expected)
  }
  assert.equal(raw.rest, '')
})

test('retry: is the first line of a stream, in whole milliseconds', async t => {
  const { connection, publish } = await serve(t, sse, { settings: { retry: milliseconds(1_500.4) } })
  publish(1)
  const raw = await connection()
  raw.get('/events?stream=0&since=0')
  await raw.response()
  assert.equal(await nextChunk(raw), `retry: 1500\n\n${frame(1)}`)
})

test('what the log holds after since comes first', async t => {
  const { connection, publish } = await serve(t, sse)
  for (const seq of [1, 2, 3]) publish(seq)
  const raw = await connection()
  raw.get('/events?stream=0&since=1')
  await raw.response()
  assert.equal(await nextChunk(raw), frame(2) + frame(3))
})

test('a notice carries the id of the last event that is gone', async t => {
  const { connection, publish } = await serve(t, sse, { logEvents: 1 })
  for (const seq of [1, 2, 3]) publish(seq)
  const raw = await connection()
  raw.get('/events?stream=0&since=0')
  await raw.response()
  assert.equal(await nextChunk(raw), `id: 2\ndata: {"overrun":[1,2]}\n\n${frame(3)}`)
})

test('a heartbeat is a comment, and comes only after silence', async t => {
  const silenceMs = 80
  const { connection, publish } = await serve(t, sse, { settings: { heartbeat: milliseconds(silenceMs) } })
  const raw = await connection()
  raw.get('/events?stream=0&since=0')
  await raw.response()
  // On a busy machine a publication may itself come late; then a heartbeat before it is right.
  let publishedAt = 0
  let seq = 0
  const publisher = setInterval(() => {
    publish(++seq)
    publishedAt = performance.now()
    if (seq === 10) clearInterval(publisher)
  }, silenceMs / 4)
  t.after(() => clearInterval(publisher))
  const silences: number[] = []
  while (silences.length < 3 || seq < 10) {
    if ((await nextChunk(raw)) === ':\n\n') silences.push(performance.now() - publishedAt)
  }
  assert.ok(Math.min(...silences) >= silenceMs - 5, `after ${silences.join(', ')} ms of silence`)
})

test('heartbeat 0 sends none', async t => {
  const timersBefore = timers()
  const { connection } = await serve(t, sse, { settings: { heartbeat: milliseconds(0) } })
  const raw = await connection()
  raw.get('/events?stream=0&since=0')
  await raw.response()
  assert.equal(timers(), timersBefore)
})

test('closing ends every stream and stops the heartbeats', async t => {
  const timersBefore = timers()
  const { connection, server } = await serve(t, sse)
  const raw = await connection()
  raw.get('/events?stream=0&since=0')
  await raw.response()
  assert.equal(timers(), timersBefore + 1)
  await server.close()
  await raw.end()
  assert.equal(timers(), timersBefore)
})

test('closing does not wait for a client that will not hang up', async t => {
  const { server, url } = await serve(t, sse)
  const socket = connect({ port: Number(url.port), host: url.hostname, allowHalfOpen: true })
  t.after(() => socket.destroy())
  socket.on('error', () => {}).resume()
  socket.write('GET /events?stream=0&since=0 HTTP/1.1\r\nHost: test\r\n\r\n')
  await once(socket, 'data')
  await server.close()
  assert.equal(socket.destroyed, false, 'the client did not hang up')
})

const timers = (): number => process.getActiveResourcesInfo().filter(each => each === 'Timeout').length
