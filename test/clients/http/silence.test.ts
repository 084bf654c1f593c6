/** How long a live connection may be silent; that servers keep to it is a case of the conformance suite. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clients } from '../../../clients/index.ts'
import { defaults } from '../../../model/settings.ts'
import { seconds } from '../../../model/units.ts'

test('a stream counts as lost after one and a half heartbeats of silence, and never without heartbeats', () => {
  assert.equal(clients.sse.silence?.(defaults(clients.sse.settings)), seconds(22.5))
  assert.equal(clients.sse.silence?.({ heartbeat: seconds(0) }), null)
  assert.equal(clients.websocket.silence?.({ ping: seconds(0), compression: false }), null)
})

test('a client that asks treats its connection as lost when an answer is 10 s late', () => {
  assert.equal(clients['long-polling'].silence?.(defaults(clients['long-polling'].settings)), seconds(40))
  assert.equal(clients.polling.silence?.(defaults(clients.polling.settings)), seconds(11))
})
