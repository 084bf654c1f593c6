/** The cases in which nothing breaks: payloads, order, streams, what is counted, clients that leave. */
import type { Case } from '../case.ts'
import { expectEqual } from '../mismatch.ts'
import { nastyPayloads } from '../payloads.ts'

const payloadCases: readonly Case[] = Object.entries(nastyPayloads).map(([name, payload]) => ({
  name: `payload: ${name}`,
  about: `a payload arrives as it was published, when a client is connected and when it comes later (${name})`,
  advice: 'the text of an event must be framed, escaped and decoded so that nothing in it can end the frame',
  async run(harness) {
    const early = await harness.join()
    harness.publish(payload)
    harness.publish('the event behind it')
    await harness.arrivesAt(early)
    const late = await harness.join()
    await harness.arrivesAt(late)
  },
}))

const eventCases: readonly Case[] = [
  {
    name: 'burst of 1,000',
    about: 'a thousand events published at once arrive in order and complete',
    advice: 'events published while a request is being answered or a socket is full must wait in the log',
    async run(harness) {
      const client = await harness.join()
      harness.publishMany(1_000)
      await harness.arrivesAt(client)
      // One more shows whatever came twice or late at the end of the burst.
      harness.publish('after the burst')
      await harness.arrivesAt(client)
    },
  },
  {
    name: 'two clients',
    about: 'each of two clients is given every event',
    advice: 'publish() must reach every subscriber of the stream',
    async run(harness) {
      const [one, other] = await Promise.all([harness.join(), harness.join()])
      harness.publishMany(20)
      await harness.arrivesAt(one, other)
    },
  },
  {
    name: 'two streams',
    about: 'a client is given the events of its own stream and no others',
    advice: 'keep a log and subscribers for each value of ?stream=',
    async run(harness) {
      const [even, odd] = await Promise.all([harness.join({ stream: 0 }), harness.join({ stream: 1 })])
      for (let index = 0; index < 20; index++) harness.publish(`event ${index}`, index % 2)
      await Promise.all([even.receives(harness.published(0)), odd.receives(harness.published(1))])
    },
  },
  {
    name: 'hand-overs are counted',
    about: 'the server reports each event that it hands to a client once',
    advice: 'call observer.handedOver() once for each event and receiver, wherever events are written',
    async run(harness) {
      const clients = await Promise.all([harness.join(), harness.join(), harness.join()])
      harness.publishMany(10)
      await harness.arrivesAt(...clients)
      await harness.becomes('events handed over', () => harness.server.handedOver, 30)
    },
  },
  {
    name: 'bytes arrive singly',
    about: 'events arrive whole wherever the network splits the bytes, even within a character or a frame',
    advice: 'the client must keep an unfinished character and an unfinished frame for the next piece',
    async run(harness) {
      const proxy = await harness.proxy(1)
      const client = await harness.join({ at: proxy.url })
      harness.publish('\u{1F600} \u20ac \u00e9')
      harness.publish('the event behind it')
      await harness.arrivesAt(client)
    },
  },
]

const leavingCases: readonly Case[] = [
  {
    name: 'clients that leave',
    about: 'a client that closes leaves no state and no connection on the server',
    advice: 'forget a subscriber when its connection closes; the client must close its socket',
    async run(harness) {
      const clients = await Promise.all(Array.from({ length: 10 }, () => harness.join()))
      harness.publish('to all')
      await harness.arrivesAt(...clients)
      await harness.within(Promise.all(clients.map(client => client.close())), 'clients to close')
      await harness.empties()
      harness.publish('to nobody')
    },
  },
  {
    name: 'client that leaves early',
    about: 'a client may close before it is connected',
    advice: 'close() of the client must end an attempt that is under way, and report nothing more',
    async run(harness) {
      const client = harness.client()
      void client.session.start()
      await harness.within(client.close(), 'the client to close')
      await harness.empties()
      harness.publish('to nobody')
      expectEqual('events that came after closing', client.events, [])
    },
  },
]

/** Every case in which nothing breaks. */
export const deliveryCases: readonly Case[] = [...payloadCases, ...eventCases, ...leavingCases]
