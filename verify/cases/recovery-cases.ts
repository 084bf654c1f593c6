/** The cases in which connections break or the server ends: clients reconnect and miss nothing. */
import type { LossCause } from '../../model/loss.ts'
import type { Case } from '../case.ts'
import { expectEqual } from '../mismatch.ts'
import type { VerifyProxy } from '../proxy.ts'
import type { TestClient } from '../test-client.ts'

const connectionCases: readonly Case[] = [
  {
    name: 'resume',
    about: 'a client whose connection is dropped resumes where it was: nothing lost, nothing duplicated',
    advice: 'the client must ask from sink.cursor, and the server answer with what the log holds after it',
    async run(harness) {
      const proxy = await harness.proxy()
      const client = await harness.join({ at: proxy.url })
      for (let round = 0; round < 3; round++) {
        harness.publishMany(5)
        await harness.arrivesAt(client)
        await cutOff(client, proxy)
        harness.publishMany(5)
        proxy.away = false
        await harness.arrivesAt(client)
      }
      harness.publish('the last')
      await harness.arrivesAt(client)
    },
  },
  {
    name: 'cut in a burst',
    about: 'a connection that is dropped while events are on their way loses and duplicates none of them',
    advice: 'an event that arrives in part was not received; the cursor moves only with whole events',
    async run(harness) {
      const proxy = await harness.proxy()
      const client = await harness.join({ at: proxy.url })
      // More than the sockets on the way hold, so that the cut goes through the middle of an event.
      harness.publishMany(300, 16_384)
      await client.until('a first event', () => client.events.length > 0)
      proxy.cut()
      await harness.arrivesAt(client)
      harness.publish('the last')
      await harness.arrivesAt(client)
    },
  },
  {
    name: 'overrun',
    about:
      'a client that was away for longer than the log reaches is notified of what is gone and gets the rest',
    advice: 'put encodeOverrun() ahead of the events when the log does not reach back to the cursor',
    logEvents: 10,
    async run(harness) {
      const proxy = await harness.proxy()
      const client = await harness.join({ at: proxy.url })
      harness.publishMany(3)
      await harness.arrivesAt(client)
      await cutOff(client, proxy)
      harness.publishMany(25)
      proxy.away = false
      const kept = harness.published().filter(({ seq }) => seq <= 3 || seq >= 19)
      await client.receives(kept)
      expectEqual('notices', client.overruns, [{ first: 4, last: 18 }])
      harness.publish('the last')
      await client.receives([...kept, ...harness.published().slice(-1)])
      expectEqual('notices', client.overruns, [{ first: 4, last: 18 }])
    },
  },
  {
    name: 'abrupt disconnects',
    about: 'connections that are reset leave no state behind, and the clients come back',
    advice: 'forget a subscriber on `close` of its connection, which follows every error',
    async run(harness) {
      const proxy = await harness.proxy()
      const clients = await Promise.all(Array.from({ length: 20 }, () => harness.join({ at: proxy.url })))
      harness.publish('before')
      await harness.arrivesAt(...clients)
      proxy.away = true
      proxy.cut()
      await harness.empties()
      harness.publish('to nobody')
      proxy.away = false
      await harness.arrivesAt(...clients)
    },
  },
]

const serverCases: readonly Case[] = [
  {
    name: 'server closes',
    about: 'a server that closes ends every connection, holds nothing and frees its port',
    advice: 'close() of the server must destroy its sockets, upgraded ones too, and await their end',
    async run(harness) {
      const clients = await Promise.all([harness.join(), harness.join(), harness.join()])
      harness.publish('before')
      await harness.arrivesAt(...clients)
      await harness.server.stop()
      await harness.empties()
      for (const client of clients) await client.until('a refusal', () => lastCause(client) === 'refused')
    },
  },
  {
    name: 'server restarts',
    about: 'clients find a server that comes back on its port and resume where they were',
    advice: 'a new server gets the old events before it listens; it must serve them by cursor',
    async run(harness) {
      const clients = await Promise.all([harness.join(), harness.join()])
      harness.publishMany(5)
      await harness.arrivesAt(...clients)
      await harness.server.stop()
      await harness.server.restart()
      harness.publishMany(5)
      await harness.arrivesAt(...clients)
    },
  },
  {
    name: 'port in use',
    about: 'a server whose port is taken reports it',
    advice: 'listen() must reject with the error of the system',
    serverOnly: true,
    async run(harness) {
      const error = await harness.server.listenAgain()
      const code = error instanceof Error && 'code' in error ? error.code : error
      expectEqual('code of the error', code, 'EADDRINUSE')
    },
  },
]

/** Drops a client's connection and lets none of its attempts succeed until the proxy is back. */
async function cutOff(client: TestClient, proxy: VerifyProxy): Promise<void> {
  const before = client.losses.length
  proxy.away = true
  proxy.cut()
  await client.until('a lost connection', () => client.losses.length > before)
}

const lastCause = (client: TestClient): LossCause | undefined => client.losses.at(-1)?.cause

/** Every case in which connections break or the server ends. */
export const recoveryCases: readonly Case[] = [...connectionCases, ...serverCases]
