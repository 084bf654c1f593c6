/** When bytes that a relay handles can have come: while it slept, or while it was at its turn before. */
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { DelayQueue } from '../../../measure/time/delay-queue.ts'
import { originNow } from '../../../model/clock.ts'
import { elapsed, type Instant, instant, milliseconds } from '../../../model/units.ts'
import { Path } from '../../../relay/relay-path.ts'
import { Histogram } from '../../../results/histogram.ts'

async function departures(t: TestContext): Promise<DelayQueue> {
  const alive = setInterval(() => {}, 1_000)
  const made = new DelayQueue(originNow())
  t.after(() => {
    clearInterval(alive)
    return made.close()
  })
  await made.ready()
  return made
}

const block = ({ clock }: DelayQueue, from: Instant, length: number): void => {
  while (elapsed(from, clock()) < length);
}

/** A turn that takes `length`, and the turn behind it: how long its bytes can have waited, and when the turns began. */
function turnBehind(waiting: DelayQueue, length: number): Promise<{ first: Instant; earliest: Instant }> {
  return new Promise(resolve => {
    const first = waiting.turnStart()
    block(waiting, first, length)
    // The first of these ends the turn; the second is of the next.
    setImmediate(() => setImmediate(() => resolve({ first, earliest: waiting.arrivedFrom() })))
  })
}

test('bytes that are handled right behind a long turn can have come since that turn began', async t => {
  const waiting = await departures(t)
  // A process that loses its core between two turns looks as if it had slept: one of a few must show it.
  for (let attempt = 1; ; attempt++) {
    const { first, earliest } = await turnBehind(waiting, milliseconds(20))
    if (attempt < 20 && earliest !== first) continue
    assert.equal(earliest, first)
    break
  }
})

for (const bandwidth of [null, 1_000_000_000]) {
  test(`what a relay adds includes the turn that bytes waited for${bandwidth === null ? '' : ', where the line is free'}`, async t => {
    const waiting = await departures(t)
    const length = milliseconds(20)
    const context = {
      link: { rtt: milliseconds(1), jitter: milliseconds(0), bandwidth },
      departures: waiting,
      random: () => 0,
      carriesFrom: instant(0),
      added: new Histogram(),
      largestHeld: 0,
    }
    for (let attempt = 1; attempt <= 20 && (context.added.summary()?.max ?? 0) < length; attempt++) {
      await turnBehind(waiting, length)
      const left = Promise.withResolvers<void>()
      const sink = new PassThrough().once('data', () => left.resolve()) as unknown as Socket
      new Path(context, sink, sink, instant(0)).send(Buffer.from('x'))
      await left.promise
    }
    assert.ok((context.added.summary()?.max ?? 0) >= length, `${context.added.summary()?.max} us`)
  })
}

test('bytes that wake a relay which slept came as its turn began', async t => {
  const waiting = await departures(t)
  await turnBehind(waiting, milliseconds(1))
  await new Promise(resolve => setTimeout(resolve, 10))
  assert.equal(waiting.arrivedFrom(), waiting.turnStart())
})
