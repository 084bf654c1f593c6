/** A client that stops reading costs the server a bounded amount of memory, and loses nothing unknowingly. */
import assert from 'node:assert/strict'
import { channel } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { maximumTextBytes } from '../../measure/event.ts'
import { milliseconds } from '../../measure/units.ts'
import { eventually, serve } from '../served.ts'
import { SlowLink } from '../slow-link.ts'
import { declaring, follow, known, streams } from '../streams.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Bytes that live memory holds, buffers included. */
function liveBytes(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** The sockets that servers of this process have accepted since, by port. */
function acceptedSockets(t: TestContext): (port: number) => Socket[] {
  const sockets: Socket[] = []
  const keep = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket)
  channel('net.server.socket').subscribe(keep)
  t.after(() => channel('net.server.socket').unsubscribe(keep))
  return port => sockets.filter(({ localPort }) => localPort === port)
}

const payload = 'x'.repeat(2_048)
const logEvents = 64
const published = 14_000
/** What one reader may hold back: one write of a reader that catches up, and what its socket held before. */
const bufferedAtMost = 512 * 1_024

for (const halves of declaring('stall')) {
  const { technique, server, client } = halves

  test(`${technique} holds little for a client that stops reading, and tells it afterwards what it missed`, async t => {
    const socketsOf = acceptedSockets(t)
    const served = await serve(t, server, { settings: known(halves, { stall: milliseconds(0) }), logEvents })
    const link = await SlowLink.open(t, served.url)
    const sink = await follow(t, client, link.url)
    served.publish(1, payload)
    await eventually(() => sink.events.length === 1, 'the first event')
    link.stop()
    let buffered = 0
    let seq = 1
    let before = 0
    while (seq < published) {
      for (let count = 0; count < 200; count++) served.publish(++seq, payload)
      await new Promise(resolve => setImmediate(resolve))
      for (const socket of socketsOf(Number(served.url.port)))
        buffered = Math.max(buffered, socket.writableLength)
      // By then the buffers of the system are full, and whatever grows, grows in this process.
      if (before === 0 && seq > published * 0.6) before = liveBytes()
    }
    const grown = liveBytes() - before
    assert.ok(buffered > 0, 'the server had to hold something')
    assert.ok(buffered <= bufferedAtMost, `${buffered} bytes buffered`)
    assert.ok(grown < 2 * 1_048_576, `${grown} bytes more for events that nobody takes`)

    link.resume()
    await eventually(() => sink.cursor === seq, 'the last event')
    assert.equal(served.server.subscribers, 1)
    let last = 0
    const gaps = [...sink.overruns]
    for (const event of sink.events) {
      if (event.seq !== last + 1) {
        assert.deepEqual(gaps.shift(), { first: last + 1, last: event.seq - 1 })
      }
      last = event.seq
    }
    assert.equal(last, seq)
    assert.deepEqual(gaps, [])
    assert.ok(sink.overruns.length > 0, 'the log did not reach back')
    assert.deepEqual(sink.losses, [])
  })

  test(`${technique} drops a client that takes nothing for the length of stall, and keeps nothing of it`, async t => {
    const stallMs = 80
    const socketsOf = acceptedSockets(t)
    const served = await serve(t, server, {
      settings: known(halves, { stall: milliseconds(stallMs) }),
      logEvents,
    })
    const link = await SlowLink.open(t, served.url)
    const sink = await follow(t, client, link.url)
    const brisk = await follow(t, client, served.url)
    await eventually(() => served.server.subscribers === 2, 'two clients')
    link.stop()
    let seq = 0
    const publisher = setInterval(() => {
      for (let count = 0; count < 20; count++) served.publish(++seq, payload)
    }, 1)
    t.after(() => clearInterval(publisher))
    await eventually(() => served.server.subscribers === 1, 'the client to be dropped')
    clearInterval(publisher)
    const open = (): Socket[] => socketsOf(Number(served.url.port)).filter(socket => !socket.destroyed)
    await eventually(() => open().length === 1, 'its connection to be gone')
    await eventually(() => brisk.cursor === seq, 'the other client to have every event')
    assert.deepEqual(brisk.losses, [])
    link.resume()
    await eventually(() => sink.losses.length > 0, 'the client to learn of it')
    assert.notEqual(sink.losses[0]?.cause, 'closed')
  })
}

/** Every HTTP stream is fed and ended by the same code. */
const fedAlike = streams.filter(({ technique }) => technique === 'sse')
const others = declaring('stall').filter(halves => !streams.includes(halves))

describe('a client that takes a little now and then is kept, though its socket drains in many times stall', {
  concurrency: true,
}, () => {
  const stallMs = 600
  const portions = 16

  for (const [when, limit, pairs] of [
    ['while events wait for it', 0, [...fedAlike, ...others]],
    ['when its stream has ended', 1, fedAlike],
  ] as const) {
    for (const halves of pairs) {
      test(`${halves.technique}, ${when}`, async t => {
        const { technique, server, client } = halves
        const settings = known(halves, { stall: milliseconds(stallMs), limit })
        const served = await serve(t, server, { settings, logEvents })
        const link = await SlowLink.open(t, served.url)
        const sink = await follow(t, client, link.url)
        link.stop()
        // The largest event is one write, so that the socket drains when all of it has been taken.
        served.publish(1, 'x'.repeat(maximumTextBytes - 100))
        for (const _ of new Array(portions - 1)) {
          await link.take(maximumTextBytes / portions)
          await new Promise(resolve => setTimeout(resolve, stallMs / 3))
          assert.deepEqual(sink.losses, [], technique)
        }
        link.resume()
        await eventually(() => sink.cursor === 1, 'the event')
      })
    }
  }
})
