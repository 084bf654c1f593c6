/** The cases that look at requests and answers themselves. */
import type { Case } from './case.ts'
import type { Harness } from './harness.ts'
import { requestText, type SentRequest } from './http-tap.ts'
import { expectEqual, show } from './mismatch.ts'
import { statusOf } from './raw-request.ts'

const noWholeNumbers = ['-1', '1.5', 'abc', '', '1e3', '0x10', '1'.repeat(20), '%00']

/** The status that the server answers a request with. */
const ask = (harness: Harness, request: SentRequest): Promise<number> =>
  harness.within(
    statusOf(harness.url, requestText(request)),
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

/** Asks once with each value that is no whole number. */
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

/** Every case about requests and answers. */
export const requestCases: readonly Case[] = [
  {
    name: 'bad cursor',
    about: 'a cursor in `since` that is no whole number is answered 400',
    advice: 'refuse what is not all digits; the shared host does',
    serverOnly: true,
    run: harness =>
      expectRefusals(harness, value => plainGet(`${harness.url.pathname}?stream=0&since=${value}`)),
  },
  {
    name: 'bad stream',
    about: 'a stream that is no whole number is answered 400',
    advice: 'refuse what is not all digits; the shared host does',
    serverOnly: true,
    run: harness =>
      expectRefusals(harness, value => plainGet(`${harness.url.pathname}?stream=${value}&since=0`)),
  },
  {
    name: 'unknown path',
    about: 'a path that serves nothing is answered 404',
    advice: 'answer the one path of the events and what the technique serves with it, and nothing else',
    serverOnly: true,
    async run(harness) {
      for (const path of ['/nothing', `${harness.url.pathname}/more?stream=0&since=0`])
        expectEqual(`status of ${path}`, await ask(harness, plainGet(path)), 404)
    },
  },
]
