import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { milliseconds } from '../../../model/units.ts'
import { drainInTurn } from '../../../servers/http/connection-draining.ts'

/** Connections of no network, and what is done to them at which millisecond. */
function rig(count: number, onDeparture: (socket: Socket) => void) {
  const log: string[] = []
  const sockets = Array.from({ length: count }, (_, name) => {
    const socket = new Socket()
    socket.end = () => {
      log.push(`end ${name} at ${rigged.nowMs}`)
      return socket
    }
    socket.once('close', () => log.push(`closed ${name} at ${rigged.nowMs}`))
    return socket
  })
  const rigged = {
    nowMs: 0,
    log,
    departing: (overMs: number) =>
      drainInTurn(sockets, milliseconds(overMs), socket => {
        log.push(`away ${sockets.indexOf(socket)} at ${rigged.nowMs}`)
        onDeparture(socket)
      }),
  }
  return rigged
}

/** Lets time pass, and what follows from it happen. */
async function pass(rigged: { nowMs: number }, tick: (ms: number) => void, untilMs: number): Promise<void> {
  while (rigged.nowMs < untilMs) {
    rigged.nowMs++
    tick(1)
    await new Promise(setImmediate)
  }
}

test('connections go in their order, evenly over the window', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const rigged = rig(4, socket => socket.destroy())
  const departed = rigged.departing(100)
  await pass(rigged, ms => t.mock.timers.tick(ms), 80)
  await departed
  assert.deepEqual(
    rigged.log.filter(line => line.startsWith('away')),
    // A timer of 0 ms is one of 1 ms.
    ['away 0 at 1', 'away 1 at 25', 'away 2 at 50', 'away 3 at 75'],
  )
})

test('one that stands idle is ended a second after the window, one that does not go a second later', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const rigged = rig(1, () => {})
  const departed = rigged.departing(50)
  await pass(rigged, ms => t.mock.timers.tick(ms), 2_051)
  await departed
  assert.deepEqual(rigged.log, ['away 0 at 1', 'end 0 at 1050', 'closed 0 at 2050'])
})

test('nobody is waited for when nobody is there', async () => {
  await rig(0, () => {}).departing(60_000)
})
