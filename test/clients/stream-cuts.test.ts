/**
 * Wherever the network cuts it, a stream reads the same: real bytes of every stream technique, cut at every offset
 * into two pieces and into single bytes, given to the cutters themselves and to the whole client.
 */
import assert from 'node:assert/strict'
import { StringDecoder } from 'node:string_decoder'
import { type TestContext, test } from 'node:test'
import { methodOf } from '../../bench/method-of.ts'
import { lineCutter, partCutter, scriptCutter } from '../../clients/http/cutters.ts'
import type { Reading } from '../../clients/http/stream.ts'
import { milliseconds } from '../../model/units.ts'
import type { Technique } from '../../servers/index.ts'
import { scripted } from '../raw-connection.ts'
import { clientOf, RecordingSink } from '../recording-sink.ts'
import { eventOf, eventually, serve } from '../served.ts'
import { type Adapters, bodyUntil, known, streams } from '../streams.ts'

const payloads = ['\u{1F600} \u20ac </script>', '--pushbench-part', '', 'last']
const events = payloads.map((payload, index) => eventOf(index + 1, payload))
const lastText = '"last"]'

/** What a server writes for the events, head and chunks included. */
async function wireOf(t: TestContext, adapters: Adapters): Promise<Buffer> {
  const settings = known(adapters, { page: 0, heartbeat: milliseconds(0), padding: 24 })
  const served = await serve(t, adapters.server, { settings })
  for (const event of events) served.server.publish(0, event)
  const method = await methodOf(served.url)
  const raw = await served.connection()
  raw.request(method, '/events?stream=0&since=0&callback=push')
  const upToLast = await raw.through(lastText)
  // What ends the frame of the last event, and the chunk that it came in.
  await eventually(() => raw.rest.endsWith('\r\n'), 'the end of a chunk')
  return Buffer.from(upToLast + raw.rest, 'latin1')
}

/** What a cutter is given: the bytes of these techniques. */
interface Cut {
  readonly cutter: Reading['cutter']
  readonly techniques: readonly Technique[]
}

/** All cutters: the compiler refuses one that is not tested. */
const cutters = {
  scriptCutter: { cutter: scriptCutter, techniques: ['forever-frame', 'page-streaming'] },
  lineCutter: { cutter: lineCutter, techniques: ['xhr-streaming', 'fetch-streaming'] },
  partCutter: { cutter: partCutter, techniques: ['multipart-xhr', 'server-push'] },
} satisfies Record<keyof typeof import('../../clients/http/cutters.ts'), Cut>

for (const [name, { cutter, techniques }] of Object.entries<Cut>(cutters)) {
  for (const adapters of streams.filter(({ technique }) => techniques.some(each => each === technique))) {
    test(`${name} finds the same in two pieces of ${adapters.technique} as in one, and in single bytes`, async t => {
      const settings = known(adapters, { page: 0, padding: 24, limit: 1 })
      const served = await serve(t, adapters.server, { settings })
      for (const event of events) served.server.publish(0, event)
      const body = await bodyUntil(served.url, () => false)
      const type = 'multipart/x-mixed-replace; boundary="pushbench-part"'
      const read = (pieces: readonly Buffer[]): string[] => {
        const texts: string[] = []
        let opened = 0
        const reading = cutter(
          text => texts.push(text),
          () => opened++,
          type,
        )
        const decoder = new StringDecoder('utf8')
        for (const piece of pieces) reading.feed(decoder.write(piece))
        reading.end?.()
        assert.equal(opened, 1)
        return texts
      }
      const whole = read([body])
      // A page that opens the stream comes ahead of those with events.
      assert.equal(whole.length, events.length + (adapters.technique === 'server-push' ? 1 : 0))
      for (let at = 0; at <= body.length; at++)
        assert.deepEqual(read([body.subarray(0, at), body.subarray(at)]), whole, `cut at ${at}`)
      assert.deepEqual(read([...body].map(byte => Buffer.from([byte]))), whole, 'in single bytes')
    })
  }
}

for (const adapters of streams) {
  const { technique, client } = adapters

  test(`the client of ${technique} hears the same wherever its connection cuts the response`, async t => {
    const wire = await wireOf(t, adapters)
    const url = await scripted(t, async raw => {
      const asked = /[&]cut=(\d+|bytes)/.exec(await raw.through('\r\n\r\n'))?.[1] ?? ''
      const pieces =
        asked === 'bytes'
          ? [...wire].map(byte => Buffer.from([byte]))
          : [wire.subarray(0, Number(asked)), wire.subarray(Number(asked))]
      for (const piece of pieces) {
        raw.send(piece)
        await new Promise(resolve => setImmediate(resolve))
      }
    })
    const hear = async (cut: string): Promise<void> => {
      const at = new URL(url)
      at.searchParams.set('cut', cut)
      const sink = new RecordingSink()
      const adapter = clientOf(t, client, at)
      await adapter.connect(sink)
      await eventually(() => sink.events.length >= events.length, `every event of a stream cut at ${cut}`)
      assert.deepEqual(sink.events, events, `cut at ${cut}`)
      assert.deepEqual(sink.losses, [])
      await adapter.close()
    }
    const offsets = Array.from({ length: wire.length }, (_, at) => at)
    // A few at a time: one waits for the network while another reads.
    await Promise.all(
      Array.from({ length: 16 }, async (_, lane) => {
        for (const at of offsets) if (at % 16 === lane) await hear(String(at))
      }),
    )
    await hear('bytes')
  })
}
