/** A technique declares how it asks: a GET has its parameters in the query, a POST in its body, a form or JSON. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Asker, type Asking, askingHeaders, emptyPoll } from '../../../clients/http/asking.ts'
import { lineCutter } from '../../../clients/http/cutters.ts'
import { chainSettings, PollChain } from '../../../clients/http/poll-chain.ts'
import { StreamClient } from '../../../clients/http/stream.ts'
import { defaults } from '../../../model/settings.ts'
import { type ClientContext, clientTechnique, type PushClient } from '../../../model/technique.ts'
import { seconds } from '../../../model/units.ts'
import { ok, scripted } from '../../raw-connection.ts'
import { clientOf, RecordingSink } from '../../recording-sink.ts'
import { eventually, textOf } from '../../served.ts'

const post: Asking = { initiator: 'form', method: 'POST', more: '&lang=en' }

/** The first requests of a client, as method, path and body; `answers` are given to them in turn. */
async function asked(
  t: TestContext,
  answers: readonly string[],
  create: (context: ClientContext) => PushClient,
): Promise<string[]> {
  const requests: string[] = []
  const url = await scripted(t, async raw => {
    for (const answer of answers) {
      const head = await raw.through('\r\n\r\n')
      const body = await raw.bytes(Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0))
      requests.push(`${head.split(' HTTP/1.1', 1)[0]} ${body}`)
      raw.send(answer)
    }
  })
  const technique = clientTechnique({ settings: {}, create, drain: () => seconds(1) })
  const client = clientOf(t, technique, url)
  await client.connect(new RecordingSink())
  await eventually(() => requests.length === answers.length, `${answers.length} requests`)
  return requests
}

test('a stream that is asked for by POST resumes by the cursor in its body', async t => {
  const type = 'application/x-ndjson'
  const reading = { ...post, contentType: /^application\/x-ndjson$/, cutter: lineCutter }
  const requests = await asked(
    t,
    [ok(`${textOf(7)}\n`, type), ok('', type)],
    context => new StreamClient(context, reading),
  )
  assert.deepEqual(requests, [
    'POST /events?stream=0 since=0&lang=en',
    'POST /events?stream=0 since=7&lang=en',
  ])
})

test('a poll by POST has what a single request adds in its body as well', async t => {
  const question = { ...post, read: JSON.parse }
  const requests = await asked(
    t,
    [ok(`[${textOf(3)}]`), ok('[]')],
    context => new PollChain(new Asker(context, question), defaults(chainSettings)),
  )
  assert.deepEqual(requests, [
    'POST /events?stream=0 since=0&lang=en&hold=0',
    'POST /events?stream=0 since=3&lang=en',
  ])
})

test('a POST of JSON has the same parameters as members, and says what it is', async t => {
  const json: Asking = { ...post, body: 'json' }
  const requests = await asked(
    t,
    [ok(`[${textOf(3)}]`), ok('[]')],
    context => new PollChain(new Asker(context, { ...json, read: JSON.parse }), defaults(chainSettings)),
  )
  assert.deepEqual(requests, [
    'POST /events?stream=0 {"since":0,"lang":"en","hold":"0"}',
    'POST /events?stream=0 {"since":3,"lang":"en"}',
  ])
  const url = new URL('http://127.0.0.1/events?stream=0')
  for (const headers of ['minimal', 'browser'] as const) {
    const sent = askingHeaders({ url, headers }, json)
    assert.equal(sent[sent.indexOf('Content-Type') + 1], 'application/json')
    assert.deepEqual(
      sent.filter(text => text !== 'application/json'),
      askingHeaders({ url, headers }, post).filter(text => text !== 'application/x-www-form-urlencoded'),
    )
  }
})

test('the ceiling of a technique that posts is measured with what its clients post', () => {
  const context = { url: new URL('http://127.0.0.1/events?stream=0'), headers: 'minimal' } as const
  assert.deepEqual(emptyPoll(context, post, '&hold=0'), {
    method: 'POST',
    path: '/events?stream=0',
    body: 'since=0&lang=en&hold=0',
    headers: ['Content-Type', 'application/x-www-form-urlencoded'],
  })
  assert.deepEqual(emptyPoll(context, { initiator: 'fetch' }), {
    method: 'GET',
    path: '/events?stream=0&since=0',
    headers: [],
  })
})
