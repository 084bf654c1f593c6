/** What every stream technique of the registry does alike: renewal, padding, heartbeats, dropping. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { methodOf } from '../../bench/method-of.ts'
import { SocketMeter } from '../../measure/messages/socket-meter.ts'
import { milliseconds } from '../../model/units.ts'
import { eventually, serve, textOf } from '../served.ts'
import { bodyUntil, follow, known, streams, upTo } from '../streams.ts'

/** Four bytes a character, so that a limit that counted characters would end streams late. */
const payload = '\u{1F600}'.repeat(30)

for (const stream of streams) {
  const { technique, server, client } = stream

  describe(`${technique} as a stream`, () => {
    for (const [by, settings] of [
      ['a lifetime', { lifetime: milliseconds(12) }],
      ['a byte limit', { limit: 1_500 }],
      ['a byte limit that its opening exceeds', { limit: 1, padding: 512 }],
      ['both', { lifetime: milliseconds(12), limit: 1_500 }],
    ] as const) {
      test(`loses and duplicates nothing while ${by} renews it and events flow`, async t => {
        let renewals = 0
        const served = await serve(t, server, {
          settings: known(stream, settings),
          logEvents: 1_000,
          observer: { rearmed: () => renewals++ },
        })
        const sink = await follow(t, client, served.url)
        let seq = 0
        const publisher = setInterval(() => {
          for (let count = 0; count < 2; count++) served.publish(++seq, payload)
          if (seq === 120) clearInterval(publisher)
        }, 2)
        t.after(() => clearInterval(publisher))
        await eventually(() => seq === 120 && sink.events.length >= 120, 'every event')
        served.publish(121)
        await eventually(() => sink.events.length >= 121, 'the event behind them')
        assert.deepEqual(sink.seqs, upTo(121))
        assert.ok(renewals >= 3, `${renewals} renewals`)
        assert.deepEqual(
          sink.losses.filter(({ cause }) => cause !== 'closed'),
          [],
        )
      })
    }

    test('ends at the first event beyond its limit of bytes', async t => {
      const served = await serve(t, server, { settings: known(stream, { limit: 4_096 }) })
      for (const seq of upTo(3)) served.publish(seq, payload)
      const opened = await bodyUntil(served.url, body => body.includes(textOf(3, payload)))
      const response = await fetch(served.url, { method: await methodOf(served.url) })
      const ended = response.arrayBuffer()
      await eventually(() => served.server.subscribers === 1, 'the stream to be open')
      // The limit is passed by events, one by one.
      for (let seq = 4; served.server.subscribers > 0 && seq < 100; seq++) served.publish(seq, payload)
      const { byteLength } = await ended
      const each = Buffer.byteLength(textOf(50, payload)) + (opened.length - 3 * textOf(3).length)
      assert.ok(byteLength >= 4_096 && byteLength <= 4_096 + each, `${byteLength} bytes`)
    })

    for (const padding of [64, 2_048]) {
      test(`opens with ${padding} bytes of padding, which its reader passes over`, async t => {
        // Compare with less padding, not with none: a stream without padding may still open with a byte of its own.
        const less = 32
        const [plain, padded] = await Promise.all(
          [less, padding].map(bytes => serve(t, server, { settings: known(stream, { padding: bytes }) })),
        )
        assert.ok(plain && padded)
        for (const { publish } of [plain, padded]) publish(1, payload)
        const whole = (body: string): boolean => body.replaceAll('\\u003c', '<').includes(textOf(1, payload))
        const [little, filled] = await Promise.all([
          bodyUntil(plain.url, whole),
          bodyUntil(padded.url, whole),
        ])
        assert.equal(filled.length - little.length, padding - less)
        // The marks around the filler count as part of it.
        assert.ok(filled.includes(' '.repeat(padding - '<!---->\n'.length)))
        const sink = await follow(t, client, padded.url)
        await eventually(() => sink.events.length === 1, 'the event')
        assert.deepEqual(
          sink.events.map(event => event.payload),
          [payload],
        )
      })
    }

    test('a reader that takes nothing is dropped after stall when its stream has ended', async t => {
      const settings = known(stream, { stall: milliseconds(100), limit: 1_024 })
      const served = await serve(t, server, { settings })
      const sockets = new SocketMeter('server', undefined, Number(served.url.port))
      t.after(() => sockets.close())
      const raw = await served.connection()
      raw.request(await methodOf(served.url), '/events?stream=0&since=0')
      raw.socket.pause()
      await eventually(() => served.server.subscribers === 1, 'the stream to be open')
      // More than the buffers of the system take on the way.
      served.publish(1, 'x'.repeat(16 * 1_048_576))
      await eventually(() => served.server.subscribers === 0, 'the stream to be gone')
      await eventually(() => sockets.open.size === 0, 'the connection to be gone')
    })
  })
}
