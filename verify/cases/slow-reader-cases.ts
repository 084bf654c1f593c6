/** The cases with a client that stops reading its socket while events go on. */
import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { milliseconds } from '../../model/units.ts'
import type { Case } from '../case.ts'
import type { Harness } from '../harness.ts'
import { liveBytes } from '../live-bytes.ts'
import { expectEqual, expectThat, Mismatch, show } from '../mismatch.ts'
import type { VerifyProxy } from '../proxy.ts'
import type { TestClient } from '../test-client.ts'

const payloadBytes = 65_536
/** Random, so that no compression makes it small. */
const payload = randomBytes((payloadBytes / 4) * 3).toString('base64')
/** Events of one round; the log holds two rounds, so that a reader that keeps up misses none. */
const perRound = 8
const logEvents = 2 * perRound
/** By then the buffers of the system are full, so any growth is in this process. */
const fillingRounds = 16
const watchedRounds = 6
/** The memory of a process may grow once without a cause; a process that keeps events grows each time. */
const attempts = 3
/** A server that buffers for a stalled reader grows by all the events; others by some 100 KB, more or less. */
const growthAtMost = (watchedRounds * perRound * payloadBytes) / 4

/** Short, but long enough that a reader that keeps up is not dropped when the machine is busy for a moment. */
const stall = milliseconds(250)

/** A client that loads files with every page keeps pages until it has them, in the memory that is measured here. */
const pageAlone = { assets: 0 }

/** A reader that keeps up, and one behind a relay that can stop taking anything from the server. */
interface Readers {
  readonly brisk: TestClient
  readonly slow: TestClient
  readonly proxy: VerifyProxy
}

async function joinReaders(harness: Harness): Promise<Readers> {
  const proxy = await harness.proxy()
  const [brisk, slow] = await Promise.all([harness.join(), harness.join({ at: proxy.url })])
  harness.publish('the first')
  await harness.arrivesAt(brisk, slow)
  brisk.forget()
  slow.forget()
  return { brisk, slow, proxy }
}

/** Publishes a round of large events and waits until the brisk reader has them. */
async function publishRound(harness: Harness, { brisk }: Readers): Promise<void> {
  for (let index = 0; index < perRound; index++) harness.publish(payload)
  const { length } = harness.published()
  await brisk.until('every event while another reader stalls', () => brisk.session.cursor === length)
  expectEqual('events of a round', brisk.events.length, perRound)
  brisk.forget()
  await nextTurn()
}

/** Bytes by which the process grows while events go to a reader that stalls. */
async function growth(harness: Harness, readers: Readers): Promise<number> {
  const before = await liveBytes()
  for (let round = 0; round < watchedRounds; round++) await publishRound(harness, readers)
  return (await liveBytes()) - before
}

/** Expects that each gap in what came was announced by a notice. */
function expectGapsAnnounced({ events, overruns }: TestClient): void {
  const notices = [...overruns]
  let last = 1
  for (const { seq } of events) {
    const notice = seq === last + 1 ? undefined : notices.shift()
    if (seq !== last + 1 && (notice?.first !== last + 1 || notice.last !== seq - 1))
      throw new Mismatch(`notice of events ${last + 1} to ${seq - 1}: expected one, got ${show(notice)}`)
    last = seq
  }
}

/** Lets the slow reader go on, and waits until it is up to date. */
async function catchUp(harness: Harness, { slow, proxy }: Readers): Promise<void> {
  proxy.resume()
  harness.publish('the last')
  const { length } = harness.published()
  await slow.until('the newest event after the stall', () => slow.session.cursor === length)
  expectGapsAnnounced(slow)
}

/** Every case with a client that stops reading. */
export const slowReaderCases: readonly Case[] = [
  {
    name: 'stalled reader',
    about: 'a client that stops reading neither grows the memory of the server nor delays the other clients',
    advice:
      'stop writing to a connection when write() returns false, and go on from the log when it drains; servers/http/feed.ts does',
    serverOnly: true,
    logEvents,
    settings: () => pageAlone,
    async run(harness) {
      const readers = await joinReaders(harness)
      readers.proxy.stall()
      for (let round = 0; round < fillingRounds; round++) await publishRound(harness, readers)
      let grown = await growth(harness, readers)
      for (let attempt = 1; attempt < attempts && grown >= growthAtMost; attempt++)
        grown = await growth(harness, readers)
      expectThat(
        grown < growthAtMost,
        `memory to grow by less than ${growthAtMost} bytes for events that nobody reads`,
        `${grown} bytes more`,
      )
      await catchUp(harness, readers)
      expectEqual('losses of the client that stalled', readers.slow.losses, [])
      expectEqual('losses of the other client', readers.brisk.losses, [])
    },
  },
  {
    name: 'stalled reader is dropped',
    about: 'a client that takes nothing for the length of `stall` is dropped, and comes back',
    advice: 'destroy a connection on which nothing has passed for `stall` while events wait for it',
    serverOnly: true,
    logEvents,
    settings: () => ({ stall, ...pageAlone }),
    exempt: ({ server }) => ('stall' in server.settings ? null : 'the server declares no setting `stall`'),
    async run(harness) {
      const readers = await joinReaders(harness)
      const { slow, proxy } = readers
      proxy.stall()
      const end = performance.now() + harness.options.deadlineMs
      while (harness.server.subscribers > 1 && performance.now() < end) await publishRound(harness, readers)
      expectEqual('clients that the server holds state for', harness.server.subscribers, 1)
      await catchUp(harness, readers)
      expectThat(
        slow.losses[0] !== undefined && slow.losses[0].cause !== 'closed',
        'the client to report that its connection broke',
        show(slow.losses[0]),
      )
    },
  },
]
