import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { methodOf } from '../../bench/method-of.ts'
import { postTypes } from '../../model/request.ts'
import { serverTechnique } from '../../model/technique.ts'
import { milliseconds, seconds } from '../../model/units.ts'
import { fetchStreaming } from '../../servers/fetch-streaming.ts'
import { Host } from '../../servers/http/host.ts'
import { longPolling } from '../../servers/long-polling.ts'
import { polling } from '../../servers/polling.ts'
import { sse } from '../../servers/sse.ts'
import { websocket } from '../../servers/websocket.ts'
import { eventually, type Served, serve } from '../served.ts'
import { known, streams } from '../streams.ts'

/** Drains a server; the window is short, or ends at once. */
const drained = ({ server }: Served, overMs = 0, retryAfterMs = 0): Promise<void> => {
  assert.ok(server.drain)
  return server.drain(milliseconds(overMs), milliseconds(retryAfterMs))
}

test('an event stream says when to come back, and ends', async t => {
  const served = await serve(t, sse)
  const raw = await served.connection()
  raw.get('/events?stream=0')
  await raw.through('\r\n\r\n')
  await Promise.all([drained(served, 0, 1_500), raw.end()])
  assert.equal(raw.rest, 'd\r\nretry: 1500\n\n\r\n0\r\n\r\n')
})

test('a stream without such words ends, and the answer to the next request says when to come back', async t => {
  const served = await serve(t, fetchStreaming)
  const raw = await served.connection()
  raw.get('/events?stream=0')
  const head = await raw.through('\r\n\r\n')
  assert.match(head, /^Connection: keep-alive\r$/m)
  const departed = drained(served, 0, 1_500)
  await raw.through('0\r\n\r\n')
  raw.get('/events?stream=0')
  const last = await raw.through('\r\n\r\n')
  assert.match(last, /^Connection: close\r$/m)
  assert.match(last, /^Retry-After: 2\r$/m)
  await Promise.all([departed, raw.end()])
})

for (const adapters of streams) {
  test(`${adapters.technique}: the end of the last response closes the connection at its turn`, async t => {
    const served = await serve(t, adapters.server, { settings: known(adapters, {}) })
    const [first, second] = [await served.connection(), await served.connection()]
    const method = await methodOf(served.url)
    for (const raw of [first, second]) {
      raw.request(method, '/events?stream=0')
      await raw.through('\r\n\r\n')
    }
    // The turn of the second, and all that is done to those that stay, comes after five minutes.
    const departed = drained(served, 600_000)
    await first.end()
    assert.match(first.rest, /(^|\r\n)0\r\n\r\n$/)
    assert.equal(served.server.subscribers, 1)
    second.close()
    await departed
  })
}

test('a held request is answered with nothing, for the last time', async t => {
  const served = await serve(t, longPolling)
  const raw = await served.connection()
  raw.get('/events?stream=0')
  await eventually(() => served.server.subscribers === 1, 'the request to be held')
  const departed = drained(served, 0, 3_000)
  const answer = await raw.response()
  assert.match(answer, /^HTTP\/1.1 200 OK\r\nConnection: close\r\nRetry-After: 3\r\n[\s\S]*\r\n\r\n\[\]$/)
  await Promise.all([departed, raw.end()])
})

test('a request that would be held is answered at once when its connection is to go', async t => {
  const served = await serve(t, longPolling)
  const [idle, waiting] = [await served.connection(), await served.connection()]
  idle.get('/events?stream=0&hold=0')
  assert.match(await idle.response(), /^Connection: keep-alive\r$/m)
  waiting.get('/events?stream=0')
  await eventually(() => served.server.subscribers === 1, 'the request to be held')
  const departed = drained(served)
  // The turn of the first was before that of the second.
  await waiting.response()
  idle.get('/events?stream=0')
  const answer = await idle.response()
  assert.match(answer, /^Connection: close\r$/m)
  assert.doesNotMatch(answer, /Retry-After/)
  await Promise.all([departed, idle.end()])
})

test('a poll is answered as ever until the turn of its connection has come', async t => {
  const served = await serve(t, polling)
  const [first, second] = [await served.connection(), await served.connection()]
  const kept = /^Connection: keep-alive\r$/m
  const ask = (raw: typeof first): Promise<string> => {
    raw.get('/events?stream=0')
    return raw.response()
  }
  assert.match(await ask(first), kept)
  assert.match(await ask(second), kept)
  // The turn of the second comes after half of the window.
  const departed = drained(served, 600_000, 1)
  let answer = await ask(first)
  while (kept.test(answer)) answer = await ask(first)
  assert.match(answer, /^Connection: close\r\nRetry-After: 1\r$/m)
  assert.match(await ask(second), kept)
  second.close()
  await departed
})

test('a WebSocket is closed for a service restart', async t => {
  const served = await serve(t, websocket)
  const socket = new WebSocket(`${served.url.href.replace('http', 'ws')}?stream=0`)
  await new Promise(resolve => socket.once('open', resolve))
  const closed = new Promise<unknown[]>(resolve => socket.once('close', (...close) => resolve(close)))
  await drained(served)
  const [code, reason] = await closed
  assert.deepEqual([code, String(reason)], [1012, 'service restart'])
  assert.equal(served.server.subscribers, 0)
})

/** A technique whose stream opens when a form has come whole; it sends one word, and another when it is dismissed. */
const posted = serverTechnique({
  ...sse,
  create: context =>
    new Host<ServerResponse>(context, host => ({
      methods: ['POST'],
      request({ topic, query, request }, response) {
        host.subscribe(topic, request.socket, response)
        response.write(`${query.get('word')} `)
      },
      dismiss: response => void response.end('bye'),
    })),
})

test('a stream that is asked for by a POST is dismissed once it is open, not before its body has come', async t => {
  const served = await serve(t, posted)
  const [raw, behind] = [await served.connection(), await served.connection()]
  const head = `POST /events?stream=0 HTTP/1.1\r\nHost: test\r\nContent-Type: ${postTypes.form}\r\nContent-Length: 10`
  raw.send(`${head}\r\n\r\nword=he`)
  behind.send(`${head}\r\n\r\nword=again`)
  await behind.through('again')
  const departed = drained(served, 0, 1_500)
  // The turn of the second comes after that of the first.
  await behind.through('bye')
  raw.send('llo')
  const answer = await raw.through('\r\n\r\n')
  assert.match(answer, /^Connection: close\r\nRetry-After: 2\r$/m)
  await raw.through('hello')
  await raw.through('bye')
  await Promise.all([departed, raw.end()])
})

test('a client that does not go is dropped', async t => {
  const served = await serve(t, sse, { settings: { stall: seconds(0) } })
  const socket = connect({ port: Number(served.url.port), host: served.url.hostname, allowHalfOpen: true })
  t.after(() => socket.destroy())
  socket.on('error', () => {}).write('GET /events?stream=0 HTTP/1.1\r\nHost: test\r\n\r\n')
  await eventually(() => served.server.subscribers === 1, 'the stream')
  await drained(served)
  assert.equal(served.server.subscribers, 0)
})
