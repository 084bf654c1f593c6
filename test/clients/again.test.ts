/** Clients that are closed, also while they connect, and connected again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LossError } from '../../model/loss.ts'
import { milliseconds } from '../../model/units.ts'
import { scripted } from '../raw-connection.ts'
import { clientOf, RecordingSink } from '../recording-sink.ts'
import { eventually, serve } from '../served.ts'
import { known, techniques, upTo } from '../streams.ts'

/** Settings with which techniques that ask do so often. */
const brisk = { interval: milliseconds(5), action: milliseconds(5), pause: milliseconds(0) }

for (const adapters of techniques) {
  const { technique, server, client } = adapters
  const settings = Object.fromEntries(Object.entries(brisk).filter(([name]) => name in client.settings))

  test(`${technique}: closed and connected again, twice, goes on where it was`, async t => {
    const { server: running, url, publish } = await serve(t, server, { settings: known(adapters, {}) })
    const sink = new RecordingSink()
    const adapter = clientOf(t, client, url, { settings })
    for (const seq of upTo(3)) {
      await adapter.connect(sink)
      publish(seq)
      await eventually(() => sink.cursor === seq, `event ${seq}`)
      await adapter.close()
      await eventually(() => running.subscribers === 0, 'the server to have seen the end')
    }
    assert.deepEqual(
      sink.events.map(({ seq }) => seq),
      upTo(3),
    )
    assert.deepEqual(sink.losses, [])
  })

  test(`${technique}: an attempt that is given up reports nothing, and does not stand in the way of the next`, async t => {
    const { promise: asked, resolve } = Promise.withResolvers<void>()
    // The first connection is never answered; the next is reset when it asks.
    const url = await scripted(t, async (raw, index) => {
      await raw.through('\r\n\r\n')
      if (index === 0) {
        resolve()
        await raw.end()
      } else {
        raw.socket.resetAndDestroy()
      }
    })
    const sink = new RecordingSink()
    const adapter = clientOf(t, client, url, { settings })
    adapter.connect(sink).then(
      () => assert.fail('nobody answered'),
      () => {},
    )
    await asked
    await adapter.close()
    await assert.rejects(
      () => adapter.connect(sink),
      error => error instanceof LossError && error.loss.cause === 'reset',
    )
    assert.deepEqual([sink.events, sink.responses, sink.losses], [[], [], []])
  })
}
