/** Our servers with third-party clients, and third-party servers with our clients. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { createSession } from 'better-sse'
import { EventSource } from 'eventsource'
import FayeWebSocket from 'faye-websocket'
import { sse as sseClient } from '../../clients/sse.ts'
import { websocket as websocketClient } from '../../clients/websocket.ts'
import { SocketMeter } from '../../measure/messages/socket-meter.ts'
import { decodeMessage, type PushEvent } from '../../model/event.ts'
import { milliseconds } from '../../model/units.ts'
import { sse } from '../../servers/sse.ts'
import { websocket } from '../../servers/websocket.ts'
import { nastyPayloads } from '../../verify/payloads.ts'
import { VerifyProxy } from '../../verify/proxy.ts'
import { clientOf, RecordingSink } from '../recording-sink.ts'
import { eventOf, eventually, type Served, serve, textOf } from '../served.ts'

/** An event for each payload that is hard to carry. */
const events: readonly PushEvent[] = Object.values(nastyPayloads).map((payload, index) =>
  eventOf(index + 1, payload),
)

/** Publishes half of the events, has a client connect, and publishes the other half. */
async function publishAround({ server }: Served, connected: () => Promise<unknown>): Promise<void> {
  const half = Math.floor(events.length / 2)
  for (const event of events.slice(0, half)) server.publish(0, event)
  await connected()
  for (const event of events.slice(half)) server.publish(0, event)
}

const eventIn = (data: unknown): PushEvent | undefined => {
  const message = decodeMessage(String(data))
  return 'event' in message ? message.event : undefined
}

const socketUrl = (url: URL): string => `ws://${url.host}${url.pathname}?stream=0&since=0`

test('npm eventsource hears our event stream', async t => {
  const served = await serve(t, sse)
  const source = new EventSource(served.url)
  t.after(() => source.close())
  const heard: (PushEvent | undefined)[] = []
  source.addEventListener('message', ({ data }) => heard.push(eventIn(data)))
  await publishAround(served, () => new Promise(resolve => source.addEventListener('open', resolve)))
  await eventually(() => heard.length === events.length, 'every event')
  assert.deepEqual(heard, events)
})

test('npm eventsource resumes our event stream by Last-Event-ID', async t => {
  const served = await serve(t, sse, { settings: { retry: milliseconds(20) } })
  const proxy = await VerifyProxy.open(served.url)
  t.after(() => proxy.close())
  const source = new EventSource(proxy.url)
  t.after(() => source.close())
  const heard: [string, number | undefined][] = []
  source.addEventListener('message', ({ data, lastEventId }) => heard.push([lastEventId, eventIn(data)?.seq]))
  let errors = 0
  source.addEventListener('error', () => errors++)
  for (const seq of [1, 2, 3]) served.publish(seq)
  await eventually(() => heard.length === 3, 'three events')
  proxy.cut()
  await eventually(() => errors > 0, 'the connection to be lost')
  for (const seq of [4, 5]) served.publish(seq)
  await eventually(() => heard.length === 5, 'five events')
  served.publish(6)
  await eventually(() => heard.length === 6, 'six events')
  assert.deepEqual(
    heard,
    [1, 2, 3, 4, 5, 6].map(seq => [String(seq), seq]),
  )
})

const curlMissing = spawnSync('curl', ['--version']).error && 'curl is not installed'

test('curl -N hears our event stream line by line', { skip: curlMissing ?? false }, async t => {
  const served = await serve(t, sse)
  for (const seq of [1, 2]) served.publish(seq)
  const curl = spawn('curl', ['-sN', '-H', 'Last-Event-ID: 1', served.url.href], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => curl.kill())
  const lines: string[] = []
  createInterface(curl.stdout).on('line', line => lines.push(line))
  await eventually(() => lines.length === 3, 'the event that was missed')
  served.publish(3)
  await eventually(() => lines.length === 6, 'the event that is new')
  assert.deepEqual(lines, ['id: 2', `data: ${textOf(2)}`, '', 'id: 3', `data: ${textOf(3)}`, ''])
})

test('the client of faye-websocket hears our WebSocket server and answers its pings', async t => {
  const meter = new SocketMeter('server')
  t.after(() => meter.close())
  const served = await serve(t, websocket, { settings: { ping: milliseconds(500) } })
  const client = new FayeWebSocket.Client(socketUrl(served.url))
  t.after(() => client.close())
  const heard: (PushEvent | undefined)[] = []
  let closed = false
  client.on('message', ({ data }) => heard.push(eventIn(data)))
  client.on('close', () => {
    closed = true
  })
  await publishAround(served, () => new Promise(resolve => client.on('open', resolve)))
  await eventually(() => heard.length === events.length, 'every event')
  assert.deepEqual(heard, events)
  // A pong is six bytes; a client that left one unanswered would have been dropped at the next ping.
  const { toServer } = meter.bytes()
  await eventually(() => meter.bytes().toServer >= toServer + 2 * 6, 'two pongs')
  assert.equal(closed, false)
  assert.equal(served.server.subscribers, 1)
})

for (const compression of [false, true]) {
  const name = compression ? 'with compression' : 'without compression'
  test(`Node's own WebSocket hears our WebSocket server ${name}`, async t => {
    const served = await serve(t, websocket, { settings: { compression } })
    const client = new WebSocket(socketUrl(served.url))
    t.after(() => client.close())
    const heard: (PushEvent | undefined)[] = []
    client.addEventListener('message', ({ data }) => heard.push(eventIn(data)))
    await publishAround(served, () => new Promise(resolve => client.addEventListener('open', resolve)))
    await eventually(() => heard.length === events.length, 'every event')
    assert.deepEqual(heard, events)
    assert.equal(client.extensions.split(';')[0], compression ? 'permessage-deflate' : '')
  })
}

test('our SSE client hears a better-sse server and resumes there', async t => {
  const half = Math.floor(events.length / 2)
  const asked: string[] = []
  const url = await listening(
    t,
    createServer(async (request, response) => {
      const session = await createSession(request, response, { retry: 40 })
      asked.push(session.lastId)
      const last = Number(session.lastId)
      for (const { seq, intendedAt, sentAt, payload } of events.slice(last, last + half + 1)) {
        session.push([seq, intendedAt, sentAt, payload], 'message', String(seq))
      }
      if (last === 0) response.end()
    }),
  )
  const sink = new RecordingSink()
  const client = clientOf(t, sseClient, url)
  await client.connect(sink)
  await eventually(() => sink.losses.length > 0, 'the stream to end')
  await client.connect(sink)
  await eventually(() => sink.events.length === events.length, 'every event')
  assert.deepEqual(sink.events, events)
  assert.deepEqual(asked, ['', String(half + 1)])
  assert.deepEqual(sink.retries, [milliseconds(40), milliseconds(40)])
  assert.deepEqual(
    sink.losses.map(({ cause }) => cause),
    ['closed'],
  )
})

for (const headers of ['minimal', 'browser'] as const) {
  test(`our WebSocket client hears a faye-websocket server, with ${headers} headers`, async t => {
    const server = createServer()
    server.on('upgrade', (request, socket, head) => {
      const peer = new FayeWebSocket(request, socket, head)
      peer.on('open', () => {
        for (const { seq, payload } of events) peer.send(textOf(seq, payload))
        peer.close(1000)
      })
    })
    const sink = new RecordingSink()
    await clientOf(t, websocketClient, await listening(t, server), { headers }).connect(sink)
    await eventually(() => sink.losses.length > 0, 'the server to close')
    assert.deepEqual(sink.events, events)
    assert.deepEqual(
      sink.losses.map(({ cause }) => cause),
      ['closed'],
    )
  })
}

/** Starts a third-party server; closed with the test. */
async function listening(t: TestContext, server: Server): Promise<URL> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  })
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events`)
}
