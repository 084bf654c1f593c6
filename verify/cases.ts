/**
 * The conformance cases: what every technique must do, as data. A case knows no technique; it sees a server
 * half and client halves through its stage, and throws when something is not exactly as expected.
 */
import { nastyPayloads } from './payloads.ts'
import { expectEqual } from './probe.ts'
import { recoveryCases } from './recovery.ts'
import type { Stage } from './stage.ts'

/** One thing that every technique must do. */
export interface Case {
  /** What deviations and reports call the case. */
  readonly name: string
  /** The requirement, in a sentence. */
  readonly about: string
  /** Events that the server keeps per stream; enough for the whole case when absent. */
  readonly logEvents?: number
  /** Throws when the requirement is not met. */
  run(stage: Stage): Promise<void>
}

const payloadCases: readonly Case[] = Object.entries(nastyPayloads).map(([name, payload]) => ({
  name: `payload: ${name}`,
  about: 'a payload arrives as it was published, when a client is connected and when it comes later',
  async run(stage) {
    const early = await stage.join()
    stage.publish(payload)
    stage.publish('the event behind it')
    await early.receives(stage.published())
    const late = await stage.join()
    await late.receives(stage.published())
  },
}))

const deliveryCases: readonly Case[] = [
  {
    name: 'burst of 1,000',
    about: 'a thousand events published at once arrive in order and complete',
    async run(stage) {
      const client = await stage.join()
      stage.publishMany(1_000)
      await client.receives(stage.published())
      // One more shows whatever came twice or late at the end of the burst.
      stage.publish('after the burst')
      await client.receives(stage.published())
    },
  },
  {
    name: 'two clients',
    about: 'each of two clients is given every event',
    async run(stage) {
      const [one, other] = await Promise.all([stage.join(), stage.join()])
      stage.publishMany(20)
      await Promise.all([one.receives(stage.published()), other.receives(stage.published())])
    },
  },
  {
    name: 'two streams',
    about: 'a client is given the events of its own stream and no others',
    async run(stage) {
      const [even, odd] = await Promise.all([stage.join(stage.url, 0), stage.join(stage.url, 1)])
      for (let index = 0; index < 20; index++) stage.publish(`event ${index}`, index % 2)
      await Promise.all([even.receives(stage.published(0)), odd.receives(stage.published(1))])
    },
  },
  {
    name: 'hand-overs are counted',
    about: 'the server reports each event that it hands to a client once',
    async run(stage) {
      const clients = await Promise.all([stage.join(), stage.join(), stage.join()])
      stage.publishMany(10)
      await Promise.all(clients.map(client => client.receives(stage.published())))
      await stage.becomes('events handed over', () => stage.handedOver, 30)
    },
  },
  {
    name: 'bytes arrive singly',
    about: 'it does not matter where the network cuts: not in a character, not in a frame',
    async run(stage) {
      const proxy = await stage.proxy(1)
      const client = await stage.join(proxy.url)
      stage.publish('\u{1F600} \u20ac \u00e9')
      stage.publish('the event behind it')
      await client.receives(stage.published())
    },
  },
  {
    name: 'clients that leave',
    about: 'a client that closes leaves no state and no connection on the server',
    async run(stage) {
      const clients = await Promise.all(Array.from({ length: 10 }, () => stage.join()))
      stage.publish('to all')
      await Promise.all(clients.map(client => client.receives(stage.published())))
      await stage.within(Promise.all(clients.map(client => client.session.close())), 'clients to close')
      await stage.empties()
      stage.publish('to nobody')
    },
  },
  {
    name: 'client that leaves early',
    about: 'a client may close before it is connected',
    async run(stage) {
      const client = stage.client()
      void client.session.start()
      await stage.within(client.session.close(), 'the client to close')
      await stage.empties()
      stage.publish('to nobody')
      expectEqual('events that came after closing', client.events, [])
    },
  },
]

const requestCases: readonly Case[] = [
  {
    name: 'bad cursor',
    about: 'a cursor that is no whole number is answered 400',
    run: stage => expectStatus(stage, 400, cursor => `${stage.url.pathname}?stream=0&since=${cursor}`),
  },
  {
    name: 'bad stream',
    about: 'a stream that is no whole number is answered 400',
    run: stage => expectStatus(stage, 400, stream => `${stage.url.pathname}?stream=${stream}&since=0`),
  },
  {
    name: 'unknown path',
    about: 'a path that serves nothing is answered 404',
    async run(stage) {
      for (const path of ['/nothing', `${stage.url.pathname}/more?stream=0&since=0`])
        expectEqual(`status of ${path}`, await stage.status(path), 404)
    },
  },
]

/** Asks once with each value that is no whole number. */
async function expectStatus(stage: Stage, status: number, path: (value: string) => string): Promise<void> {
  for (const value of ['-1', '1.5', 'abc', '', '1e3', '0x10', '1'.repeat(20), '%00'])
    expectEqual(`status of ${path(value)}`, await stage.status(path(value)), status)
}

/** Every case, in the order in which they run. */
export const cases: readonly Case[] = [...payloadCases, ...deliveryCases, ...recoveryCases, ...requestCases]
