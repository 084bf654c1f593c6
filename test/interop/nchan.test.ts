/** Our clients against nginx with nchan, a third-party push server, in the four techniques that both support. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Asker } from '../../clients/http/asking.ts'
import { partCutter } from '../../clients/http/cutters.ts'
import { PollChain } from '../../clients/http/poll-chain.ts'
import { StreamClient } from '../../clients/http/stream.ts'
import { sse } from '../../clients/sse.ts'
import { websocket } from '../../clients/websocket.ts'
import { encodeEvent, type PushEvent } from '../../model/event.ts'
import { defaults, zero } from '../../model/settings.ts'
import type { ClientContext, PushClient } from '../../model/technique.ts'
import { nastyPayloads } from '../../verify/payloads.ts'
import { RecordingSink } from '../recording-sink.ts'
import { eventOf, eventually } from '../served.ts'
import { nchanMissing, startNchan } from './nchan.ts'

const events: readonly PushEvent[] = Object.values(nastyPayloads).map((payload, index) =>
  eventOf(index + 1, payload),
)

/** Our client adapters; where nchan wraps events differently, with a reader for its wrapping. */
const clients = {
  eventsource: context => sse.create(context, defaults(sse.settings)),
  websocket: context => websocket.create(context, defaults(websocket.settings)),
  // nchan answers with the one message itself, not with an array of all there are.
  longpoll: context =>
    new PollChain(new Asker(context, { initiator: 'fetch', read: body => [JSON.parse(body)] }), {
      pause: zero,
    }),
  multipart: context =>
    new StreamClient(context, {
      initiator: 'fetch',
      contentType: /^multipart\/mixed\s*;/i,
      cutter: partCutter,
    }),
} satisfies Record<string, (context: ClientContext) => PushClient>

for (const kind of Object.keys(clients) as (keyof typeof clients)[]) {
  for (const headers of ['minimal', 'browser'] as const) {
    test(`our client hears the ${kind} of nchan, with ${headers} headers`, {
      skip: nchanMissing,
    }, async t => {
      const nchan = await startNchan(t)
      const url = nchan.url(kind)
      url.searchParams.set('stream', '0')
      const sink = new RecordingSink()
      const client = clients[kind]({ url, headers, random: () => 0 })
      t.after(() => client.close())
      const half = Math.floor(events.length / 2)
      for (const event of events.slice(0, half)) await nchan.publish(event.seq, encodeEvent(event))
      await client.connect(sink)
      for (const event of events.slice(half)) await nchan.publish(event.seq, encodeEvent(event))
      await eventually(() => sink.events.length >= events.length, 'every event')
      assert.deepEqual(sink.events, events)
      assert.deepEqual(sink.losses, [])
    })
  }
}
