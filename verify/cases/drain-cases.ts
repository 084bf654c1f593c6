/** The cases in which a server drains: it is about to shut down and asks its clients to reconnect elsewhere. */
import type { Case } from '../case.ts'
import type { Harness } from '../harness.ts'
import { advising, expectEqual, expectThat, show } from '../mismatch.ts'
import type { VerifyProxy } from '../proxy.ts'
import type { TestClient } from '../test-client.ts'

const advice =
  'add drain() to the server: stop listening, end the connections one after the other, and serve the others meanwhile; a server that cannot records a deviation'

/** Where the server has ended a connection, and its client does not come back. */
export const renewalAdvice =
  'the client must open the next connection when a response ends in order, or report the end by sink.lost()'

/** Long enough that the connections of at most one client are sent away within the case. */
const longWindowMs = 8_000
/** The time in which all connections are sent away. */
const shortWindowMs = 60

/** A client with a relay of its own, so that its connections can be counted. */
interface Follower {
  readonly client: TestClient
  readonly proxy: VerifyProxy
}

/** Clients that are connected, in their order, and have an event. */
async function joinFollowers(harness: Harness, count: number): Promise<Follower[]> {
  const followers: Follower[] = []
  for (let index = 0; index < count; index++) {
    const proxy = await harness.proxy()
    followers.push({ proxy, client: await harness.join({ at: proxy.url }) })
  }
  harness.publish('before')
  await harness.arrivesAt(...followers.map(({ client }) => client))
  return followers
}

/** Has clients move to a successor, and expects that they miss no event and get none twice. */
async function move(harness: Harness, followers: readonly Follower[]): Promise<void> {
  const successor = await harness.server.succeed()
  const before = followers.map(({ proxy }) => proxy.accepted)
  for (const { proxy } of followers) {
    proxy.redirect(successor)
    proxy.hooks = { closed: () => harness.publish('as a connection ended') }
  }
  harness.publish('before the first goes')
  await harness.within(harness.server.drain(shortWindowMs), 'drain() to end every connection')
  for (const { proxy } of followers) proxy.hooks = {}
  await harness.empties()
  const stays = (): boolean => followers.some(({ proxy }, index) => proxy.accepted === before[index])
  await advising(
    renewalAdvice,
    harness.until('each client to connect to the successor', () => !stays()),
  )
  harness.publish('the last')
  await harness.arrivesAt(...followers.map(({ client }) => client))
}

/** Every case about draining. */
export const drainCases: readonly Case[] = [
  {
    name: 'drain in turn',
    about:
      'a draining server takes no new connection, asks clients to leave one after the other, and serves the rest meanwhile',
    advice,
    async run(harness) {
      const followers = await joinFollowers(harness, 2)
      for (const { proxy } of followers) proxy.away = true
      const sockets = harness.server.sockets
      void harness.server.drain(longWindowMs)
      const gone = (): Follower[] => followers.filter(({ proxy }) => proxy.turnedAway > 0)
      await harness.until(
        'a client to be sent away',
        () => gone().length > 0 || harness.server.sockets < sockets,
      )
      await advising(
        renewalAdvice,
        harness.until('a client that is sent away to come back', () => gone().length > 0),
      )
      expectThat(
        !(await harness.server.accepts()),
        'a draining server to refuse connections',
        'one that it took',
      )
      harness.publish('while draining')
      const [staying] = followers.filter(({ proxy }) => proxy.turnedAway === 0)
      expectThat(staying !== undefined, 'one client to stay until its turn', 'all sent away at once')
      await harness.arrivesAt(staying.client)
      expectEqual('connects of a client that stays', [staying.client.ups, staying.proxy.turnedAway], [1, 0])
    },
  },
  {
    name: 'drain to a successor',
    about: 'clients of a draining server reconnect to its successor once, miss no event and get none twice',
    advice: `${advice}; a server must not give a client what its cursor says that it has`,
    async run(harness) {
      const followers = await joinFollowers(harness, 4)
      const before = followers.map(({ proxy }) => proxy.accepted)
      await move(harness, followers)
      for (const [index, { client, proxy }] of followers.entries()) {
        const most = before[index] ?? 0
        const moves = proxy.accepted - most
        expectThat(client.losses.length <= 1, 'one loss at the most', show(client.losses))
        expectThat(
          moves > 0 && moves <= most,
          `at least 1 and at most ${most} new connections`,
          String(moves),
        )
      }
    },
  },
  {
    name: 'drain in order',
    about: 'a client of a draining server sees an orderly end of its connection, and reports `closed`',
    advice:
      'end an answer and then its connection; WebSocket closes with code 1012, other streams with their last bytes',
    serverOnly: true,
    async run(harness) {
      const followers = await joinFollowers(harness, 2)
      await move(harness, followers)
      for (const { client } of followers) {
        expectThat(
          client.losses.every(({ cause }) => cause === 'closed'),
          'no loss but `closed`',
          show(client.losses),
        )
      }
    },
  },
]
