import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { addRequests } from '../../../measure/derive/over-processes.ts'
import type { RequestSums } from '../../../measure/messages/server-counts.ts'
import { RequestMeter } from '../../../measure/server/request-meter.ts'

const marks = [
  { kind: 'dom', userAgent: 'jsdom/' },
  { kind: 'browser', userAgent: 'HeadlessChrome/' },
]

/** A meter and a server whose events are at `/events`; `send` resolves with the bytes that the server's socket read. */
async function metering(
  t: TestContext,
  upgrades = false,
): Promise<{ meter: RequestMeter; server: Server; send: (request: string) => Promise<number> }> {
  const meter = new RequestMeter(marks)
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.end())
  })
  if (upgrades) server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  meter.events(new URL(`http://127.0.0.1:${port}/events`))
  t.after(() => {
    meter.close()
    server.close()
  })
  const send = async (request: string): Promise<number> => {
    const accepted = once(server, 'connection')
    const socket = connect(port, '127.0.0.1')
    socket.write(request, 'latin1')
    const [theirs] = await accepted
    await once(socket, 'data')
    socket.destroy()
    return theirs.bytesRead
  }
  return { meter, server, send }
}

const request = (lines: readonly string[], body = ''): string => `${lines.join('\r\n')}\r\n\r\n${body}`
const get = (agent: string | null, target = '/events?stream=12&since=345'): string =>
  request([`GET ${target} HTTP/1.1`, 'Host: h', ...(agent === null ? [] : [`User-Agent: ${agent}`])])

const total = ({ line, number, header, body }: RequestSums): number =>
  line + number + body + Object.values(header).reduce((sum, bytes) => sum + bytes, 0)

const cases: readonly [name: string, request: string][] = [
  ['a bare request', get(null)],
  [
    'repeated and odd headers',
    request(['GET /events?since=0 HTTP/1.1', 'HOST: h', 'X-A: ü', 'x-a: b', 'Cookie: a=1; b=2']),
  ],
  [
    'a form',
    request(['POST /events?stream=0&since=7 HTTP/1.1', 'Host: h', 'Content-Length: 17'], 'action=buy&item=1'),
  ],
]

for (const [name, text] of cases) {
  test(`the parts of ${name} add up to what the socket read`, async t => {
    const { meter, send } = await metering(t)
    const read = await send(text)
    assert.equal(read, text.length)
    const sums = meter.read()['wire']?.before
    assert.ok(sums)
    assert.equal(sums.requests, 1)
    assert.equal(total(sums), read)
  })
}

test('a handshake that upgrades its connection is counted to the byte', async t => {
  const { meter, send } = await metering(t, true)
  const text = request([
    'GET /events?since=0 HTTP/1.1',
    'Host: h',
    'Connection: Upgrade',
    'Upgrade: websocket',
  ])
  const read = await send(text)
  assert.deepEqual([read, total(meter.read()['wire']?.before as RequestSums)], [text.length, text.length])
})

test('a server that takes no upgrades is not made to take them', async t => {
  const { meter, server, send } = await metering(t)
  assert.equal(server.listenerCount('upgrade'), 0)
  await send(
    request(['GET /events?since=0 HTTP/1.1', 'Host: h', 'Connection: Upgrade', 'Upgrade: websocket']),
  )
  assert.equal(meter.read()['wire']?.before.requests, 1)
})

test('kinds are known by their User-Agent, phases by the window, requests for events by their path', async t => {
  const { meter, send } = await metering(t)
  await send(get('Mozilla/5.0 jsdom/31.0.1'))
  await send(get('Mozilla/5.0 HeadlessChrome/153.0'))
  await send(get('Mozilla/5.0 Chrome/153.0'))
  await send(get('Mozilla/5.0 HeadlessChrome/153.0', '/style.css'))
  meter.open()
  await send(get('Mozilla/5.0 HeadlessChrome/153.0'))
  const count = (kind: string): unknown[] => {
    const sums = meter.read()[kind]
    return [sums?.before.requests, sums?.within.requests]
  }
  assert.deepEqual(
    [count('wire'), count('dom'), count('browser')],
    [
      [1, 0],
      [1, 0],
      [1, 1],
    ],
  )
  assert.deepEqual(meter.read()['dom']?.before, {
    requests: 1,
    body: 0,
    line: 'GET /events?stream=&since= HTTP/1.1\r\n\r\n'.length,
    number: '12345'.length,
    header: { host: 'Host: h\r\n'.length, 'user-agent': 'User-Agent: Mozilla/5.0 jsdom/31.0.1\r\n'.length },
  })
})

test('a meter that was closed counts nothing any more, upgrades included', async t => {
  const { meter, server, send } = await metering(t, true)
  meter.close()
  await send(get(null))
  assert.equal(meter.read()['wire']?.before.requests, 0)
  assert.equal(server.listenerCount('upgrade'), 1)
})

test('sums add up name by name', () => {
  const one = { requests: 1, line: 2, number: 3, header: { host: 4 }, body: 5 }
  const other = { requests: 10, line: 20, number: 30, header: { host: 40, accept: 50 }, body: 60 }
  assert.deepEqual(addRequests([one, other]), {
    requests: 11,
    line: 22,
    number: 33,
    header: { host: 44, accept: 50 },
    body: 65,
  })
  assert.deepEqual(addRequests([]), { requests: 0, line: 0, number: 0, header: {}, body: 0 })
})
