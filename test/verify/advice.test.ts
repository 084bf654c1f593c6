/** A failure names its own cause: what a pair does wrong, not what the case is about. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lineCutter } from '../../clients/http/cutters.ts'
import { StreamClient } from '../../clients/http/stream.ts'
import { clients } from '../../clients/index.ts'
import { type PostBody, postTypes, type RequestMethod } from '../../model/request.ts'
import { defaults } from '../../model/settings.ts'
import { micros } from '../../model/units.ts'
import { streamServer, streamSettings } from '../../servers/http/stream.ts'
import { type CaseResult, cases, type VerifiedPair, verify } from '../../verify/suite.ts'
import { servedBy, settingInstead } from './flaws.ts'

const type = 'application/x-ndjson'

/** A pair of JSON lines, whose adapters may declare different things. */
const linesPair = (
  server: { method: RequestMethod; contentType?: string },
  client: { method: RequestMethod; body?: PostBody },
): VerifiedPair => ({
  ...servedBy(context =>
    streamServer(context, defaults(streamSettings), {
      contentType: type,
      opening: () => '',
      frame: (_, text) => `${text}\n`,
      heartbeat: '\n',
      ...server,
    }),
  ),
  client: {
    ...clients['fetch-streaming'],
    create: context =>
      new StreamClient(context, {
        initiator: 'form',
        contentType: /^application\/x-ndjson/,
        cutter: lineCutter,
        ...client,
      }),
  },
})

/** The results of the cases of these names. */
const resultsOf = (
  pair: VerifiedPair,
  names: readonly string[],
  deadlineMs?: number,
): Promise<CaseResult[]> =>
  verify(pair, { cases: cases.filter(({ name }) => names.includes(name)), ...(deadlineMs && { deadlineMs }) })

test('of a client that asks by another method than the server takes', async () => {
  const pair = linesPair({ method: 'POST' }, { method: 'GET' })
  const [result] = await resultsOf(pair, ['payload: line feed'], 4_000)
  assert.match(result?.detail ?? '', /to be connected, .*HTTP status 405/)
  assert.match(result?.advice ?? '', /^the server refuses the request: method and body/)
})

test('of a server that names another content type than the client reads', async () => {
  const pair = linesPair({ method: 'POST', contentType: 'text/plain' }, { method: 'POST' })
  const [result] = await resultsOf(pair, ['payload: line feed'], 4_000)
  assert.match(result?.detail ?? '', /to be connected, .*content type "text\/plain"/)
  assert.match(result?.advice ?? '', /^the client refuses the answer: content type and wire format/)
})

test('of a server without heartbeats, which may forbid caching all the same', async () => {
  const silent = settingInstead('heartbeat', micros(0))
  const results = await resultsOf(silent, ['idle connection', 'nothing is cached'], 1_500)
  assert.deepEqual(
    results.map(({ case: name, state }) => [name, state]),
    [
      ['idle connection', 'failed'],
      ['nothing is cached', 'passed'],
    ],
  )
})

for (const body of Object.keys(postTypes) as PostBody[])
  test(`there is none for a pair that posts ${body}`, async () => {
    const names = ['resume', 'bad cursor', 'bad cursor of the client', 'two clients']
    const results = await resultsOf(linesPair({ method: 'POST' }, { method: 'POST', body }), names)
    assert.deepEqual(
      results.filter(({ state }) => state !== 'passed'),
      [],
    )
  })
