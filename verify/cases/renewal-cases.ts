/** The case in which a server ends its streams by itself, and clients open the next. */
import { milliseconds } from '../../model/units.ts'
import type { Case } from '../case.ts'
import { advising, expectThat, show } from '../mismatch.ts'
import { renewalAdvice } from './drain-cases.ts'

/** How many streams to see ended. */
const renewals = 3

/** Every case about streams that are renewed. */
export const renewalCases: readonly Case[] = [
  {
    name: 'lifetime',
    about: 'a stream ends in order after its `lifetime`, and the client opens the next and misses no event',
    advice: 'end the response `lifetime` after it began; servers/http/stream.ts does',
    settings: () => ({ lifetime: milliseconds(40) }),
    exempt: ({ server }) =>
      server.settings['lifetime'] === undefined ? 'the server declares no setting `lifetime`' : null,
    async run(harness) {
      const proxy = await harness.proxy()
      const client = await harness.join({ at: proxy.url })
      const opened = proxy.exchanges.length
      const renewed = (): number => proxy.exchanges.length - opened
      await harness.until(
        'the server to end a stream after its lifetime',
        () => renewed() > 0 || harness.server.subscribers === 0,
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
