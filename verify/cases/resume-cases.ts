/** The case in which an event is published at the very moment at which a client reconnects. */
import type { Case } from '../case.ts'
import type { Harness } from '../harness.ts'
import { Mismatch } from '../mismatch.ts'
import { type Moment, moments } from '../moments.ts'
import type { VerifyProxy } from '../proxy.ts'

/**
 * How many events before the published one a client saw last. At 0 it has seen that very event, of a server that
 * was ahead of this one; at 2 it has missed one more, which is in the log.
 */
const distances = [0, 1, 2]

/** One of the clients that reconnect at the same time, each on a stream of its own. */
interface Lane {
  readonly stream: number
  readonly distance: number
  readonly proxy: VerifyProxy
}

/** Has a client connect by a relay of its own while the next event of its stream is published. */
async function publishAt(harness: Harness, moment: Moment, lane: Lane): Promise<void> {
  const { proxy, stream, distance } = lane
  const cursor = harness.published(stream).length + 1 - distance
  let published = false
  const publishOnce = (): void => {
    if (published) return
    published = true
    harness.publish(moment.name, stream)
  }
  const undo = moment.arrange(publishOnce, proxy)
  try {
    const client = await harness.join({ at: proxy.url, stream, cursor })
    publishOnce()
    await client.receives(harness.published(stream).slice(cursor))
    harness.publish('the next', stream)
    await client.receives(harness.published(stream).slice(cursor))
    await client.close()
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error
    const seen = ['the event itself', 'the event before it', 'all but the event before it'][distance]
    throw new Mismatch(`published ${moment.name}, to a client that had seen ${seen}: ${error.message}`)
  } finally {
    undo()
  }
}

/** Every case about coming back while events are published. */
export const resumeCases: readonly Case[] = [
  {
    name: 'publish while resuming',
    about: 'an event that is published at the very moment at which a client comes back comes once',
    advice:
      'read the log and subscribe without an await between them, and give a subscriber no event up to its cursor',
    async run(harness) {
      const lanes: Lane[] = []
      for (const [stream, distance] of distances.entries()) {
        lanes.push({ stream, distance, proxy: await harness.proxy() })
        for (let count = 0; count < 2; count++) harness.publish('before', stream)
      }
      for (const moment of moments) await Promise.all(lanes.map(lane => publishAt(harness, moment, lane)))
    },
  },
]
