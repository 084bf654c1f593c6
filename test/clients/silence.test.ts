import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clients } from '../../clients/index.ts'
import { defaults } from '../../measure/settings.ts'
import { milliseconds, seconds } from '../../measure/units.ts'
import { clientOf, RecordingSink } from '../recording-sink.ts'
import { eventually, serve } from '../served.ts'
import { techniques } from '../streams.ts'

for (const { technique, server, client } of techniques) {
  test(`${technique}: both halves agree on what both declare`, () => {
    for (const [name, setting] of Object.entries(client.settings)) {
      const same = server.settings[name]
      if (same === undefined) continue
      assert.equal(setting.form, same.form, name)
      assert.equal(setting.fallback, same.fallback, name)
    }
  })
}

test('a technique is taken for dead after one and a half heartbeats, or when an answer is 10 s late', () => {
  const silences = techniques.map(({ technique, client }) => [
    technique,
    client.silence?.(defaults(client.settings)) ?? null,
  ])
  const beat = seconds(22.5)
  assert.deepEqual(Object.fromEntries(silences), {
    'page-refresh': seconds(11),
    'busy-polling': seconds(10.2),
    polling: seconds(11),
    'jsonp-polling': seconds(11),
    piggyback: seconds(20),
    'long-polling': seconds(40),
    'script-long-polling': seconds(40),
    'forever-frame': beat,
    'page-streaming': beat,
    'xhr-streaming': beat,
    'multipart-xhr': beat,
    'server-push': beat,
    sse: beat,
    'fetch-streaming': beat,
    websocket: seconds(37.5),
  })
})

test('without signs of life silence tells nothing', () => {
  assert.equal(clients.sse.silence?.({ heartbeat: seconds(0) }), null)
  assert.equal(clients.websocket.silence?.({ ping: seconds(0), compression: false }), null)
})

for (const halves of techniques) {
  const { technique, server, client } = halves
  const beat = ['heartbeat', 'ping'].find(name => name in server.settings)
  if (beat === undefined) continue
  test(`${technique}: a sign of life is heard, and is no event`, async t => {
    const settings = { [beat]: milliseconds(5) }
    const { url } = await serve(t, server, { settings })
    const sink = new RecordingSink()
    await clientOf(t, client, url).connect(sink)
    const heard = sink.signsOfLife
    await eventually(() => sink.signsOfLife > heard + 2, 'signs of life')
    assert.deepEqual([sink.events, sink.losses], [[], []])
  })
}
