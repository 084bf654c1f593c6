import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Reconnects } from '../../../measure/fleet/reconnects.ts'
import { type Instant, instant, micros } from '../../../model/units.ts'

/** Counts of a client process whose clock stands where it is put, in milliseconds from the start of the measured window. */
function counting() {
  const zero = 5_000
  let now = 0
  const clock = (): Instant => instant((zero + now) * 1_000)
  const reconnects = new Reconnects<string>(clock)
  return {
    reconnects,
    at(milliseconds: number): Reconnects<string> {
      now = milliseconds
      return reconnects
    },
    /** An event comes now that was due at a moment. */
    event(client: string, due: number): void {
      reconnects.event(client, instant((zero + due) * 1_000), micros((now - due) * 1_000))
    },
    open: (): void => reconnects.open(instant(zero * 1_000)),
  }
}

test('nothing counts before the measured window, nor before it is fixed', () => {
  const { at, open, reconnects } = counting()
  at(10).attempt('a')
  open()
  at(-1).attempt('a')
  at(-1).down('a', true, 'reset', 0)
  at(-1).up('a', 1)
  assert.deepEqual([reconnects.counts().attempts.total, reconnects.affected], [0, 0])
  assert.deepEqual(reconnects.counts().connected, [])
})

test('attempts fall into grains of 1 ms, the first of which begins with the window', () => {
  const { at, open, reconnects } = counting()
  open()
  for (const moment of [0, 0.999, 1, 25]) at(moment).attempt('a')
  const { arrivals, attempts } = reconnects.counts()
  assert.deepEqual(arrivals, [
    [0, 2],
    [1, 1],
    [25, 1],
  ])
  assert.equal(attempts.total, 4)
})

test('an attempt that brings its client back is a success where it began, one that is refused is none', () => {
  const { at, open, reconnects } = counting()
  open()
  at(10).down('a', true, 'reset', 0)
  at(20).attempt('a')
  at(25).down('a', false, 'refused', 0)
  at(30).attempt('a')
  at(90).up('a', 1)
  assert.deepEqual(reconnects.counts().successes, [[30, 1]])
})

test('the attempt of a move, of a stream that lost its connection and of a second outage is a success where it began', () => {
  const { at, open, reconnects } = counting()
  open()
  at(10).moves('moved')
  at(15).moved('moved')
  at(100).streamEnded('renewed', 0)
  at(120).attempt('renewed')
  at(125).opens('renewed')
  at(130).up('renewed', 1)
  at(200).down('moved', true, 'reset', 0)
  at(220).attempt('moved')
  at(230).up('moved', 1)
  assert.deepEqual(reconnects.counts().successes, [
    [10, 1],
    [120, 1],
    [220, 1],
  ])
})

test('of the clients connected a grain of 10 ms keeps the last count', () => {
  const { at, open, reconnects } = counting()
  open()
  at(100).down('a', true, 'reset', 9)
  at(101).down('b', true, 'reset', 8)
  at(150).up('a', 9)
  assert.deepEqual(reconnects.counts().connected, [
    [10, 8],
    [15, 9],
  ])
})

test('an absence lasts until the client is connected; failed attempts are wasted, and counted by cause', () => {
  const { at, open, reconnects } = counting()
  open()
  at(100).down('a', true, 'reset', 1)
  for (const [moment, cause] of [
    [200, 'refused'],
    [300, 'reset'],
    [400, 'timeout'],
    [500, 'status'],
  ] as const)
    at(moment).down('a', false, cause, 1)
  at(600).up('a', 2)
  const { outages, wasted, attempts } = reconnects.counts()
  assert.deepEqual(outages, [[[100_000, 600_000]]])
  assert.equal(wasted, 4)
  assert.deepEqual(attempts, { total: 0, refused: 1, reset: 1, timeout: 1, other: 1 })
})

test('each absence of a client is reported, also one that has not ended', () => {
  const { at, open, reconnects } = counting()
  open()
  at(100).down('a', true, 'closed', 0)
  at(150).up('a', 1)
  at(400).down('a', true, 'reset', 0)
  at(500).down('a', false, 'refused', 0)
  assert.deepEqual(reconnects.counts().outages, [
    [
      [100_000, 150_000],
      [400_000, null],
    ],
  ])
  assert.equal(reconnects.affected, 1)
})

test('events that were due before their client was back are caught up, and the first of all is counted separately', () => {
  const { at, event, open, reconnects } = counting()
  open()
  at(90)
  event('a', 80)
  at(100).down('a', true, 'reset', 0)
  at(300).up('a', 1)
  at(310)
  event('a', 200)
  event('a', 290)
  at(400)
  event('a', 395)
  event('b', 200)
  const { caughtUp, firstEvent } = reconnects.counts()
  assert.equal(caughtUp, 2)
  assert.deepEqual([firstEvent.count, firstEvent.sum], [1, 110_000])
})

test('the answer that brings a client back may carry what it missed: a poll', () => {
  const { at, event, open, reconnects } = counting()
  open()
  at(100).down('a', true, 'reset', 0)
  at(300)
  event('a', 250)
  event('a', 260)
  at(300).up('a', 1)
  at(350)
  event('a', 345)
  const { caughtUp, firstEvent } = reconnects.counts()
  assert.equal(caughtUp, 2)
  assert.deepEqual([firstEvent.count, firstEvent.sum], [1, 50_000])
})

test('a move is an attempt, and an absence from the opening of the connection until it serves', () => {
  const { at, event, open, reconnects } = counting()
  open()
  at(100).moves('a')
  at(130)
  event('a', 90)
  at(130).moved('a')
  event('a', 120)
  at(131).moved('a')
  const { arrivals, attempts, caughtUp, firstEvent, outages, wasted } = reconnects.counts()
  assert.deepEqual(arrivals, [[100, 1]])
  assert.deepEqual(outages, [[[100_000, 130_000, true]]])
  assert.deepEqual([attempts.total, reconnects.affected, wasted], [1, 1, 0])
  // It was never away: what a poll brings was due before it, as ever.
  assert.deepEqual([caughtUp, firstEvent.count], [0, 0])
})

test('a move that fails is an attempt that failed, and a loss from then on', () => {
  const { at, event, open, reconnects } = counting()
  open()
  at(100).moves('a')
  at(101).down('a', true, 'refused', 0)
  at(200).attempt('a')
  at(210)
  event('a', 150)
  at(210).up('a', 1)
  const { attempts, caughtUp, firstEvent, outages, wasted } = reconnects.counts()
  assert.deepEqual(outages, [[[100_000, 210_000]]])
  assert.deepEqual(attempts, { total: 2, refused: 1, reset: 0, timeout: 0, other: 0 })
  assert.deepEqual([wasted, caughtUp, firstEvent.count], [1, 1, 1])
})

test('moves before the measured window are not counted', () => {
  const { at, open, reconnects } = counting()
  open()
  at(-1).moves('a')
  at(1).moved('a')
  assert.deepEqual([reconnects.counts().attempts.total, reconnects.affected], [0, 0])
})

test('a stream that is renewed on the connection that stands is neither a loss nor an attempt', () => {
  const { at, open, reconnects } = counting()
  open()
  at(100).streamEnded('a', 0)
  at(400).attempt('a')
  assert.equal(at(410).up('a', 1), true)
  const { arrivals, attempts, connected, outages } = reconnects.counts()
  assert.deepEqual([arrivals, attempts.total, outages], [[], 0, []])
  assert.deepEqual(connected, [
    [10, 0],
    [41, 1],
  ])
})

test('a stream that ended with its connection was lost when it ended, and its attempt began when its wait was over', () => {
  const { at, open, reconnects } = counting()
  open()
  at(100).streamEnded('a', 0)
  at(400).attempt('a')
  at(405).opens('a')
  assert.equal(at(410).up('a', 1), false)
  const { arrivals, attempts, outages } = reconnects.counts()
  assert.deepEqual([arrivals, attempts.total], [[[400, 1]], 1])
  assert.deepEqual(outages, [[[100_000, 410_000]]])
})

test('a stream that ended before the window and is renewed within it is not an attempt either', () => {
  const { at, open, reconnects } = counting()
  open()
  at(-50).streamEnded('a', 0)
  at(400).attempt('a')
  at(410).up('a', 1)
  assert.deepEqual([reconnects.counts().attempts.total, reconnects.affected], [0, 0])
})

test('a renewal that fails is an attempt that failed, and the end of the stream a loss', () => {
  const { at, open, reconnects } = counting()
  open()
  at(100).streamEnded('a', 0)
  at(400).attempt('a')
  at(420).down('a', false, 'reset', 0)
  const { attempts, outages, wasted } = reconnects.counts()
  assert.deepEqual([attempts.total, attempts.reset, wasted], [1, 1, 1])
  assert.deepEqual(outages, [[[100_000, null]]])
})
