import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { postTypes } from '../../model/request.ts'
import type { Settings } from '../../model/settings.ts'
import { type ServerTechnique, serverTechnique } from '../../model/technique.ts'
import { Host } from '../../servers/http/host.ts'
import { piggyback } from '../../servers/piggyback.ts'
import { polling } from '../../servers/polling.ts'
import { websocket } from '../../servers/websocket.ts'
import { serve, textOf } from '../served.ts'

/** RFC 9111 section 5.2.2.5: no cache may give this answer to the next poll. */
const head = (length: number): string =>
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n' +
  `Content-Length: ${length}\r\nDate: \r\nConnection: keep-alive\r\nKeep-Alive: timeout=75\r\n\r\n`

test('a poll that finds nothing is answered with an empty array', async t => {
  const { connection } = await serve(t, polling)
  const raw = await connection()
  raw.get('/events?stream=0&since=0')
  assert.equal(await raw.response(), `${head(2)}[]`)
})

test('a poll is answered with every event after its cursor, and the connection is kept', async t => {
  const { connection, publish } = await serve(t, polling)
  for (const seq of [1, 2, 3]) publish(seq)
  const raw = await connection()
  raw.get('/events?stream=0&since=1')
  const body = '[[2,2000,2005,"payload 2"],[3,3000,3005,"payload 3"]]'
  assert.equal(await raw.response(), `${head(body.length)}${body}`)
  raw.get('/events?stream=0&since=3')
  assert.equal(await raw.response(), `${head(2)}[]`)
})

test('the length of an answer counts bytes, not characters', async t => {
  const { connection, publish } = await serve(t, polling)
  publish(1, '\u20ac')
  const raw = await connection()
  raw.get('/events?stream=0&since=0')
  const body = `[${textOf(1, '\u20ac')}]`
  assert.equal(await raw.response(), `${head(body.length + 2)}${body}`)
})

test('a poll for more than the log holds gets a notice first', async t => {
  const { connection, publish } = await serve(t, polling, { logEvents: 2 })
  for (let seq = 1; seq <= 5; seq++) publish(seq)
  const raw = await connection()
  raw.get('/events?stream=0&since=1')
  const response = await raw.response()
  assert.equal(response.split('\r\n\r\n')[1], `[{"overrun":[2,3]},${textOf(4)},${textOf(5)}]`)
})

test('an absent stream and cursor are 0', async t => {
  const { connection, publish } = await serve(t, polling)
  publish(1)
  const raw = await connection()
  raw.get('/events')
  assert.match(await raw.response(), /\[\[1,1000,1005,"payload 1"\]\]$/)
})

const postOnly = serverTechnique({
  ...piggyback,
  create: context =>
    new Host<never>(context, host => ({
      methods: ['POST'],
      request: ({ topic, cursor }, response) => host.answer(response, topic, cursor),
    })),
})

/** Serves the events 1 and 2; posts a body of a type and resolves with the answer. */
async function posting(t: TestContext) {
  const { connection, publish } = await serve(t, postOnly)
  for (const seq of [1, 2]) publish(seq)
  const raw = await connection()
  return (query: string, body: string, type: string = postTypes.form): Promise<string> => {
    const fields = [`Content-Type: ${type}`, `Content-Length: ${body.length}`]
    raw.send(`POST /events${query} HTTP/1.1\r\nHost: test\r\n${fields.join('\r\n')}\r\n\r\n${body}`)
    return raw.response()
  }
}

test('a POST may name stream and cursor in its body, which is checked as the query is', async t => {
  const post = await posting(t)
  assert.match(await post('', 'stream=0&since=1'), /\[\[2,2000,2005,"payload 2"\]\]$/)
  assert.match(await post('?stream=0&since=1', ''), /\[\[2,2000,2005,"payload 2"\]\]$/)
  for (const malformed of ['since=x', 'since=', 'since=-1', 'since=1.5', 'stream=x', 'since=1&since=x']) {
    assert.match(await post('', malformed), /^HTTP\/1.1 400 /, `${malformed} in the body`)
    assert.match(await post(`?${malformed}`, ''), /^HTTP\/1.1 400 /, `${malformed} in the query`)
    assert.match(await post(`?${malformed}`, 'since=1&stream=0'), /^HTTP\/1.1 400 /, 'in one of both')
  }
})

test('a POST may name them in a JSON object, whose numbers must be whole by their spelling', async t => {
  const post = await posting(t)
  for (const type of ['application/json', 'Application/JSON; charset=utf-8'])
    for (const body of ['{"since":1,"stream":0}', '{"since":"1"}'])
      assert.match(await post('', body, type), /\[\[2,2000,2005,"payload 2"\]\]$/, body)
  for (const value of ['1e3', '-1', '1.5', 'null', '[1]', '{}', 'abc', '', '"x"'])
    assert.match(await post('', `{"since":${value}}`, postTypes.json), /^HTTP\/1.1 400 /, value)
  for (const body of ['7', '[]', 'null', 'since=1'])
    assert.match(await post('', body, postTypes.json), /^HTTP\/1.1 400 /, body)
})

test('a POST of another type is refused, because its cursor would be taken for none', async t => {
  const post = await posting(t)
  for (const type of ['', 'text/plain', 'application/jsonp', 'multipart/form-data; boundary=x'])
    assert.match(await post('', '{"since":1}', type), /^HTTP\/1.1 415 /, type)
})

for (const [name, technique, methods, allowed] of [
  ['polling', polling, ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'], 'GET'],
  ['websocket', websocket, ['POST', 'HEAD'], 'GET'],
  ['piggyback', piggyback, ['PUT', 'HEAD'], 'GET, POST'],
  ['a technique that is only posted to', postOnly, ['GET', 'PUT'], 'POST'],
] as const) {
  test(`${name}: another method is refused with those that are allowed`, async t => {
    const { connection } = await serve<Settings>(t, technique as ServerTechnique)
    for (const method of methods) {
      const raw = await connection()
      raw.send(`${method} /events?stream=0&since=0 HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n`)
      const head = await raw.through('\r\n\r\n')
      assert.match(head, /^HTTP\/1\.1 405 /, method)
      assert.match(head, new RegExp(`\r\nAllow: ${allowed}\r\n`), method)
    }
  })
}

test('a wish to upgrade is ignored, as RFC 9110 section 7.8 allows', async t => {
  const { connection } = await serve(t, polling)
  const raw = await connection()
  raw.get(
    '/events?stream=0&since=0',
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
    'HTTP2-Settings: ',
  )
  assert.match(await raw.response(), /^HTTP\/1\.1 200 OK\r\n.*\[\]$/s)
})

test('the gap between an answer and the next request of its connection is reported', async t => {
  const gaps: number[] = []
  const firsts: (boolean | undefined)[] = []
  const observer = {
    rearmed(gap: number, first?: boolean) {
      gaps.push(gap)
      firsts.push(first)
    },
  }
  const { connection } = await serve(t, polling, { observer })
  const raw = await connection()
  raw.get('/events?stream=0&since=0')
  await raw.response()
  assert.deepEqual(gaps, [])
  const answeredAt = performance.now()
  await new Promise(resolve => setTimeout(resolve, 30))
  raw.get('/events?stream=0&since=0')
  await raw.response()
  const elapsed = (performance.now() - answeredAt) * 1_000
  const [gap = 0] = gaps
  assert.ok(gap >= 29_000 && gap <= elapsed + 20_000, `${gap} us of ${elapsed} us`)
  const other = await connection()
  other.get('/events?stream=0&since=0')
  await other.response()
  assert.equal(gaps.length, 1, 'the first request of a connection re-arms nothing')
  for (const each of [raw, other]) {
    each.get('/events?stream=0&since=0')
    await each.response()
  }
  assert.deepEqual(firsts, [true, false, true], 'the first gap of each connection is named')
})

test('the wait of an event in the log is reported with its hand-over', async t => {
  const handed: [number, number, number][] = []
  const { connection, publish } = await serve(t, polling, {
    observer: { handedOver: ({ seq }, wait, receivers) => handed.push([seq, wait, receivers]) },
  })
  publish(1)
  const raw = await connection()
  raw.get('/events?stream=0&since=0')
  await raw.response()
  assert.deepEqual(
    handed.map(([seq, , receivers]) => [seq, receivers]),
    [[1, 1]],
  )
})
