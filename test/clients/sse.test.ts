import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sse } from '../../clients/sse.ts'
import { LossError } from '../../model/loss.ts'
import { milliseconds } from '../../model/units.ts'
import { ok, type RawConnection, type Script, scripted } from '../raw-connection.ts'
import { clientOf, RecordingSink } from '../recording-sink.ts'
import { eventOf, eventually, textOf } from '../served.ts'

/** The head of a body that ends with its connection. */
const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'

const frame = (seq: number, payload?: string): string => `id: ${seq}\ndata: ${textOf(seq, payload)}\n\n`

/** Sends `pieces` so that the client sees each by itself. */
async function sendApart(raw: RawConnection, pieces: readonly (string | Buffer)[]): Promise<void> {
  for (const piece of pieces) {
    raw.send(piece)
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** A server that sends `pieces` to every client and leaves the stream open. */
const streaming =
  (...pieces: (string | Buffer)[]): Script =>
  async raw => {
    await raw.through('\r\n\r\n')
    await sendApart(raw, pieces)
  }

test('Last-Event-ID is sent when there was an event, and not before', async t => {
  const requests: string[] = []
  const url = await scripted(t, async (raw, index) => {
    requests.push(await raw.through('\r\n\r\n'))
    raw.send(head + frame(index === 0 ? 41 : 42))
    if (index === 0) raw.socket.end()
  })
  const sink = new RecordingSink()
  const client = clientOf(t, sse, url)
  await client.connect(sink)
  await eventually(() => sink.losses.length > 0, 'the stream to end')
  assert.equal(sink.losses[0]?.cause, 'closed')
  await client.connect(sink)
  await eventually(() => sink.events.length === 2, 'two events')
  const request = (more: string): string =>
    `GET /events?stream=0&since=0 HTTP/1.1\r\nhost: ${url.host}\r\nconnection: keep-alive\r\n` +
    `Accept: text/event-stream\r\n${more}\r\n`
  assert.deepEqual(requests, [request(''), request('Last-Event-ID: 41\r\n')])
})

test('a stream parses the same wherever the network cuts it', async t => {
  const text = Buffer.from(`:comment\n\n${frame(1, '\u20ac \u{1F600}')}retry: 7\n\n${frame(2)}`)
  const expected = [eventOf(1, '\u20ac \u{1F600}'), eventOf(2)]
  const url = await scripted(t, async raw => {
    const at = Number(/[&]cut=(\d+)/.exec(await raw.through('\r\n\r\n'))?.[1])
    await sendApart(raw, [head, text.subarray(0, at), text.subarray(at)])
  })
  for (let at = 1; at < text.length; at++) {
    const cut = new URL(url)
    cut.searchParams.set('cut', String(at))
    const sink = new RecordingSink()
    const client = clientOf(t, sse, cut)
    await client.connect(sink)
    await eventually(() => sink.events.length === 2, `two events of a stream cut at ${at}`)
    assert.deepEqual(sink.events, expected, `cut at ${at}`)
    await client.close()
  }
})

for (const [name, end] of [
  ['LF', '\n'],
  ['CR LF', '\r\n'],
  ['CR', '\r'],
] as const) {
  test(`lines end with ${name}; a BOM, comments and unknown fields are skipped; data lines are joined`, async t => {
    const [first, second] = ['[1,1000,1005,', '"payload 1"]']
    const lines = [':comment', 'unknown: x', 'id: 1', `data: ${first}`, `data:${second}`, '', '']
    const url = await scripted(
      t,
      streaming(head, `\ufeff${lines.join(end)}`, `data: ${textOf(2)}${end}${end}`),
    )
    const sink = new RecordingSink()
    await clientOf(t, sse, url).connect(sink)
    await eventually(() => sink.events.length === 2, 'two events')
    assert.deepEqual(sink.events, [eventOf(1), eventOf(2)])
  })
}

test('retry: is passed on when it is all digits', async t => {
  const url = await scripted(t, streaming(head, 'retry: 2500\n\nretry: 1s\n\n', frame(1)))
  const sink = new RecordingSink()
  await clientOf(t, sse, url).connect(sink)
  await eventually(() => sink.events.length === 1, 'an event')
  assert.deepEqual(sink.retries, [milliseconds(2_500)])
})

test('an event that is not complete when the stream ends is dropped', async t => {
  const url = await scripted(t, async raw => {
    await raw.through('\r\n\r\n')
    raw.send(head + frame(1) + frame(2).slice(0, -1))
    raw.socket.end()
  })
  const sink = new RecordingSink()
  await clientOf(t, sse, url).connect(sink)
  await eventually(() => sink.losses.length > 0, 'the stream to end')
  assert.deepEqual(sink.events, [eventOf(1)])
})

for (const [what, body, responses] of [
  ['with an event', frame(1), [false]],
  ['without one', ':\n\n', [true]],
] as const) {
  test(`a stream that the server ends ${what} is a response`, async t => {
    const url = await scripted(t, async raw => {
      await raw.through('\r\n\r\n')
      raw.send(head + body)
      raw.socket.end()
    })
    const sink = new RecordingSink()
    await clientOf(t, sse, url).connect(sink)
    await eventually(() => sink.losses.length > 0, 'the stream to end')
    assert.deepEqual(sink.responses, responses)
  })
}

for (const type of ['text/event-stream', 'text/event-stream;charset=utf-8', 'Text/Event-Stream ; x=y']) {
  test(`the content type "${type}" is an event stream`, async t => {
    const url = await scripted(t, streaming(head.replace('text/event-stream', type), frame(1)))
    const sink = new RecordingSink()
    await clientOf(t, sse, url).connect(sink)
    await eventually(() => sink.events.length === 1, 'an event')
  })
}

for (const type of ['text/html', 'text/event-stream-of-another-kind', 'application/json', '']) {
  test(`the content type "${type}" fails the connection`, async t => {
    const url = await scripted(t, streaming(ok(frame(1), type)))
    const sink = new RecordingSink()
    await assert.rejects(
      () => clientOf(t, sse, url).connect(sink),
      error => error instanceof LossError && error.loss.cause === 'protocol',
    )
    assert.deepEqual(sink.events, [])
  })
}

test('data that is not an event text is a loss by protocol', async t => {
  const url = await scripted(t, streaming(head, frame(1), 'data: hello\n\n'))
  const sink = new RecordingSink()
  await clientOf(t, sse, url).connect(sink)
  await eventually(() => sink.losses.length > 0, 'a loss')
  assert.deepEqual(
    sink.losses.map(({ cause }) => cause),
    ['protocol'],
  )
})

for (const [name, how] of [
  ['is reset', (raw: RawConnection) => raw.socket.resetAndDestroy()],
  ['breaks off without its last chunk', (raw: RawConnection) => raw.socket.end()],
] as const) {
  test(`a stream that ${name} is a loss by reset`, async t => {
    const sink = new RecordingSink()
    const url = await scripted(t, async raw => {
      await raw.through('\r\n\r\n')
      raw.send(head.replace('\r\n', '\r\nTransfer-Encoding: chunked\r\n'))
      raw.send(`${frame(1).length.toString(16)}\r\n${frame(1)}\r\n`)
      await eventually(() => sink.events.length === 1, 'an event')
      how(raw)
    })
    await clientOf(t, sse, url).connect(sink)
    await eventually(() => sink.losses.length > 0, 'a loss')
    assert.deepEqual(
      sink.losses.map(({ cause }) => cause),
      ['reset'],
    )
  })
}

test('closing ends the stream and reports nothing', async t => {
  let ended = false
  const url = await scripted(t, async raw => {
    await streaming(head, frame(1))(raw, 0)
    await raw.end()
    ended = true
  })
  const sink = new RecordingSink()
  const client = clientOf(t, sse, url)
  await client.connect(sink)
  await client.close()
  await eventually(() => ended, 'the stream to end')
  assert.deepEqual(sink.losses, [])
})
