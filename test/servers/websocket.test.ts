import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import { SocketMeter } from '../../measure/messages/socket-meter.ts'
import { payloadMaker } from '../../model/payload.ts'
import { milliseconds } from '../../model/units.ts'
import { websocket } from '../../servers/websocket.ts'
import type { RawConnection } from '../raw-connection.ts'
import { eventOf, eventually, serve, textOf } from '../served.ts'

/** The key of the example in RFC 6455 section 1.2 and the answer that the RFC computes for it. */
const key = 'dGhlIHNhbXBsZSBub25jZQ=='
const accepted =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n'
const offer = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'

/** A pong with an empty body; a client masks whatever it sends (section 5.3). */
const pong = Buffer.from([0x8a, 0x80, 1, 2, 3, 4])

function shake(raw: RawConnection, pathAndQuery = '/events?stream=0&since=0', ...lines: string[]): void {
  const fixed = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Key: ${key}`]
  raw.get(pathAndQuery, ...fixed, 'Sec-WebSocket-Version: 13', ...lines)
}

test('the handshake of RFC 6455 is answered, to the byte', async t => {
  const { connection, server } = await serve(t, websocket)
  const raw = await connection()
  shake(raw)
  assert.equal(await raw.response(), accepted)
  assert.equal(server.subscribers, 1)
})

for (const [textBytes, header] of [
  [125, [0x81, 125]],
  [126, [0x81, 126, 0, 126]],
  [65_535, [0x81, 126, 0xff, 0xff]],
  [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
] as const) {
  test(`a text of ${textBytes} bytes is one unmasked frame with ${header.length} header bytes`, async t => {
    const { connection, server } = await serve(t, websocket)
    const raw = await connection()
    shake(raw)
    await raw.response()
    const payload = payloadMaker(1, textBytes)(eventOf(1))
    server.publish(0, eventOf(1, payload))
    assert.deepEqual([...(await raw.bytes(header.length))], [...header])
    assert.equal((await raw.bytes(textBytes)).toString(), textOf(1, payload))
    assert.equal(raw.rest, '')
  })
}

test('application bytes to clients are the handshake and 2, 4 or 10 bytes around each text', async t => {
  const meter = new SocketMeter('server')
  t.after(() => meter.close())
  const { connection, server } = await serve(t, websocket)
  const raw = await connection()
  shake(raw)
  await raw.response()
  let expected = 129
  assert.equal(accepted.length, expected)
  let seq = 0
  for (const [textBytes, headerBytes] of [
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
  ] as const) {
    const payload = payloadMaker(1, textBytes)
    for (let count = 0; count < 3; count++) {
      seq++
      server.publish(0, eventOf(seq, payload(eventOf(seq))))
      await raw.bytes(headerBytes + textBytes)
      expected += headerBytes + textBytes
      assert.equal(meter.bytes().toClients, expected)
    }
  }
})

/** Time to answer a ping, also on a busy machine. */
const unhurried = milliseconds(500)

test('a silent client is pinged and then dropped; one that answers stays', async t => {
  const { connection, server } = await serve(t, websocket, { settings: { ping: unhurried } })
  const [silent, alive] = [await connection(), await connection()]
  for (const raw of [silent, alive]) {
    shake(raw)
    await raw.response()
  }
  alive.socket.on('data', () => alive.send(pong))
  assert.deepEqual([...(await silent.bytes(2))], [0x89, 0])
  await silent.end()
  assert.equal(silent.rest, '')
  await eventually(() => server.subscribers === 1, 'the silent client to be forgotten')
  assert.deepEqual([...(await alive.bytes(6))], [0x89, 0, 0x89, 0, 0x89, 0])
  assert.equal(alive.closed, false)
})

test('pings that were sent are reported as heartbeats', async t => {
  let reported = 0
  const observer = {
    heartbeats(receivers: number) {
      reported += receivers
    },
  }
  const { connection } = await serve(t, websocket, { settings: { ping: unhurried }, observer })
  const raw = await connection()
  shake(raw)
  await raw.response()
  assert.equal(reported, 0)
  assert.deepEqual([...(await raw.bytes(2))], [0x89, 0])
  assert.equal(reported, 1)
})

test('ping 0 sends none and leaves no timer', async t => {
  const timersBefore = timers()
  const { connection } = await serve(t, websocket, { settings: { ping: milliseconds(0) } })
  const raw = await connection()
  shake(raw)
  await raw.response()
  assert.equal(timers(), timersBefore)
})

test('an extension that the client offers is left out unless compression is on', async t => {
  const { connection, publish } = await serve(t, websocket)
  const raw = await connection()
  shake(raw, undefined, offer)
  assert.equal(await raw.response(), accepted)
  publish(1)
  assert.deepEqual([...(await raw.bytes(2))], [0x81, textOf(1).length])
})

for (const takeover of ['', '; server_no_context_takeover']) {
  test(`compression on agrees on permessage-deflate${takeover} and compresses, short texts too`, async t => {
    const { connection, publish } = await serve(t, websocket, { settings: { compression: true } })
    const raw = await connection()
    shake(raw, undefined, offer + takeover)
    const head = await raw.response()
    assert.ok(head.includes(`\r\nSec-WebSocket-Extensions: permessage-deflate${takeover}\r\n`), head)
    const payload = 'again and '.repeat(10)
    publish(1, payload)
    const [first = 0, length = 0] = await raw.bytes(2)
    assert.equal(first, 0xc1, 'RSV1 marks a compressed message (RFC 7692 section 6)')
    assert.ok(length < textOf(1, payload).length / 2, `${length} bytes`)
    // Section 7.2.2: four bytes are cut off the end of every message.
    const deflated = Buffer.concat([await raw.bytes(length), Buffer.from([0, 0, 0xff, 0xff])])
    assert.equal(inflateRawSync(deflated, { finishFlush: 2 }).toString(), textOf(1, payload))
  })
}

test('compression on leaves a client alone that does not offer it', async t => {
  const { connection, publish } = await serve(t, websocket, { settings: { compression: true } })
  const raw = await connection()
  shake(raw)
  assert.equal(await raw.response(), accepted)
  publish(1)
  assert.deepEqual([...(await raw.bytes(2))], [0x81, textOf(1).length])
})

for (const [status, pathAndQuery] of [
  ['400 Bad Request', '/events?stream=0&since=abc'],
  ['404 Not Found', '/nothing'],
] as const) {
  test(`a handshake for ${pathAndQuery} is answered ${status}`, async t => {
    const { connection, server } = await serve(t, websocket)
    const raw = await connection()
    shake(raw, pathAndQuery)
    assert.equal(await raw.response(), `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    await raw.end()
    assert.equal(server.subscribers, 0)
  })
}

test('a plain GET is answered 426 with the protocol to upgrade to', async t => {
  const { connection } = await serve(t, websocket)
  const raw = await connection()
  raw.get('/events?stream=0&since=0')
  assert.match(await raw.response(), /^HTTP\/1\.1 426 .*\r\nUpgrade: websocket\r\n/s)
})

test('a close frame is answered with one, and the client is forgotten', async t => {
  const { connection, server } = await serve(t, websocket)
  const raw = await connection()
  shake(raw)
  await raw.response()
  // Code 1000, masked with zeros.
  raw.send(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]))
  assert.deepEqual([...(await raw.bytes(4))], [0x88, 2, 0x03, 0xe8])
  await raw.end()
  await eventually(() => server.subscribers === 0, 'no client to be connected')
})

const timers = (): number => process.getActiveResourcesInfo().filter(each => each === 'Timeout').length
