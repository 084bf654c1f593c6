import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { websocket } from '../../clients/websocket.ts'
import { SocketMeter } from '../../measure/messages/socket-meter.ts'
import { LossError } from '../../model/loss.ts'
import { payloadMaker } from '../../model/payload.ts'
import { websocket as server } from '../../servers/websocket.ts'
import { ok, type RawConnection, scripted } from '../raw-connection.ts'
import { clientOf, RecordingSink } from '../recording-sink.ts'
import { eventOf, eventually, serve, textOf } from '../served.ts'

/** RFC 6455 section 1.3: what a server appends to the client's key before hashing it. */
const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** Answers a client's handshake; returns its request. */
async function accept(raw: RawConnection, ...lines: string[]): Promise<string> {
  const request = await raw.through('\r\n\r\n')
  const key = /\r\nSec-WebSocket-Key: ([^\r]+)/i.exec(request)?.[1]
  const answer = createHash('sha1').update(`${key}${magic}`).digest('base64')
  const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
  raw.send([...head, `Sec-WebSocket-Accept: ${answer}`, ...lines, '', ''].join('\r\n'))
  return request
}

/** A frame as servers send it: unmasked. `first` holds the FIN bit and the opcode. */
function frame(first: number, body: string | Buffer): Buffer {
  const bytes = Buffer.from(body)
  assert.ok(bytes.length <= 125)
  return Buffer.concat([Buffer.from([first, bytes.length]), bytes])
}

const [text, fin] = [0x01, 0x80]

const codeBody = (code: number): Buffer => Buffer.from([code >> 8, code & 0xff])

test('the handshake is that of RFC 6455 section 4.1, with cursor and stream', async t => {
  let request = ''
  const url = await scripted(t, async raw => {
    request = await accept(raw)
  })
  const sink = new RecordingSink()
  sink.cursor = 17
  await clientOf(t, websocket, url).connect(sink)
  const lines = request.split('\r\n')
  assert.equal(lines[0], 'GET /events?stream=0&since=17 HTTP/1.1')
  const headers = new Map(
    lines.slice(1, -2).map(line => [line.split(': ')[0]?.toLowerCase(), line.split(': ')[1]]),
  )
  assert.equal(headers.get('host'), url.host)
  assert.equal(headers.get('upgrade')?.toLowerCase(), 'websocket')
  assert.equal(headers.get('connection')?.toLowerCase(), 'upgrade')
  assert.equal(headers.get('sec-websocket-version'), '13')
  assert.equal(Buffer.from(headers.get('sec-websocket-key') ?? '', 'base64').length, 16)
  assert.equal(headers.has('sec-websocket-extensions'), false)
})

test('compression is offered as browsers do, and with minimal headers only when it is on', async t => {
  const requests: string[] = []
  const url = await scripted(t, async raw => {
    requests.push(await accept(raw))
  })
  for (const options of [
    { headers: 'browser' },
    { headers: 'browser', settings: { compression: true } },
    { headers: 'minimal', settings: { compression: true } },
  ] as const) {
    await clientOf(t, websocket, url, options).connect(new RecordingSink())
  }
  for (const request of requests) {
    const offers = request.match(/\r\nSec-WebSocket-Extensions: [^\r]+/gi)
    assert.deepEqual(offers, ['\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'])
  }
  assert.equal(requests.length, 3)
})

test('a message in fragments is one event, whatever control frames come between', async t => {
  const pongs: Buffer[] = []
  const url = await scripted(t, async raw => {
    await accept(raw)
    const [head, tail] = [textOf(1).slice(0, 10), textOf(1).slice(10)]
    raw.send(Buffer.concat([frame(text, head), frame(0x89, 'ping'), frame(fin, tail)]))
    pongs.push(await raw.bytes(10))
  })
  const sink = new RecordingSink()
  await clientOf(t, websocket, url).connect(sink)
  await eventually(() => sink.events.length === 1 && pongs.length === 1, 'an event and a pong')
  assert.deepEqual(sink.events, [eventOf(1)])
  // Section 5.5.3: a pong returns the ping's body; section 5.3: a client masks it.
  const [pong = Buffer.alloc(0)] = pongs
  assert.deepEqual([...pong.subarray(0, 2)], [0x8a, 0x80 | 4])
  const body = pong.subarray(6).map((byte, index) => byte ^ (pong[2 + index] ?? 0))
  assert.equal(Buffer.from(body).toString(), 'ping')
})

test('a text may be cut within a character', async t => {
  const bytes = Buffer.from(textOf(1, '\u{1F600}'))
  const at = bytes.indexOf(0xf0) + 2
  const url = await scripted(t, async raw => {
    await accept(raw)
    const frames = Buffer.concat([frame(text, bytes.subarray(0, at)), frame(fin, bytes.subarray(at))])
    for (const byte of frames) {
      raw.send(Buffer.from([byte]))
      await new Promise(resolve => setImmediate(resolve))
    }
  })
  const sink = new RecordingSink()
  await clientOf(t, websocket, url).connect(sink)
  await eventually(() => sink.events.length === 1, 'an event')
  assert.deepEqual(sink.events, [eventOf(1, '\u{1F600}')])
})

for (const [code, cause] of [
  [1000, 'closed'],
  [1001, 'closed'],
  [1012, 'closed'],
  [1011, 'reset'],
] as const) {
  test(`a close frame with code ${code} is a loss by ${cause}`, async t => {
    const url = await scripted(t, async raw => {
      await accept(raw)
      raw.send(frame(0x88, codeBody(code)))
      // Section 5.5.1: the client answers with the same code, and the server hangs up.
      await raw.bytes(8)
      raw.socket.end()
    })
    const sink = new RecordingSink()
    await clientOf(t, websocket, url).connect(sink)
    await eventually(() => sink.losses.length > 0, 'a loss')
    assert.deepEqual(
      sink.losses.map(each => each.cause),
      [cause],
    )
  })
}

for (const [what, bytes, cause] of [
  ['a connection that ends without a close frame', null, 'reset'],
  ['a text that is not an event', frame(fin | text, 'hello'), 'protocol'],
  ['a frame with a reserved bit', frame(0xc1, textOf(1)), 'protocol'],
  ['a masked frame', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x78]), 'protocol'],
  ['a text that is not UTF-8', frame(fin | text, Buffer.from([0xff])), 'protocol'],
  ['an unknown opcode', frame(0x83, ''), 'protocol'],
] as const) {
  test(`${what} is a loss by ${cause}`, async t => {
    const url = await scripted(t, async raw => {
      await accept(raw)
      if (bytes === null) raw.socket.end()
      else raw.send(bytes)
    })
    const sink = new RecordingSink()
    await clientOf(t, websocket, url).connect(sink)
    await eventually(() => sink.losses.length > 0, 'a loss')
    assert.deepEqual(
      sink.losses.map(each => each.cause),
      [cause],
    )
    assert.deepEqual(sink.events, [])
  })
}

for (const [what, cause, answer] of [
  ['200', 'status', async (raw: RawConnection) => raw.send(ok('[]'))],
  [
    '503',
    'status',
    async (raw: RawConnection) => raw.send(ok('').replace('200 OK', '503 Service Unavailable')),
  ],
  [
    '101 with an extension not offered',
    'protocol',
    (raw: RawConnection) => accept(raw, 'Sec-WebSocket-Extensions: permessage-deflate'),
  ],
  [
    '101 with a wrong key',
    'protocol',
    async (raw: RawConnection) =>
      raw.send(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
      ),
  ],
] as const) {
  test(`a handshake that is answered ${what} fails by ${cause}`, async t => {
    const url = await scripted(t, async raw => {
      if (!what.includes('not offered')) await raw.through('\r\n\r\n')
      await answer(raw)
    })
    await assert.rejects(
      () => clientOf(t, websocket, url).connect(new RecordingSink()),
      error => error instanceof LossError && error.loss.cause === cause,
    )
  })
}

test('closing ends the connection and reports nothing', async t => {
  let ended = false
  const url = await scripted(t, async raw => {
    await accept(raw)
    await raw.end()
    ended = true
  })
  const sink = new RecordingSink()
  const client = clientOf(t, websocket, url)
  await client.connect(sink)
  await client.close()
  await eventually(() => ended, 'the connection to end')
  assert.deepEqual(sink.losses, [])
})

test('application bytes of a run are the handshake and 2, 4 or 10 bytes around each text', async t => {
  const meter = new SocketMeter('server')
  t.after(() => meter.close())
  const served = await serve(t, server)
  const sink = new RecordingSink()
  await clientOf(t, websocket, served.url, { headers: 'browser' }).connect(sink)
  const toServer = meter.bytes().toServer
  // Status 34, upgrade 20, connection 21, accept 52, empty line 2.
  let expected = 129
  assert.equal(meter.bytes().toClients, expected)
  let seq = 0
  for (const [textBytes, headerBytes] of [
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
  ] as const) {
    const payload = payloadMaker(1, textBytes)
    for (let count = 0; count < 5; count++) {
      seq++
      served.server.publish(0, eventOf(seq, payload(eventOf(seq))))
      expected += headerBytes + textBytes
    }
  }
  await eventually(() => sink.events.length === seq, 'every event')
  assert.equal(meter.bytes().toClients, expected)
  assert.equal(meter.bytes().toServer, toServer, 'events cost the client nothing')
})
