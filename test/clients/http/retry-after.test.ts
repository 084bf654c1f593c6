import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRetryAfter } from '../../../clients/http/retry-after.ts'
import { clients } from '../../../clients/index.ts'
import { LossError } from '../../../model/loss.ts'
import { milliseconds, seconds } from '../../../model/units.ts'
import { ok, scripted } from '../../raw-connection.ts'
import { clientOf, RecordingSink } from '../../recording-sink.ts'
import { eventually, textOf } from '../../served.ts'

const now = Date.UTC(1994, 10, 6, 8, 49, 0)

for (const [value, wait] of [
  ['0', 0],
  ['120', 120],
  // The three forms of RFC 9110 section 5.6.7.
  ['Sun, 06 Nov 1994 08:49:37 GMT', 37],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 37],
  ['Sun Nov  6 08:49:37 1994', 37],
  ['Sun, 06 Nov 1994 08:48:00 GMT', 0],
  ['', null],
  ['soon', null],
  ['-5', null],
  ['1.5', null],
  ['1e3', null],
  ['10 s', null],
  ['1994-11-06T08:49:37Z', null],
  ['Sun, 06 Nov', null],
] as const) {
  test(`Retry-After "${value}" asks for ${wait === null ? 'nothing that is understood' : `${wait} s`}`, () => {
    assert.equal(parseRetryAfter(value, now), wait === null ? null : seconds(wait))
  })
}

/** The answer with further header lines. */
const saying = (answer: string, ...lines: string[]): string =>
  answer.replace('\r\n', `\r\n${lines.map(line => `${line}\r\n`).join('')}`)

const interval = milliseconds(1)

test('an answer that is the last on its connection is not a loss: the next poll opens another', async t => {
  let connections = 0
  const url = await scripted(t, async raw => {
    connections++
    await raw.through('\r\n\r\n')
    raw.send(saying(ok('[]'), 'Connection: close'))
    raw.socket.end()
  })
  const sink = new RecordingSink()
  await clientOf(t, clients.polling, url, { settings: { interval } }).connect(sink)
  await eventually(() => connections > 3, 'further polls')
  assert.deepEqual([sink.losses, sink.retries], [[], []])
})

test('a poll that is sent away hands over what came, and is lost in order', async t => {
  const url = await scripted(t, async raw => {
    await raw.through('\r\n\r\n')
    raw.send(ok('[]'))
    await raw.through('\r\n\r\n')
    raw.send(saying(ok(`[${textOf(1)}]`), 'connection: Close', 'Retry-After: 7'))
  })
  const sink = new RecordingSink()
  await clientOf(t, clients.polling, url, { settings: { interval } }).connect(sink)
  await eventually(() => sink.losses.length > 0, 'the loss')
  assert.deepEqual(
    [sink.events.map(({ seq }) => seq), sink.retries, sink.losses.map(({ cause }) => cause)],
    [[1], [seconds(7)], ['closed']],
  )
})

test('Retry-After on a connection that goes on is not heeded', async t => {
  const url = await scripted(t, async raw => {
    for (;;) {
      await raw.through('\r\n\r\n')
      raw.send(saying(ok('[]'), 'Retry-After: 7'))
    }
  })
  const sink = new RecordingSink()
  await clientOf(t, clients.polling, url, { settings: { interval } }).connect(sink)
  await eventually(() => sink.responses.length > 3, 'further polls')
  assert.deepEqual([sink.losses, sink.retries], [[], []])
})

for (const status of ['429 Too Many Requests', '503 Service Unavailable']) {
  test(`an answer of ${status} says when to come back`, async t => {
    const url = await scripted(t, async raw => {
      await raw.through('\r\n\r\n')
      raw.send(`HTTP/1.1 ${status}\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n`)
      await raw.end()
    })
    for (const adapter of [clientOf(t, clients.polling, url), clientOf(t, clients['fetch-streaming'], url)]) {
      const sink = new RecordingSink()
      await assert.rejects(
        () => adapter.connect(sink),
        error => error instanceof LossError && error.loss.cause === 'status',
      )
      assert.deepEqual(sink.retries, [seconds(3)])
    }
  })
}

test('what a page loads without a script of its own to read the headers does not know of Retry-After', async t => {
  const url = await scripted(t, async raw => {
    await raw.through('\r\n\r\n')
    raw.send(saying(ok('/**/pushbench([]);', 'text/javascript'), 'Connection: close', 'Retry-After: 7'))
    raw.socket.end()
  })
  const sink = new RecordingSink()
  await clientOf(t, clients['jsonp-polling'], url, { settings: { interval } }).connect(sink)
  await eventually(() => sink.responses.length > 3, 'further polls')
  assert.deepEqual([sink.losses, sink.retries], [[], []])
})

test('a stream that is sent away as it opens is lost in order, and is not renewed', async t => {
  let requests = 0
  const url = await scripted(t, async raw => {
    requests++
    await raw.through('\r\n\r\n')
    raw.send(saying(ok('\n', 'application/x-ndjson'), 'Connection: close', 'Retry-After: 2'))
    raw.socket.end()
  })
  const sink = new RecordingSink()
  await clientOf(t, clients['fetch-streaming'], url).connect(sink)
  await eventually(() => sink.losses.length > 0, 'the loss')
  assert.deepEqual(
    [requests, sink.retries, sink.losses.map(({ cause }) => cause)],
    [1, [seconds(2)], ['closed']],
  )
})
