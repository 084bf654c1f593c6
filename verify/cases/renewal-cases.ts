/** The case in which a server ends its streams by itself, and clients open the next. */
import { milliseconds, toMilliseconds } from '../../model/units.ts'
import type { Case } from '../case.ts'
import { advising, expectThat, show } from '../mismatch.ts'
import type { VerifyProxy } from '../proxy.ts'
import { renewalAdvice } from './drain-cases.ts'

/** How many streams to see ended. */
const renewals = 3

/** Long enough that a stream which ends at once is told from one that lasts, on a busy machine too. */
const lifetime = milliseconds(100)

/** How much too early a timer of Node.js may fire: it counts whole milliseconds. */
const timerErrorMs = 1

/** Counts the streams that were answered; a page also loads files of its own. */
const streamsThrough =
  ({ exchanges }: VerifyProxy, { pathname }: URL) =>
  (): number =>
    exchanges.filter(({ request }) => request.target.split('?', 1)[0] === pathname).length

/** Every case about streams that are renewed. */
export const renewalCases: readonly Case[] = [
  {
    name: 'lifetime',
    about:
      'a stream ends in order after its `lifetime`, no earlier, and the client opens the next and misses no event',
    advice: 'end the response `lifetime` after it began; servers/http/stream.ts does',
    settings: () => ({ lifetime }),
    exempt: ({ server }) =>
      server.settings['lifetime'] === undefined ? 'the server declares no setting `lifetime`' : null,
    async run(harness) {
      const proxy = await harness.proxy()
      // Before the stream begins, so that a slow machine can only make it look longer.
      const startedAt = performance.now()
      const client = await harness.join({ at: proxy.url })
      const streams = streamsThrough(proxy, harness.server.url)
      const opened = streams()
      const renewed = (): number => streams() - opened
      await harness.until(
        'the server to end a stream after its lifetime',
        () => renewed() > 0 || harness.server.subscribers === 0,
      )
      const lasted = performance.now() - startedAt
      expectThat(
        lasted >= toMilliseconds(lifetime) - timerErrorMs,
        `the first stream to last ${toMilliseconds(lifetime)} ms, its lifetime`,
        `its end after ${lasted.toFixed(1)} ms at the latest`,
      )
      for (let count = 1; count <= renewals; count++) {
        harness.publish(`around the end of stream ${count}`)
        await advising(
          renewalAdvice,
          harness.until('the client to open the next stream', () => renewed() >= count),
        )
      }
      harness.publish('the last')
      await harness.arrivesAt(client)
      expectThat(
        client.losses.every(({ cause }) => cause === 'closed'),
        'no loss but `closed`',
        show(client.losses),
      )
    },
  },
]
