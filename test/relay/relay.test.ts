/** What the relay does to single connections: order, ends, back-pressure, time. The link as a whole is in `delays.live.ts`. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import type { Link } from '../../model/link.ts'
import { micros, milliseconds, seconds } from '../../model/units.ts'
import { heldBound } from '../../relay/relay-path.ts'
import { eventually } from '../served.ts'
import { dial, endOf, received, relayed, relayTo, stopwatch } from './relayed.ts'

const echo = (socket: Socket): void => void socket.pipe(socket)

const anyLink = fc.record({
  rtt: fc.constantFrom(0, 1, 3).map(milliseconds),
  jitter: fc.constantFrom(0, 2).map(milliseconds),
  bandwidth: fc.constantFrom(null, 20_000_000),
  buffer: fc.constantFrom(null, 1, 100, 'until-end' as const),
  rechunk: fc.constantFrom(null, 1, 7, 16_384),
  idleCut: fc.constantFrom(null, seconds(60)),
}) satisfies fc.Arbitrary<Link>

const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 700 }), { maxLength: 6 })

test('any bytes in any pieces arrive as they were sent, both ways, under every link', async t => {
  await fc.assert(
    fc.asyncProperty(anyLink, pieces, pieces, async (link, up, down) => {
      const { promise, resolve } = Promise.withResolvers<Buffer>()
      const relay = await relayed(t, link, socket => {
        void received(socket).then(resolve)
        for (const piece of down) socket.write(piece)
        socket.end()
      })
      const client = await dial(t, relay)
      for (const piece of up) client.write(piece)
      client.end()
      assert.ok((await received(client)).equals(Buffer.concat(down)))
      assert.ok((await promise).equals(Buffer.concat(up)))
      await relay.close()
    }),
    { seed: 1, numRuns: 60 },
  )
})

test('a client that has sent everything is still answered', async t => {
  const relay = await relayed(t, { rtt: milliseconds(4) }, socket => {
    void received(socket).then(all => socket.end(`${all.length} bytes`))
  })
  const client = await dial(t, relay)
  client.end('question')
  assert.equal((await received(client)).toString(), '8 bytes')
  await eventually(() => relay.connections === 0, 'no connection left')
})

test('a reset by the client reaches the server, and one by the server the client', async t => {
  for (const link of [{}, { rtt: milliseconds(6) }]) {
    const { promise, resolve } = Promise.withResolvers<Socket>()
    const relay = await relayed(t, link, resolve)
    const client = await dial(t, relay)
    const end = endOf(await promise)
    client.resetAndDestroy()
    assert.equal(await end, 'ECONNRESET')

    const other = await relayed(t, link, socket => socket.once('data', () => socket.resetAndDestroy()))
    const reset = await dial(t, other)
    const otherEnd = endOf(reset)
    reset.write('x')
    assert.equal(await otherEnd, 'ECONNRESET')
    await eventually(() => relay.connections + other.connections === 0, 'no connection left')
  }
})

test('a server that nobody listens on is a reset, after a round trip', async t => {
  const unused = await relayed(t, {}, echo)
  const target = unused.url
  await unused.close()
  const relay = await relayTo(t, target, { rtt: milliseconds(40) })
  const elapsed = stopwatch()
  const client = await dial(t, relay)
  assert.equal(await endOf(client), 'ECONNRESET')
  assert.ok(elapsed() >= 40, `after ${elapsed()} ms`)
})

/** A server that sends `bytes`, and a client that does not read. */
async function stalled(t: TestContext, link: Partial<Link>, bytes: Buffer) {
  const { promise, resolve } = Promise.withResolvers<Socket>()
  const relay = await relayed(t, link, socket => {
    socket.end(bytes)
    resolve(socket)
  })
  const client = connect({ port: Number(relay.url.port), host: relay.url.hostname })
  t.after(() => client.destroy())
  client.on('error', () => {})
  client.pause()
  const server = await promise
  // The kernel's buffers fill first; then nothing moves any more.
  let before = -1
  let still = 0
  await eventually(() => {
    still = relay.largestHeld === before && relay.largestHeld > 65_536 ? still + 1 : 0
    before = relay.largestHeld
    return still > 20
  }, 'the relay to stop reading')
  return { relay, client, server }
}

for (const link of [
  {},
  { rtt: milliseconds(20) },
  { rtt: milliseconds(20), bandwidth: 400_000_000 },
] satisfies Partial<Link>[]) {
  test(`a client that does not read holds the server back, within a bound: ${JSON.stringify(link)}`, async t => {
    const bytes = randomBytes(24 * 1_048_576)
    const { relay, client, server } = await stalled(t, link, bytes)
    assert.ok(server.writableLength > 0, 'the server could not get rid of everything')
    assert.ok(relay.largestHeld <= heldBound({ rtt: micros(0), bandwidth: null, ...link }))

    const hash = createHash('sha256')
    client.on('data', (piece: Buffer) => hash.update(piece))
    client.resume()
    await once(client, 'end')
    assert.equal(hash.digest('hex'), createHash('sha256').update(bytes).digest('hex'))
    assert.ok(relay.largestHeld <= heldBound({ rtt: micros(0), bandwidth: null, ...link }))
  })
}

test('the bound is the bandwidth times the round trip and 256 KiB, and never more than a TCP window', () => {
  assert.equal(heldBound({ rtt: micros(0), bandwidth: null }), 262_144)
  assert.equal(heldBound({ rtt: milliseconds(100), bandwidth: 8_000_000 }), 262_144 + 100_000)
  assert.equal(heldBound({ rtt: seconds(1), bandwidth: null }), 262_144 + 4_194_304)
})

test('a client that goes away without reading is gone for the server as well', async t => {
  const { relay, client, server } = await stalled(t, {}, randomBytes(24 * 1_048_576))
  const end = endOf(server)
  client.resetAndDestroy()
  assert.equal(await end, 'ECONNRESET')
  await eventually(() => relay.connections === 0, 'no connection left')
})

/** Times of `count` questions and their echoes on one connection, in milliseconds. */
async function roundTrips(client: Socket, count: number, bytes = 1): Promise<number[]> {
  const times: number[] = []
  for (let turn = 0; turn < count; turn++) {
    const elapsed = stopwatch()
    let come = 0
    client.write(Buffer.alloc(bytes))
    while (come < bytes) come += ((await once(client, 'data')) as [Buffer])[0].length
    times.push(elapsed())
  }
  return times
}

test('a round trip takes what was asked for, and the relay counts both ways', async t => {
  const relay = await relayed(t, { rtt: milliseconds(20) }, echo)
  const client = await dial(t, relay)
  await roundTrips(client, 3)
  relay.startCount()
  const times = await roundTrips(client, 40)
  assert.ok(Math.min(...times) >= 20, `${Math.min(...times)} ms is too early`)
  assert.equal(relay.added.count, 80)
  // A busy machine only adds: the best of many shows what the link takes.
  assert.ok(Math.min(...times) <= 25, `${Math.min(...times)} ms at the least`)
})

test('a handshake costs a round trip before the first bytes leave, unless it was over long before', async t => {
  const relay = await relayed(t, { rtt: milliseconds(30) }, echo)
  const firsts: number[] = []
  for (let turn = 0; turn < 5; turn++) {
    const elapsed = stopwatch()
    const client = await dial(t, relay)
    const [answered = 0] = await roundTrips(client, 1)
    const all = elapsed()
    assert.ok(all >= 60 && answered <= all)
    firsts.push(all)
  }
  assert.ok(Math.min(...firsts) <= 75, `${firsts}`)

  const early: number[] = []
  for (let turn = 0; turn < 5; turn++) {
    const client = await dial(t, relay)
    const elapsed = stopwatch()
    await eventually(() => elapsed() > 35, 'a round trip to pass')
    early.push(...(await roundTrips(client, 1)))
  }
  assert.ok(Math.min(...early) >= 30 && Math.min(...early) < 55, `${early} ms`)
})

test('jitter adds its mean each way, and nothing overtakes', async t => {
  const link = { rtt: milliseconds(4), jitter: milliseconds(20) }
  // Two draws of U(0, 20 ms): mean 20, standard error 20 sqrt(2 / 12 / 60) = 1.05. Jitter that came twice would add 20.
  const [least, most] = [24 - 4 * 1.05, 24 + 4 * 1.05 + 12]
  // A busy machine only adds. Every relay draws the same delays, so the best of several times is nearest to each.
  let best: number[] = []
  const mean = (): number => best.reduce((sum, time) => sum + time, 0) / best.length
  for (let attempt = 1; attempt <= 5 && !(mean() <= most); attempt++) {
    const times = await roundTrips(await dial(t, await relayed(t, link, echo)), 61)
    best = times.slice(1).map((time, index) => Math.min(time, best[index] ?? time))
  }
  assert.ok(mean() >= least && mean() <= most, `${mean()} ms`)
  assert.ok(Math.min(...best) >= 4 && Math.min(...best) < 20)

  const client = await dial(t, await relayed(t, link, echo))

  const lines = Array.from({ length: 300 }, (_, line) => `${line}\n`)
  // The first lines are back before the last have left, so the listening begins ahead of the writing.
  const echoed = received(client)
  for (const line of lines) {
    client.write(line)
    await new Promise(setImmediate)
  }
  client.end()
  assert.equal((await echoed).toString(), lines.join(''))
})

test('a transfer takes its bytes over the bandwidth, each way, and connections do not share', async t => {
  const bandwidth = 20_000_000
  const bytes = 150_000
  const relay = await relayed(t, { bandwidth }, echo)
  // Up and down overlap: a packet is on its way back while the next goes up.
  const packet = 2_500
  const exact = ((bytes + packet) * 8_000) / bandwidth
  const clients = await Promise.all([dial(t, relay), dial(t, relay)])
  const best: number[] = []
  for (let turn = 0; turn < 6; turn++) {
    const times = await Promise.all(clients.map(async client => (await roundTrips(client, 1, bytes))[0] ?? 0))
    for (const time of times) assert.ok(time >= exact - 0.5, `${time} ms is less than ${exact}`)
    best.push(Math.max(...times))
  }
  assert.ok(Math.min(...best) <= exact * 1.25, `${best} ms, in theory ${exact}`)
})

test('a connection that carries nothing is closed in order and counted; one that does is not', async t => {
  const ends: (string | null)[] = []
  const relay = await relayed(t, { idleCut: milliseconds(500) }, socket => {
    void endOf(socket).then(end => ends.push(end))
    socket.pipe(socket)
    socket.once('end', () => socket.end())
  })
  const elapsed = stopwatch()
  const [quiet, busy] = [await dial(t, relay), await dial(t, relay)]
  const cut = received(quiet)
  const talk = setInterval(() => busy.write('x'), 30)
  t.after(() => clearInterval(talk))
  busy.resume()
  await cut
  assert.ok(elapsed() >= 500, `cut after ${elapsed()} ms`)
  quiet.end()
  await eventually(() => elapsed() > 1_100, 'twice the time to pass')
  assert.equal(relay.idleCuts, 1)
  assert.deepEqual(ends, [null])
  assert.equal(busy.readyState, 'open')
})
