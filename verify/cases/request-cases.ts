/** The cases that check requests and responses themselves. */
import { milliseconds } from '../../model/units.ts'
import type { Case } from '../case.ts'
import { shortSilence, silenceOf } from '../declarations.ts'
import type { Harness } from '../harness.ts'
import { fieldOf, requestText, type SentRequest } from '../http-tap.ts'
import { expectEqual, expectThat, Mismatch, show } from '../mismatch.ts'
import type { VerifyProxy } from '../proxy.ts'
import { statusOf } from '../raw-request.ts'
import { cursorPlaces } from './cursor-places.ts'

const noWholeNumbers = ['-1', '1.5', 'abc', '', '1e3', '0x10', '1'.repeat(20), '%00']

/** The status that the server answers a request with. */
const ask = (harness: Harness, request: SentRequest): Promise<number> =>
  harness.within(
    statusOf(harness.server.url, requestText(request)),
    `an answer to ${request.method} ${request.target}`,
  )

/** A plain GET. `target` begins with a slash. */
const plainGet = (target: string): SentRequest => ({
  method: 'GET',
  target,
  fields: [
    ['Host', 'verify'],
    ['Connection', 'close'],
  ],
  body: '',
})

/** Asks once with each value that is not a whole number. */
async function expectRefusals(harness: Harness, request: (value: string) => SentRequest): Promise<void> {
  for (const value of noWholeNumbers) {
    const asked = request(value)
    expectEqual(
      `status of ${asked.method} ${asked.target} (value ${show(value)})`,
      await ask(harness, asked),
      400,
    )
  }
}

/** More events than any other number in a request is likely to be. */
const cursor = 137

/** The request with which a client of the pair reconnects at {@link cursor}. */
async function resumingRequest(harness: Harness): Promise<SentRequest> {
  const proxy = await harness.proxy()
  const client = await harness.join({ at: proxy.url })
  harness.publishMany(cursor)
  await harness.arrivesAt(client)
  proxy.cut()
  harness.publish('the one that is missed')
  await harness.arrivesAt(client)
  await client.close()
  const resuming = proxy.exchanges.find(({ request }) => cursorPlaces(request, cursor).length > 0)
  if (resuming === undefined)
    throw new Mismatch(`expected the cursor ${cursor} in a request of the client, got no such request`)
  return resuming.request
}

/** Expects that every answer for events so far forbids caching. */
function expectNotStored({ server: { url } }: Harness, { exchanges }: VerifyProxy): void {
  for (const { request, status, fields } of exchanges) {
    if (status !== 200 || request.target.split('?', 1)[0] !== url.pathname) continue
    const value = fieldOf(fields, 'cache-control')
    expectThat(
      /(^|[\s,])no-store($|[\s,])/i.test(value ?? ''),
      `Cache-Control: no-store in the answer to ${request.method} ${request.target}`,
      value ?? 'no such field',
    )
  }
}

/** Every case about requests and answers. */
export const requestCases: readonly Case[] = [
  {
    name: 'bad cursor',
    about: 'a cursor in `since` that is not a whole number is answered 400',
    advice: 'refuse what is not all digits; the shared host does',
    serverOnly: true,
    run: harness =>
      expectRefusals(harness, value => plainGet(`${harness.server.url.pathname}?stream=0&since=${value}`)),
  },
  {
    name: 'bad cursor of the client',
    about:
      'a cursor that is not a whole number is answered 400 wherever the client puts it: query, header or body',
    advice: 'read the cursor in one function, whether it comes in the query, in Last-Event-ID or in a body',
    serverOnly: true,
    async run(harness) {
      const request = await resumingRequest(harness)
      const status = await ask(harness, request)
      expectThat(
        status === 200 || status === 101,
        'a cursor that is a number to be taken',
        `status ${status}`,
      )
      for (const replace of cursorPlaces(request, cursor)) await expectRefusals(harness, replace)
    },
  },
  {
    name: 'bad stream',
    about: 'a stream that is not a whole number is answered 400',
    advice: 'refuse what is not all digits; the shared host does',
    serverOnly: true,
    run: harness =>
      expectRefusals(harness, value => plainGet(`${harness.server.url.pathname}?stream=${value}&since=0`)),
  },
  {
    name: 'unknown path',
    about: 'a path that serves nothing is answered 404',
    advice: 'answer the one path of the events and what the technique serves with it, and nothing else',
    serverOnly: true,
    async run(harness) {
      for (const path of ['/nothing', `${harness.server.url.pathname}/more?stream=0&since=0`])
        expectEqual(`status of ${path}`, await ask(harness, plainGet(path)), 404)
    },
  },
  {
    name: 'nothing is cached',
    about: 'no answer for events may be stored: each says `Cache-Control: no-store`',
    advice:
      'send Cache-Control: no-store with every answer for events, empty ones too (RFC 9111 section 5.2.2.5)',
    serverOnly: true,
    settings: pair => shortSilence(pair, milliseconds(30)),
    async run(harness) {
      const proxy = await harness.proxy()
      const client = await harness.join({ at: proxy.url })
      harness.publishMany(2)
      await harness.arrivesAt(client)
      expectNotStored(harness, proxy)
      // Where silence has an end, an empty answer or a heartbeat follows by itself; that it does is another case.
      const heard = proxy.heard
      if (silenceOf(harness.options.pair) !== null) await harness.comes(() => proxy.heard > heard)
      proxy.cut()
      harness.publish('the one that is missed')
      await harness.arrivesAt(client)
      expectNotStored(harness, proxy)
    },
  },
]
