/** The multipart wire: parts are whole when they are written, whatever they carry, and the boundary is checked. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundarySetting } from '../../servers/multipart.ts'
import { eventually, serve, textOf } from '../served.ts'
import { bodyUntil, declaring, follow, known } from '../streams.ts'

const boundaries = ['pushbench-part', 'x', "a'()+_,-./:=?Z", '-', '--', 'b'.repeat(70)]

for (const halves of declaring('boundary')) {
  const { technique, server, client } = halves

  for (const boundary of boundaries) {
    test(`${technique} carries the text of its boundary ${boundary.slice(0, 20)} in a payload`, async t => {
      const served = await serve(t, server, { settings: known(halves, { boundary }) })
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
      const served = await serve(t, server, { settings: known(halves, { boundary }) })
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
    const served = await serve(t, server, { settings: known(halves, { limit: 1 }) })
    served.publish(1)
    const body = await (await fetch(served.url)).text()
    assert.ok(body.endsWith('\r\n--pushbench-part--\r\n'), body.slice(-100))
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
