import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Pacer } from '../../../measure/time/pacer.ts'
import { clockFrom, originNow } from '../../../model/clock.ts'
import { after, type Instant, milliseconds, seconds } from '../../../model/units.ts'

/** A pacer with a promise of its next wake-up, which resolves with the instant of it. */
function pacing(t: TestContext) {
  const origin = originNow()
  const clock = clockFrom(origin)
  const wakes: Instant[] = []
  let reported: (() => void) | undefined
  const pacer = new Pacer(origin, () => {
    wakes.push(clock())
    reported?.()
  })
  // Its thread does not keep the process alive; something has to while a test waits for it.
  const alive = setInterval(() => {}, 1_000)
  t.after(() => {
    clearInterval(alive)
    return pacer.close()
  })
  const nextWake = async (): Promise<Instant> => {
    const { length } = wakes
    if (wakes.length === length) {
      await new Promise<void>(resolve => {
        reported = resolve
      })
    }
    return wakes[length] as Instant
  }
  return { pacer, clock, wakes, nextWake }
}

test('a pacer wakes after the instant, never before', async t => {
  const { pacer, clock, nextWake } = pacing(t)
  for (let round = 0; round < 100; round++) {
    const at = after(clock(), milliseconds(0.1 + (round % 7) * 0.73))
    pacer.wakeAt(at)
    assert.ok((await nextWake()) >= at)
  }
})

test('an instant in the past wakes at once', async t => {
  const { pacer, clock, nextWake } = pacing(t)
  pacer.wakeAt(after(clock(), milliseconds(-50)))
  await nextWake()
})

test('a new alarm takes the place of the one before, whether it is earlier or later', async t => {
  const { pacer, clock, nextWake, wakes } = pacing(t)
  pacer.wakeAt(after(clock(), seconds(3_600)))
  const early = after(clock(), milliseconds(5))
  pacer.wakeAt(early)
  assert.ok((await nextWake()) >= early)

  pacer.wakeAt(after(clock(), milliseconds(200)))
  const late = after(clock(), milliseconds(400))
  pacer.wakeAt(late)
  assert.ok((await nextWake()) >= late)
  assert.equal(wakes.length, 2)
})

test('one alarm wakes once, and an alarm that is cancelled does not', async t => {
  const { pacer, clock, nextWake, wakes } = pacing(t)
  pacer.wakeAt(after(clock(), milliseconds(1)))
  await nextWake()
  pacer.wakeAt(after(clock(), milliseconds(30)))
  pacer.cancel()
  const until = after(clock(), milliseconds(80))
  await new Promise<void>(resolve => {
    const look = (): void => void (clock() > until ? resolve() : setImmediate(look))
    look()
  })
  assert.equal(wakes.length, 1)
})

test('a pacer is ready once its thread has fired, and keeps the alarm that is set then', async t => {
  const { pacer, clock, nextWake, wakes } = pacing(t)
  await pacer.ready()
  const ready = wakes.length
  const at = after(clock(), milliseconds(20))
  pacer.wakeAt(at)
  assert.ok((await nextWake()) >= at)
  assert.equal(wakes.length, ready + 1)
})
