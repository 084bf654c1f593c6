import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clients } from '../../clients/index.ts'
import { defaults } from '../../measure/settings.ts'
import { type Micros, milliseconds, seconds } from '../../measure/units.ts'
import type { Technique } from '../../servers/index.ts'
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

/** What the settings of shipped techniques come to: one and a half heartbeats, or an answer that is 10 s late. */
const silences: Partial<Record<Technique, Micros>> = {
  'page-refresh': seconds(11),
  'busy-polling': seconds(10.2),
  polling: seconds(11),
  piggyback: seconds(20),
  'long-polling': seconds(40),
  'xhr-streaming': seconds(22.5),
  sse: seconds(22.5),
  websocket: seconds(37.5),
}

for (const [technique, silence] of Object.entries(silences)) {
  test(`${technique} counts as lost after ${silence / 1e6} s of silence`, () => {
    const client = techniques.find(each => each.technique === technique)?.client
    assert.equal(client?.silence?.(defaults(client.settings)), silence)
  })
}

for (const { technique, server, client } of techniques) {
  test(`${technique} waits longer than its server is silent, or counts no silence as a loss`, () => {
    const silence = client.silence?.(defaults(client.settings)) ?? Number.POSITIVE_INFINITY
    const values = defaults(server.settings)
    const shown = Math.max(server.heartbeat?.(values) ?? 0, server.hold?.(values) ?? 0)
    assert.ok(silence > shown, `${silence} us, where the server is silent for ${shown} us`)
  })
}

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
