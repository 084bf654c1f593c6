/** The multipart wire: parts are whole when they are written, whatever they carry, and the boundary is checked. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import Dicer from 'dicer'
import { milliseconds } from '../../../model/units.ts'
import { boundarySetting } from '../../../servers/http/multipart.ts'
import { eventually, serve, textOf } from '../../served.ts'
import { bodyUntil, declaring, follow, known, upTo } from '../../streams.ts'

const boundaries = ['pushbench-part', 'x', "a'()+_,-./:=?Z", '-', '--', 'b'.repeat(70)]

for (const adapters of declaring('boundary')) {
  const { technique, server, client } = adapters

  for (const boundary of boundaries) {
    test(`${technique} carries the text of its boundary ${boundary.slice(0, 20)} in a payload`, async t => {
      const served = await serve(t, server, { settings: known(adapters, { boundary }) })
      const payloads = [
        `--${boundary}`,
        `\r\n--${boundary}\r\nContent-Type: text/plain\r\n\r\nfail`,
        `\r\n--${boundary}--\r\n`,
        `begins well\n--${boundary}--`,
        boundary,
      ]
      const sink = await follow(t, client, served.url)
      for (const [index, payload] of payloads.entries()) served.publish(index + 1, payload)
      await eventually(() => sink.events.length >= payloads.length, 'every event')
      assert.deepEqual(
        sink.events.map(({ payload }) => payload),
        payloads,
      )
    })

    test(`${technique} names its boundary ${boundary.slice(0, 20)} in quotes and writes it behind each part`, async t => {
      const served = await serve(t, server, { settings: known(adapters, { boundary }) })
      const { headers, body } = await fetch(served.url)
      await body?.cancel()
      assert.equal(headers.get('content-type'), `multipart/x-mixed-replace; boundary="${boundary}"`)
      served.publish(1)
      // Nothing but the events that are there was asked for: the boundary came without a second one.
      const whole = await bodyUntil(served.url, text => text.includes(textOf(1)))
      assert.ok(whole.toString().endsWith(`\r\n--${boundary}`), whole.toString().slice(-100))
    })
  }

  test(`${technique} ends a stream that it renews by the closing boundary`, async t => {
    const served = await serve(t, server, { settings: known(adapters, { limit: 1 }) })
    served.publish(1)
    const body = await (await fetch(served.url)).text()
    assert.ok(body.endsWith('\r\n--pushbench-part--\r\n'), body.slice(-100))
  })
}

/** RFC 2046 section 5.1.1 as a composer must keep it: no padding behind a boundary, fields in every head. */
const header = "[!#-'*+.0-9A-Z^-~-]+:[^\\r\\n]*\\r\\n"
const bodyPart = `(?:${header})*(?:\\r\\n(?:(?!\\r\\n--pushbench-part)[^])*)?`
const multipartBody = new RegExp(
  `^--pushbench-part\\r\\n${bodyPart}(?:\\r\\n--pushbench-part\\r\\n${bodyPart})*\\r\\n--pushbench-part--\\r\\n$`,
)

/** How many parts dicer finds; rejects where it finds the body wrong. */
async function countParts(body: string): Promise<number> {
  const parser = new Dicer({ boundary: 'pushbench-part' })
  let parts = 0
  parser.on('part', part => {
    parts++
    part.resume()
  })
  const finished = once(parser, 'finish')
  parser.end(body)
  await finished
  return parts
}

/** Streams that end behind every kind of words. In the turn of a heartbeat an event is published, or none. */
const orders: readonly {
  readonly what: string
  readonly heartbeatMs: number
  readonly lifetimeMs: number
  readonly before?: boolean
  readonly answered?: boolean
}[] = [
  { what: 'its opening', heartbeatMs: 0, lifetimeMs: 20 },
  { what: 'an event', heartbeatMs: 0, lifetimeMs: 20, before: true },
  { what: 'heartbeats', heartbeatMs: 10, lifetimeMs: 50 },
  { what: 'an event and heartbeats', heartbeatMs: 10, lifetimeMs: 50, before: true },
  { what: 'a heartbeat and an event', heartbeatMs: 10, lifetimeMs: 0, answered: true },
]

for (const adapters of declaring('boundary')) {
  for (const { what, heartbeatMs, lifetimeMs, before = false, answered = false } of orders) {
    test(`${adapters.technique} that ends behind ${what} is a multipart body`, async t => {
      let signs = 0
      const served = await serve(t, adapters.server, {
        settings: known(adapters, {
          heartbeat: milliseconds(heartbeatMs),
          lifetime: milliseconds(lifetimeMs),
          limit: lifetimeMs === 0 ? 1 : 0,
        }),
        observer: {
          heartbeats() {
            if (++signs === 1 && answered) served.publish(1)
          },
        },
      })
      if (before) served.publish(1)
      const body = await (await fetch(served.url)).text()
      assert.match(body, multipartBody)
      assert.equal(signs > 0, heartbeatMs > 0)
      assert.equal(await countParts(body), body.split('\r\nContent-Type: ').length - 1)
    })
  }

  test(`${adapters.technique} gives its client each event once among heartbeats and ends`, async t => {
    const served = await serve(t, adapters.server, {
      settings: known(adapters, { heartbeat: milliseconds(5), lifetime: milliseconds(30) }),
    })
    const sink = await follow(t, adapters.client, served.url)
    for (let seq = 1; seq <= 10; seq++) {
      served.publish(seq)
      await eventually(() => sink.responses.length >= seq, 'the end of a stream')
    }
    await eventually(() => sink.events.length >= 10, 'every event')
    assert.deepEqual(sink.seqs, upTo(10))
    assert.deepEqual(sink.losses, [])
  })
}

for (const [what, boundary] of [
  ['none at all', ''],
  ['more than 70 characters', 'b'.repeat(71)],
  ['a space', 'a b'],
  ['a quote', 'a"b'],
  ['a semicolon', 'a;b'],
  ['a line end', 'a\r\nb'],
  ['a letter beyond ASCII', '\u00fc'],
] as const) {
  test(`a boundary with ${what} is refused`, () => {
    assert.deepEqual(boundarySetting.parse(boundary), {
      problem: `"${boundary}" is not a boundary of 1 to 70 characters`,
    })
  })
}
