/** Clients that declare that they can pause: they read nothing meanwhile, and everything once afterwards. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PausableClient, PushClient } from '../../model/technique.ts'
import { valuesOf } from '../../verify/declarations.ts'
import { clientOf, RecordingSink } from '../recording-sink.ts'
import { eventually, serve } from '../served.ts'
import { techniques, upTo } from '../streams.ts'

/** Larger than what a socket hands over at once, so that a client that reads on is seen to. */
const payload = 'x'.repeat(65_536)
const last = 40
/** Pieces that are on their way through the client when it pauses. */
const mostOnTheWay = 2

/** The registry hides what its clients can do beyond the contract of all. */
function pausable(client: PushClient): PausableClient {
  assert.ok('pause' in client && 'resume' in client)
  return client as PausableClient
}

const seqs = ({ events }: RecordingSink): number[] => events.map(({ seq }) => seq)

test('every built-in technique can pause its clients', () => {
  assert.deepEqual(
    techniques.filter(({ client }) => client.pauses !== true).map(({ technique }) => technique),
    [],
  )
})

for (const { technique, server, client } of techniques.filter(({ client }) => client.pauses)) {
  test(`a client of ${technique} that is paused reads nothing, and then everything`, async t => {
    const served = await serve(t, server, { settings: valuesOf(server) })
    const made = (): PushClient => clientOf(t, client, served.url, { settings: valuesOf(client) })
    const [brisk, paused] = [new RecordingSink(), new RecordingSink()]
    const [reading, stalling] = [made(), pausable(made())]
    await Promise.all([reading.connect(brisk), stalling.connect(paused)])
    served.publish(1)
    await eventually(() => paused.events.length === 1 && brisk.events.length === 1, 'the first event')

    stalling.pause()
    for (let seq = 2; seq <= last; seq++) served.publish(seq, payload)
    await eventually(() => brisk.events.length === last, 'every event at the client that reads')
    assert.ok(paused.events.length <= 1 + mostOnTheWay, `${paused.events.length} events came while it paused`)

    stalling.resume()
    await eventually(() => paused.events.length >= last, 'every event at the client that had paused')
    assert.deepEqual(seqs(paused), upTo(last))
    assert.deepEqual(paused.losses, [])
  })
}
