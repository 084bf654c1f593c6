/** What a client names and what an event carries, in the techniques whose answers are scripts. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { serve } from '../served.ts'
import { bodyUntil, declaring, known } from '../streams.ts'

const payload = `</script><!--<script>alert("1")</script>']]>\u2028\u2029');alert(2);//--></SCRIPT >`

/** Names that are not an identifier, each with something to look for in the answer. */
const injections: Readonly<Record<string, string>> = {
  'a call': 'alert(1)//',
  'two statements': 'a;b',
  'an end tag': 'x</script>',
  'an element': '<img src=x onerror=alert(1)>',
  '65 characters': 'x'.repeat(65),
  'another script': 'p\u00fcsh',
  'a full-width bracket': 'alert\uff081\uff09',
  'an empty name': '',
  'a line end': 'push\n',
  'a line separator': 'push\u2028',
  'a header of its own': 'push\r\nSet-Cookie: a=1',
  NUL: 'push\0',
  'a digit first': '1push',
  'an index': 'push[0]',
  'a dot at the end': 'push.',
  'two dots': 'a..b',
  'a comment': 'push/**/',
  'a string': `'push'`,
}

for (const adapters of declaring('callback')) {
  const { technique, server } = adapters

  describe(`${technique} as a script`, () => {
    for (const [what, callback] of Object.entries(injections)) {
      test(`refuses ${what} for a callback and reflects nothing of it`, async t => {
        const { connection, publish } = await serve(t, server, { settings: known(adapters, {}) })
        publish(1)
        const raw = await connection()
        raw.get(`/events?stream=0&since=0&callback=${encodeURIComponent(callback)}`)
        assert.equal(
          await raw.response(),
          'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nDate: \r\nConnection: keep-alive\r\nKeep-Alive: timeout=75\r\n\r\n',
        )
      })
    }

    for (const callback of ['push', '$', '_a1', 'app.news.push', 'x'.repeat(64)]) {
      test(`calls ${callback.slice(0, 16)} (${callback.length}) when asked to`, async t => {
        const served = await serve(t, server, { settings: known(adapters, {}) })
        served.publish(1)
        const url = new URL(`${served.url}?stream=0&since=0&callback=${callback}`)
        const body = String(await bodyUntil(url, text => text.includes('payload 1')))
        const called = technique === 'page-streaming' ? `window.${callback}(event)` : callback
        assert.ok(body.includes(called), body.slice(0, 200))
      })
    }

    test('gives an event no way to end its element or its string', async t => {
      const served = await serve(t, server, { settings: known(adapters, {}) })
      const text = async (said: string): Promise<string> => {
        const body = await bodyUntil(served.url, each => each.includes(said))
        return body.toString()
      }
      served.publish(1, `${payload}end 1`)
      const body = await text('end 1')
      assert.ok(!/[\u2028\u2029]/.test(body), 'no line separator')
      const event = body.slice(body.indexOf('[1,1000'), body.indexOf('end 1'))
      assert.ok(!event.includes('<'), event)
      assert.equal(JSON.parse(`${event}"]`)[3], payload)
    })

    test('says what its body is', async t => {
      const served = await serve(t, server, { settings: known(adapters, {}) })
      served.publish(1)
      const { status, headers, body } = await fetch(served.url)
      await body?.cancel()
      assert.equal(status, 200)
      const script = 'pause' in adapters.client.settings || 'interval' in adapters.client.settings
      assert.equal(headers.get('content-type'), `text/${script ? 'javascript' : 'html'}; charset=utf-8`)
    })
  })
}

for (const technique of ['jsonp-polling', 'script-long-polling']) {
  const [adapters] = declaring('callback').filter(each => each.technique === technique)
  assert.ok(adapters)
  test(`the body of ${technique} begins with a comment, not with a name that others chose`, async t => {
    const served = await serve(t, adapters.server)
    served.publish(1)
    assert.equal(
      await (await fetch(`${served.url}?callback=alert`)).text(),
      '/**/alert([[1,1000,1005,"payload 1"]]);',
    )
    assert.equal(await (await fetch(`${served.url}?since=1&callback=a.b&hold=0`)).text(), '/**/a.b([]);')
  })
}

test('an answer whose type browsers would guess at says nosniff', async t => {
  for (const adapters of declaring()) {
    if (adapters.technique === 'websocket') continue
    const served = await serve(t, adapters.server, { settings: known(adapters, {}) })
    served.publish(1)
    const { headers, body } = await fetch(served.url)
    await body?.cancel()
    // Only text/plain is guessed at by browsers; every other type here is believed.
    const plain = /^text\/plain/.test(headers.get('content-type') ?? '')
    assert.equal(headers.get('x-content-type-options'), plain ? 'nosniff' : null, adapters.technique)
  }
})
