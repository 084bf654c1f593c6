/** A client that reads slowly is kept; what happens to one that stops reading is a case of the conformance suite. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { maximumTextBytes } from '../../model/event.ts'
import { milliseconds } from '../../model/units.ts'
import { eventually, serve } from '../served.ts'
import { SlowLink } from '../slow-link.ts'
import { declaring, follow, known, streams } from '../streams.ts'

const logEvents = 64
/** Every HTTP stream is fed and ended by the same code. */
const fedAlike = streams.filter(({ technique }) => technique === 'sse')
const others = declaring('stall').filter(adapters => !streams.includes(adapters))

describe('a client that takes a little now and then is kept, though its socket drains in many times stall', {
  concurrency: true,
}, () => {
  const stallMs = 600
  const portions = 16

  for (const [when, limit, pairs] of [
    ['while events wait for it', 0, [...fedAlike, ...others]],
    ['when its stream has ended', 1, fedAlike],
  ] as const) {
    for (const adapters of pairs) {
      test(`${adapters.technique}, ${when}`, async t => {
        const { technique, server, client } = adapters
        const settings = known(adapters, { stall: milliseconds(stallMs), limit })
        const served = await serve(t, server, { settings, logEvents })
        const link = await SlowLink.open(t, served.url)
        const sink = await follow(t, client, link.url)
        link.stop()
        // The largest event is one write, so that the socket drains when all of it has been taken.
        served.publish(1, 'x'.repeat(maximumTextBytes - 100))
        for (const _ of new Array(portions - 1)) {
          await link.take(maximumTextBytes / portions)
          await new Promise(resolve => setTimeout(resolve, stallMs / 3))
          assert.deepEqual(sink.losses, [], technique)
        }
        link.resume()
        await eventually(() => sink.cursor === 1, 'the event')
      })
    }
  }
})
