import assert from 'node:assert/strict'
import { test } from 'node:test'
import { polling } from '../../clients/polling.ts'
import { SocketMeter } from '../../measure/messages/socket-meter.ts'
import { LossError } from '../../model/loss.ts'
import { milliseconds } from '../../model/units.ts'
import { polling as server } from '../../servers/polling.ts'
import { ok, scripted } from '../raw-connection.ts'
import { clientOf, RecordingSink } from '../recording-sink.ts'
import { eventually, serve, textOf } from '../served.ts'

/** One poll as it must leave the client, without its extra header lines. */
const request = (port: string, extra = ''): string =>
  `GET /events?stream=0&since=0 HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: keep-alive\r\n${extra}\r\n`

const browserLines = (port: string): string =>
  [
    'sec-ch-ua-platform: "Linux"',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36',
    'sec-ch-ua: "Google Chrome";v="153", "Not_A Brand";v="8", "Chromium";v="153"',
    'sec-ch-ua-mobile: ?0',
    'Accept: */*',
    'Sec-Fetch-Site: same-origin',
    'Sec-Fetch-Mode: cors',
    'Sec-Fetch-Dest: empty',
    `Referer: http://127.0.0.1:${port}/`,
    'Accept-Encoding: gzip, deflate, br, zstd',
    'Accept-Language: en-US,en;q=0.9',
    '',
  ].join('\r\n')

/** Counted by hand for a port of five digits: request line 39, host 23, connection 24, empty line 2. */
const minimalBytes = 88
/** The same, and 29 + 115 + 77 + 22 + 13 + 29 + 22 + 23 + 34 + 42 + 33 for the lines above. */
const browserBytes = 527
/** Status 17, type 32, cache 25, length 19, date 37, connection 24, keep-alive 24, empty line 2, `[]` 2. */
const emptyAnswerBytes = 182

for (const headers of ['minimal', 'browser'] as const) {
  test(`bytes are the polls times the bytes of one, to the byte, with ${headers} headers`, async t => {
    const meter = new SocketMeter('server')
    t.after(() => meter.close())
    const { url } = await serve(t, server)
    const { port } = url
    const text = request(port, headers === 'browser' ? browserLines(port) : '')
    const ports = headers === 'browser' ? 2 : 1
    const counted = headers === 'browser' ? browserBytes : minimalBytes
    assert.equal(text.length, counted + ports * (port.length - 5))
    const sink = new RecordingSink()
    const polls = 20
    const { promise, resolve } = Promise.withResolvers<void>()
    // When an answer is complete, the client has no request under way.
    sink.onResponse = () => {
      const requests = sink.responses.length
      const { toServer, toClients } = meter.bytes()
      assert.equal(toServer, requests * text.length)
      assert.equal(toClients, requests * emptyAnswerBytes)
      if (requests === polls) resolve()
    }
    const client = clientOf(t, polling, url, { headers, settings: { interval: milliseconds(2) } })
    await client.connect(sink)
    await promise
    assert.equal(sink.responses.length, polls)
  })
}

test('a poll is what the hand count says it is', async t => {
  const heads: string[] = []
  const url = await scripted(t, async raw => {
    heads.push(await raw.through('\r\n\r\n'))
    raw.send(ok('[]'))
  })
  for (const headers of ['minimal', 'browser'] as const) {
    const client = clientOf(t, polling, url, { headers })
    await client.connect(new RecordingSink())
    await client.close()
  }
  assert.deepEqual(heads, [request(url.port), request(url.port, browserLines(url.port))])
})

test('every poll asks for what came after the newest event', async t => {
  const targets: string[] = []
  const bodies = [`[${textOf(1)},${textOf(2)}]`, '[]', `[{"overrun":[3,7]},${textOf(8)}]`, 'null']
  const url = await scripted(t, async raw => {
    for (;;) {
      targets.push((await raw.through('\r\n\r\n')).split(' ')[1] ?? '')
      raw.send(ok(bodies[targets.length - 1] ?? '[]'))
    }
  })
  const sink = new RecordingSink()
  await clientOf(t, polling, url, { settings: { interval: milliseconds(1) } }).connect(sink)
  await eventually(() => targets.length >= 5, 'five polls')
  assert.deepEqual(
    targets.slice(0, 5).map(target => new URL(target, url).searchParams.get('since')),
    ['0', '2', '2', '8', '8'],
  )
  assert.deepEqual(
    sink.events.map(({ seq }) => seq),
    [1, 2, 8],
  )
  assert.deepEqual(sink.overruns, [{ first: 3, last: 7 }])
  assert.deepEqual(sink.responses.slice(0, 4), [false, true, false, true])
})

test('fixed-rate leaves out the ticks that fall due while a request is under way', async t => {
  const [intervalMs, serviceMs, polls] = [20, 50, 5]
  const asked: number[] = []
  let connectedAt = 0
  const url = await scripted(t, async raw => {
    for (let count = 0; ; count++) {
      await raw.through('\r\n\r\n')
      assert.equal(raw.rest, '', 'one request at a time')
      // The first answer connects the client; the ticks count from there.
      if (count === 0) {
        connectedAt = performance.now()
      } else {
        asked.push(performance.now() - connectedAt)
        await new Promise(resolve => setTimeout(resolve, serviceMs))
      }
      raw.send(ok('[]'))
    }
  })
  const settings = { interval: milliseconds(intervalMs) }
  await clientOf(t, polling, url, { settings }).connect(new RecordingSink())
  await eventually(() => asked.length > polls, 'the polls')
  // Two ticks pass during each request; catching up on them would take 50 ms a poll, not 60.
  for (const [count, at] of asked.entries())
    assert.ok(at >= count * 3 * intervalMs - 3, `tick ${count} at ${at} ms`)
})

test('fixed-delay counts the interval from the answer', async t => {
  const gaps: number[] = []
  let answeredAt = 0
  const url = await scripted(t, async raw => {
    for (let count = 0; ; count++) {
      await raw.through('\r\n\r\n')
      if (count > 1) gaps.push(performance.now() - answeredAt)
      await new Promise(resolve => setTimeout(resolve, 15))
      answeredAt = performance.now()
      raw.send(ok('[]'))
    }
  })
  const settings = { interval: milliseconds(25), timing: 'fixed-delay' } as const
  await clientOf(t, polling, url, { settings }).connect(new RecordingSink())
  await eventually(() => gaps.length >= 3, 'five polls')
  for (const gap of gaps) assert.ok(gap >= 23, `${gap} ms from an answer to the next request`)
})

test('a client begins to poll at its own phase of the interval', async t => {
  const asked: number[] = []
  const url = await scripted(t, async raw => {
    for (;;) {
      await raw.through('\r\n\r\n')
      asked.push(performance.now())
      raw.send(ok('[]'))
    }
  })
  const settings = { interval: milliseconds(100) }
  await clientOf(t, polling, url, { settings, random: 0.75 }).connect(new RecordingSink())
  await eventually(() => asked.length >= 2, 'two polls')
  const [first = 0, second = 0] = asked
  assert.ok(second - first >= 73, `${second - first} ms until the first tick`)
})

for (const [what, answer, cause] of [
  ['is not JSON', ok('<!doctype html>'), 'protocol'],
  ['is not an array', ok('{}'), 'protocol'],
  ['holds something that is not an event', ok('[[1,2]]'), 'protocol'],
  ['breaks off', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[', 'reset'],
  ['has an error status', 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n', 'status'],
] as const) {
  test(`an answer that ${what} is a loss by ${cause}, when connecting and later`, async t => {
    const url = await scripted(t, async (raw, index) => {
      if (index === 1) {
        await raw.through('\r\n\r\n')
        raw.send(ok('[]'))
      }
      await raw.through('\r\n\r\n')
      raw.send(answer.replace('\r\n', '\r\nConnection: close\r\n'))
      raw.socket.end()
    })
    const sink = new RecordingSink()
    const client = clientOf(t, polling, url, { settings: { interval: milliseconds(1) } })
    await assert.rejects(
      () => client.connect(sink),
      error => error instanceof LossError && error.loss.cause === cause,
    )
    await client.connect(sink)
    await eventually(() => sink.losses.length > 0, 'a loss')
    assert.deepEqual(
      sink.losses.map(loss => loss.cause),
      [cause],
    )
  })
}

test('closing while a request is under way ends its connection and reports nothing', async t => {
  let ended = false
  const url = await scripted(t, async raw => {
    await raw.through('\r\n\r\n')
    await raw.end()
    ended = true
  })
  const sink = new RecordingSink()
  const client = clientOf(t, polling, url)
  void client.connect(sink)
  await new Promise(resolve => setTimeout(resolve, 20))
  await client.close()
  await eventually(() => ended, 'the connection to end')
  assert.deepEqual(sink.losses, [])
})
