/**
 * Every connection that a server takes is one that a client was counted to open, in every technique: those that the
 * session makes after a loss, and those that a client makes by itself to ask or to renew.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Session, type SessionObserver } from '../../measure/fleet/session.ts'
import { backoffOf } from '../../model/backoff.ts'
import { milliseconds } from '../../model/units.ts'
import { takenSockets } from '../connections.ts'
import { clientOf } from '../recording-sink.ts'
import { eventually, serve } from '../served.ts'
import { type Adapters, known, techniques } from '../streams.ts'

const clients = 5

/** Sessions of connected clients, with what was counted of all of them. */
async function connected(t: TestContext, { client }: Adapters, url: URL) {
  const counted = { attempts: 0, moves: 0, up: 0, events: 0 }
  const options = { backoff: backoffOf('none'), random: () => 0.5 }
  for (let index = 0; index < clients; index++) {
    const settings = { ...client.verifySettings }
    const observer: SessionObserver<null> = {
      attempt: () => counted.attempts++,
      moves: () => counted.moves++,
      opens() {},
      moved() {},
      event: () => counted.events++,
      overrun() {},
      response() {},
      up: () => counted.up++,
      down: () => counted.up--,
    }
    const session = new Session(clientOf(t, client, url, { settings }), options, observer, null)
    t.after(() => session.close())
    await session.start()
  }
  assert.equal(counted.up, clients)
  return counted
}

for (const adapters of techniques) {
  const { technique, server } = adapters
  // Where there are files that the page may not keep, a client has a connection for them as well.
  const files = known(adapters, { assets: 1, cache: false })
  const each = 'cache' in server.settings && 'assets' in server.settings ? 2 : 1

  test(`${technique}: the connections that a deployment brings to the successor are counted`, async t => {
    const settings = files
    const sockets = takenSockets(t)
    const old = await serve(t, server, { settings, address: { reusePort: true } })
    const counted = await connected(t, adapters, old.url)
    await eventually(() => sockets.length >= clients * each, 'the connections to the first server')
    assert.deepEqual([sockets.length, counted.attempts + counted.moves], [clients * each, clients * each])
    const successor = await serve(t, server, {
      settings,
      address: { port: Number(old.url.port), reusePort: true },
    })
    await old.server.drain?.(milliseconds(50), milliseconds(0))
    successor.publish(1)
    await eventually(() => counted.events === clients, 'the event at every client')
    await eventually(() => sockets.length >= 2 * clients * each, 'the connections to the successor')
    assert.equal(counted.attempts + counted.moves, sockets.length)
    assert.equal(sockets.length, 2 * clients * each)
  })

  test(`${technique}: the connections that follow a reset of all are counted`, async t => {
    const sockets = takenSockets(t)
    const served = await serve(t, server, { settings: files })
    const counted = await connected(t, adapters, served.url)
    await eventually(() => sockets.length >= clients * each, 'the first connections')
    for (const socket of sockets) socket.resetAndDestroy()
    await eventually(() => sockets.length >= 2 * clients * each, 'the connections that follow')
    served.publish(1)
    await eventually(() => counted.events === clients, 'the event at every client')
    assert.equal(counted.attempts + counted.moves, sockets.length)
  })
}
