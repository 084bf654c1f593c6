/**
 * The conformance cases in which something breaks: connections, clients, the server; or the other side is no
 * server of ours at all.
 */
import type { LossCause } from '../measure/technique.ts'
import type { Case } from './cases.ts'
import { expectEqual, Mismatch, type Probe } from './probe.ts'
import type { VerifyProxy } from './proxy.ts'
import type { Stage } from './stage.ts'
import { httpAnswer, nowhere, openStranger } from './strangers.ts'

const connectionCases: readonly Case[] = [
  {
    name: 'resume',
    about: 'a client whose connection is dropped goes on where it was: nothing lost, nothing doubled',
    async run(stage) {
      const proxy = await stage.proxy()
      const client = await stage.join(proxy.url)
      for (let round = 0; round < 3; round++) {
        stage.publishMany(5)
        await client.receives(stage.published())
        await cutOff(client, proxy)
        stage.publishMany(5)
        proxy.away = false
        await client.receives(stage.published())
      }
      stage.publish('the last')
      await client.receives(stage.published())
    },
  },
  {
    name: 'cut in a burst',
    about: 'a connection that is dropped while events are on their way loses and doubles none of them',
    async run(stage) {
      const proxy = await stage.proxy()
      const client = await stage.join(proxy.url)
      // More than the sockets on the way hold, so that the cut goes through the middle of an event.
      stage.publishMany(300, 16_384)
      await client.until('a first event', () => client.events.length > 0)
      proxy.cut()
      await client.receives(stage.published())
      stage.publish('the last')
      await client.receives(stage.published())
    },
  },
  {
    name: 'overrun',
    about: 'a client that was away for longer than the log reaches is told what is gone and given the rest',
    logEvents: 10,
    async run(stage) {
      const proxy = await stage.proxy()
      const client = await stage.join(proxy.url)
      stage.publishMany(3)
      await client.receives(stage.published())
      await cutOff(client, proxy)
      stage.publishMany(25)
      proxy.away = false
      const kept = stage.published().filter(({ seq }) => seq <= 3 || seq >= 19)
      await client.receives(kept)
      expectEqual('notices', client.overruns, [{ first: 4, last: 18 }])
      stage.publish('the last')
      await client.receives([...kept, ...stage.published().slice(-1)])
      expectEqual('notices', client.overruns, [{ first: 4, last: 18 }])
    },
  },
  {
    name: 'abrupt disconnects',
    about: 'connections that are reset leave no state behind, and the clients come back',
    async run(stage) {
      const proxy = await stage.proxy()
      const clients = await Promise.all(Array.from({ length: 20 }, () => stage.join(proxy.url)))
      stage.publish('before')
      await Promise.all(clients.map(client => client.receives(stage.published())))
      proxy.away = true
      proxy.cut()
      await stage.empties()
      stage.publish('to nobody')
      proxy.away = false
      await Promise.all(clients.map(client => client.receives(stage.published())))
    },
  },
]

const serverCases: readonly Case[] = [
  {
    name: 'server closes',
    about: 'a server that closes ends every connection, holds nothing and frees its port',
    async run(stage) {
      const clients = await Promise.all([stage.join(), stage.join(), stage.join()])
      stage.publish('before')
      await Promise.all(clients.map(client => client.receives(stage.published())))
      await stage.stop()
      await stage.empties()
      for (const client of clients) await client.until('a refusal', () => lastCause(client) === 'refused')
    },
  },
  {
    name: 'server restarts',
    about: 'clients find a server that comes back on its port and go on where they were',
    async run(stage) {
      const clients = await Promise.all([stage.join(), stage.join()])
      stage.publishMany(5)
      await Promise.all(clients.map(client => client.receives(stage.published())))
      await stage.stop()
      await stage.restart()
      stage.publishMany(5)
      await Promise.all(clients.map(client => client.receives(stage.published())))
    },
  },
  {
    name: 'port in use',
    about: 'a server whose port is taken says so',
    async run(stage) {
      const error = await stage.listenAgain()
      const code = error instanceof Error && 'code' in error ? error.code : error
      expectEqual('code of the error', code, 'EADDRINUSE')
    },
  },
]

const strangerCases: readonly Case[] = [
  {
    name: 'nothing listens',
    about: 'a client that finds nobody reports `refused` and goes on trying',
    run: async stage => expectLosses(stage, await nowhere(), ['refused']),
  },
  {
    name: 'status 500',
    about: 'a client that is answered with an error status reports `status`',
    run: stage => meetsStranger(stage, httpAnswer('500 Internal Server Error', ''), ['status']),
  },
  {
    name: 'no HTTP',
    about: 'a client whose server speaks no HTTP reports `protocol`',
    run: stage => meetsStranger(stage, '220 mail.example ESMTP\r\n', ['protocol']),
  },
  {
    name: 'foreign page',
    about: 'a client that is given some page reports `protocol`, or `status` where 200 is the wrong one',
    run: stage =>
      meetsStranger(stage, httpAnswer('200 OK', '<!doctype html><p>Log in</p>'), ['protocol', 'status']),
  },
  {
    name: 'cut answer',
    about: 'a client whose answer breaks off in its head reports `reset` or `protocol`',
    run: stage => meetsStranger(stage, 'HTTP/1.1 200 OK\r\nContent-', ['reset', 'protocol']),
  },
]

/** Has a client's connection dropped, and none of its attempts succeed until the proxy is back. */
async function cutOff(client: Probe, proxy: VerifyProxy): Promise<void> {
  const before = client.losses.length
  proxy.away = true
  proxy.cut()
  await client.until('a lost connection', () => client.losses.length > before)
}

const lastCause = (client: Probe): LossCause | undefined => client.losses.at(-1)?.cause

/** Expects that a client tries more than once, fails by one of `causes` each time, and throws nothing. */
async function expectLosses(stage: Stage, at: URL, causes: readonly LossCause[]): Promise<void> {
  const client = stage.client(at)
  await stage.within(client.session.start(), 'a first attempt to connect')
  await client.until('a second attempt', () => client.losses.length >= 2)
  const other = client.losses.find(({ cause }) => !causes.includes(cause))
  if (other !== undefined)
    throw new Mismatch(`loss: expected ${causes.join(' or ')}, got ${other.cause} (${other.detail})`)
  expectEqual('events', client.events, [])
  expectEqual('connects', client.ups, 0)
}

async function meetsStranger(stage: Stage, answer: string, causes: readonly LossCause[]): Promise<void> {
  const stranger = await openStranger(answer)
  stage.defer(() => stranger.close())
  await expectLosses(stage, stranger.url, causes)
}

/** Every case in which something breaks. */
export const recoveryCases: readonly Case[] = [...connectionCases, ...serverCases, ...strangerCases]
