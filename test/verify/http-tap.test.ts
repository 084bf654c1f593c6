/** The suite reads requests and the heads of answers off a connection, however they are cut. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Exchange, HttpTap } from '../../verify/http-tap.ts'

const answer = 'HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: 2\r\n\r\n[]'

/** What a tap notes when each text comes in pieces of so many bytes. */
function noted(pieceBytes: number, ...texts: readonly ['client' | 'server', string][]): Exchange[] {
  const exchanges: Exchange[] = []
  const tap = new HttpTap(exchange => exchanges.push(exchange))
  for (const [from, text] of texts) {
    for (let at = 0; at < text.length; at += pieceBytes) {
      const piece = Buffer.from(text.slice(at, at + pieceBytes), 'latin1')
      if (from === 'client') tap.fromClient(piece)
      else tap.fromServer(piece)
    }
  }
  return exchanges
}

for (const pieceBytes of [1, 7, 10_000]) {
  test(`requests follow each other on a connection, in pieces of ${pieceBytes} bytes`, () => {
    const post = 'POST /events?since=1 HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\naction=buy'
    const exchanges = noted(
      pieceBytes,
      ['client', 'GET /events?since=0 HTTP/1.1\r\nHost: test\r\n\r\n'],
      ['server', answer],
      ['client', post],
      ['server', answer],
    )
    assert.deepEqual(
      exchanges.map(({ request, status }) => [request.method, request.target, request.body, status]),
      [
        ['GET', '/events?since=0', '', 200],
        ['POST', '/events?since=1', 'action=buy', 200],
      ],
    )
    assert.deepEqual(exchanges[0]?.fields, [
      ['Cache-Control', 'no-store'],
      ['Content-Length', '2'],
    ])
  })
}

test('what follows an upgrade is not HTTP', () => {
  const exchanges = noted(
    10_000,
    ['client', 'GET /events HTTP/1.1\r\nUpgrade: websocket\r\n\r\n'],
    ['server', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'],
    ['client', 'GET /events HTTP/1.1\r\n\r\n'],
    ['server', answer],
  )
  assert.deepEqual(
    exchanges.map(({ status }) => status),
    [101],
  )
})
