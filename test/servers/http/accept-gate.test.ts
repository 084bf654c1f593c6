import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import { Socket } from 'node:net'
import { mock, test } from 'node:test'
import fc from 'fast-check'
import { clients } from '../../../clients/index.ts'
import { SocketMeter } from '../../../measure/messages/socket-meter.ts'
import { postTypes } from '../../../model/request.ts'
import { instant, milliseconds } from '../../../model/units.ts'
import { AcceptGate } from '../../../servers/http/accept-gate.ts'
import { longPolling } from '../../../servers/long-polling.ts'
import { piggyback } from '../../../servers/piggyback.ts'
import { websocket } from '../../../servers/websocket.ts'
import { clientOf, RecordingSink } from '../../recording-sink.ts'
import { eventually, serve } from '../../served.ts'

/** A gate over fake sockets, on a clock that only the test moves. */
class Rig {
  nowMs = 0
  readonly taken: { readonly name: number; readonly atMs: number }[] = []
  readonly #server = new EventEmitter() as Server
  readonly #sockets = new Map<Socket, number>()

  constructor(rate: number) {
    this.#server.on('connection', (socket: Socket) => {
      this.taken.push({ name: this.#sockets.get(socket) ?? -1, atMs: this.nowMs })
    })
    new AcceptGate(this.#server, rate, () => instant(this.nowMs * 1_000))
  }

  arrive(name: number): Socket {
    const socket = new Socket()
    this.#sockets.set(socket, name)
    this.#server.emit('connection', socket)
    return socket
  }

  passMs(count: number): void {
    for (let ms = 0; ms < count; ms++) {
      this.nowMs++
      mock.timers.tick(1)
    }
  }
}

test('connections are taken in their order, each a gap after the last or as it comes', () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const pausesMs = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(pausesMs, fc.integer({ min: 1, max: 12 }), (pauses, gapMs) => {
        const rig = new Rig(1_000 / gapMs)
        let nextMs = 0
        const due = pauses.map((pauseMs, name) => {
          rig.passMs(pauseMs)
          rig.arrive(name)
          const atMs = Math.max(rig.nowMs, nextMs)
          nextMs = atMs + gapMs
          return { name, atMs }
        })
        rig.passMs(gapMs * pauses.length)
        assert.deepEqual(rig.taken, due)
      }),
    )
  } finally {
    mock.timers.reset()
  }
})

test('a late timer shifts no turn: what fell due is taken at once, and no more', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const rig = new Rig(100)
  for (let name = 0; name < 10; name++) rig.arrive(name)
  // Turns are 10 ms apart; the process stands still for 44.
  rig.nowMs = 44
  t.mock.timers.tick(44)
  assert.deepEqual(
    rig.taken.map(({ name }) => name),
    [0, 1, 2, 3, 4],
  )
  rig.nowMs = 50
  t.mock.timers.tick(6)
  assert.equal(rig.taken.length, 6)
})

test('a connection that closes while it waits costs no turn', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const rig = new Rig(100)
  const [, second] = [0, 1, 2].map(name => rig.arrive(name))
  const closed = new Promise(resolve => second?.once('close', resolve))
  second?.destroy()
  await closed
  rig.nowMs = 10
  t.mock.timers.tick(10)
  assert.deepEqual(rig.taken, [
    { name: 0, atMs: 0 },
    { name: 2, atMs: 10 },
  ])
})

/** So slow that only the first connection is taken within a test. */
const oneOnly = 0.001

test('a client that gives up while it waits leaves the queue, though it had asked already', async t => {
  const { server, connection } = await serve(t, longPolling, { acceptRate: 2 })
  const meter = new SocketMeter('server')
  t.after(() => meter.close())
  const first = await connection()
  const impatient = await Promise.all(Array.from({ length: 20 }, connection))
  for (const raw of impatient) raw.get('/events?stream=0')
  await eventually(() => meter.open.size === 21, 'all in the queue')
  for (const raw of impatient.slice(0, 19)) raw.socket.end()
  await eventually(() => meter.open.size === 2, 'those who gave up out of it')
  first.close()
  await eventually(() => server.subscribers === 1, 'the one who stayed to be served')
})

test('what was sent before a connection was taken is read then, to the byte', async t => {
  const meter = new SocketMeter('server')
  t.after(() => meter.close())
  const { connection } = await serve(t, piggyback, { acceptRate: 20 })
  await connection()
  const raw = await connection()
  const head = `POST /events?stream=0 HTTP/1.1\r\nHost: test\r\nContent-Type: ${postTypes.form}\r\n`
  const text = `${head}Content-Length: 10\r\n\r\naction=buy`
  raw.send(text.slice(0, 40))
  await eventually(() => meter.bytes().toServer === 40, 'the first piece')
  raw.send(text.slice(40))
  assert.match(await raw.response(), /"action":"buy"/)
  raw.get('/events?stream=0')
  assert.match(await raw.response(), /\[\]$/)
  assert.equal(
    meter.bytes().toServer,
    text.length + 'GET /events?stream=0 HTTP/1.1\r\nHost: test\r\n\r\n'.length,
  )
})

test('an upgrade passes the gate', async t => {
  const { url, publish } = await serve(t, websocket, { acceptRate: 20 })
  const sinks = [new RecordingSink(), new RecordingSink()]
  await Promise.all(sinks.map(sink => clientOf(t, clients.websocket, url).connect(sink)))
  publish(1)
  await eventually(() => sinks.every(({ events }) => events.length === 1), 'the event at both')
})

test('closing the server ends those in the queue, and draining it resets them', async t => {
  for (const end of ['close', 'drain'] as const) {
    const { server, connection } = await serve(t, longPolling, { acceptRate: oneOnly })
    const first = await connection()
    const waiting = await Promise.all([connection(), connection()])
    await (end === 'close' ? server.close() : server.drain?.(milliseconds(0), milliseconds(0)))
    await Promise.all([first, ...waiting].map(raw => raw.end()))
  }
})
