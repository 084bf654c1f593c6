/** What a buffering or re-chunking relay does to HTTP responses. */
import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { request } from 'undici'
import { clients } from '../../clients/index.ts'
import { type Link, largestBuffer } from '../../model/link.ts'
import type { ClientTechnique, ServerTechnique } from '../../model/technique.ts'
import { ResponseShaper } from '../../relay/relay-shaper.ts'
import { servers } from '../../servers/index.ts'
import { RawConnection } from '../raw-connection.ts'
import { clientOf, RecordingSink } from '../recording-sink.ts'
import { eventually, serve } from '../served.ts'
import { relayedHttp, relayTo } from './relayed.ts'

/** A connection to a server whose responses the test writes; `witness` resolves when a whole exchange passed next to it. */
async function streaming(t: TestContext, link: Partial<Link>) {
  const responses: ServerResponse[] = []
  const relay = await relayedHttp(t, link, (asked, response) => {
    if (asked.url === '/witness') response.end('seen')
    else responses.push(response)
  })
  const connect = async (): Promise<RawConnection> => {
    const connection = await RawConnection.open(relay.url)
    t.after(() => connection.close())
    return connection
  }
  const raw = await connect()
  const other = await connect()
  raw.get('/')
  await eventually(() => responses.length > 0, 'the request')
  return {
    raw,
    response: responses[0] as ServerResponse,
    async witness(): Promise<void> {
      other.get('/witness')
      await other.through('seen')
    },
  }
}

for (const buffer of [4_096, 'until-end'] as const) {
  test(`with --buffer ${buffer} a head passes and a body waits, until its response has ended`, async t => {
    const { raw, response, witness } = await streaming(t, { buffer })
    response.writeHead(200, { 'Content-Type': 'text/plain' }).flushHeaders()
    await raw.through('\r\n\r\n')
    for (const piece of ['one ', 'two ']) {
      response.write(piece)
      await witness()
    }
    assert.equal(raw.rest, '')
    response.end('three')
    assert.equal(await raw.through('0\r\n\r\n'), '4\r\none \r\n4\r\ntwo \r\n5\r\nthree\r\n0\r\n\r\n')

    raw.get('/witness')
    await raw.through('seen')
  })
}

test('a buffer passes what it holds whenever it is full, and starts to gather again', async t => {
  const { raw, response, witness } = await streaming(t, { buffer: 4_096 })
  response.writeHead(200, { 'Content-Length': 12_000 }).flushHeaders()
  await raw.through('\r\n\r\n')
  for (let round = 0; round < 2; round++) {
    response.write('x'.repeat(4_000))
    await witness()
    assert.equal(raw.rest.length, 0)
    response.write('y'.repeat(100))
    assert.equal((await raw.bytes(4_100)).length, 4_100)
  }
  response.end('z'.repeat(3_800))
  await raw.bytes(3_800)
})

test('a body that ends with its connection passes then', async t => {
  const { raw, response, witness } = await streaming(t, { buffer: 'until-end' })
  response.useChunkedEncodingByDefault = false
  response.writeHead(200, { Connection: 'close' })
  response.write('all of it')
  await raw.through('\r\n\r\n')
  await witness()
  assert.equal(raw.rest, '')
  response.end()
  await raw.end()
  assert.equal(raw.rest, 'all of it')
})

test('until-end holds 4 MiB of a response and then passes on what it has, as a proxy that is full', async t => {
  const { raw, response, witness } = await streaming(t, { buffer: 'until-end' })
  response.writeHead(200, { 'Content-Length': 2 * largestBuffer }).flushHeaders()
  await raw.through('\r\n\r\n')
  response.write(Buffer.alloc(largestBuffer - 1))
  await witness()
  response.write(Buffer.alloc(2))
  await raw.bytes(largestBuffer + 1)
})

/** What the shaper passes of some bytes from a server, in pieces. */
function shaped(link: Partial<Pick<Link, 'buffer' | 'rechunk'>>, ...bytes: string[]): string[] {
  const passed: string[] = []
  const shaper = new ResponseShaper({ buffer: null, rechunk: null, ...link }, piece =>
    passed.push(piece.toString('latin1')),
  )
  for (const piece of bytes) shaper.response(Buffer.from(piece, 'latin1'))
  return passed
}

const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

test('chunks are split to at most the size, and what comes together is joined', () => {
  const body = '3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nT: v\r\n\r\n'
  assert.deepEqual(shaped({ rechunk: 5 }, chunked + body), [
    chunked,
    '5\r\nabcde\r\n',
    '2\r\nfg\r\n',
    '0\r\nT: v\r\n\r\n',
  ])
  const one = [...'abcdefg'].map(letter => `1\r\n${letter}\r\n`)
  assert.deepEqual(shaped({ rechunk: 1 }, chunked + body), [chunked, ...one, '0\r\nT: v\r\n\r\n'])
  const counted = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'
  assert.deepEqual(shaped({ rechunk: 2 }, `${counted}abcde`), [counted, 'ab', 'cd', 'e'])
})

test('an upgraded connection is never held, and its writes are split', () => {
  const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'
  const link = { buffer: 'until-end', rechunk: 2 } as const
  assert.deepEqual(shaped(link, upgrade, '\x81\x03abc', 'x'), [upgrade, '\x81\x03', 'ab', 'c', 'x'])
})

test('a buffer that is full of chunks passes them split to the size', () => {
  assert.deepEqual(shaped({ buffer: 4, rechunk: 8 }, chunked, '3\r\nabc\r\n', '3\r\ndef\r\n'), [
    chunked,
    '6\r\nabcdef\r\n',
  ])
})

test('any response through any buffer and any chunks is the same to its reader', async t => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        buffer: fc.constantFrom(null, 1, 50, 'until-end' as const),
        rechunk: fc.constantFrom(null, 1, 9, 16_384),
      }),
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 5 }),
      fc.boolean(),
      fc.constantFrom('GET', 'HEAD', 'POST'),
      async (link, pieces, counted, method) => {
        const body = Buffer.concat(pieces)
        const relay = await relayedHttp(t, link, (asked, response) => {
          asked.resume()
          if (counted) response.setHeader('Content-Length', body.length)
          for (const piece of pieces) response.write(piece)
          response.end()
        })
        for (let turn = 0; turn < 2; turn++) {
          const response = await request(relay.url, { method, ...(method === 'POST' && { body: 'a=b' }) })
          const got = Buffer.from(await response.body.arrayBuffer())
          assert.ok(method === 'HEAD' ? got.length === 0 : got.equals(body))
        }
      },
    ),
    { seed: 1, numRuns: 40 },
  )
})

/** The events that a client of a technique is given through a link: some before it connects, some after. */
async function eventsThrough(
  t: TestContext,
  server: ServerTechnique,
  client: ClientTechnique,
  link: Partial<Link>,
): Promise<[seq: number, payload: string][]> {
  const { url, publish } = await serve(t, server, { settings: server.verifySettings ?? {} })
  const relay = await relayTo(t, url, link)
  const sink = new RecordingSink()
  publish(1)
  await clientOf(t, client, relay.url, { settings: client.verifySettings ?? {} }).connect(sink)
  const payloads = ['plain', '', '<script>"\u2028\r\n--é 漢 🙂', 'x'.repeat(3_000)]
  for (const [index, payload] of payloads.entries()) publish(index + 2, payload)
  await eventually(() => sink.events.length >= payloads.length + 1, `${payloads.length + 1} events`)
  assert.deepEqual(sink.losses, [])
  return sink.events.map(({ seq, payload }) => [seq, payload])
}

for (const [name, server] of Object.entries(servers)) {
  test(`${name} delivers the same events through any chunks`, async t => {
    const client: ClientTechnique = clients[name as keyof typeof clients]
    const straight = await eventsThrough(t, server, client, {})
    for (const rechunk of [1, 7, 16_384]) {
      assert.deepEqual(await eventsThrough(t, server, client, { rechunk }), straight)
    }
  })
}
