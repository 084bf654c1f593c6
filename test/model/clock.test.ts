import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockFrom, type Origin, originNow } from '../../model/clock.ts'

test('a clock starts near 0, counts microseconds and never goes back', () => {
  const before = process.hrtime.bigint()
  const clock = clockFrom(originNow())
  const readings = Array.from({ length: 10_000 }, clock)
  const spentMicros = Number(process.hrtime.bigint() - before) / 1_000
  assert.ok((readings[0] ?? -1) >= 0)
  assert.ok((readings.at(-1) ?? Infinity) <= spentMicros)
  assert.deepEqual(
    readings.toSorted((a, b) => a - b),
    readings,
  )
})

test('clocks of one origin agree, and an origin is text that survives JSON', () => {
  const origin: Origin = originNow()
  const [one, other] = [clockFrom(origin), clockFrom(JSON.parse(JSON.stringify(origin)))]
  const [first, second, third] = [one(), other(), one()]
  assert.ok(first <= second && second <= third)
})

test('nanoseconds stay exact however long ago the origin was', () => {
  const century = 100n * 365n * 86_400n * 1_000_000_000n
  const hrtime = process.hrtime.bigint
  const now = century + 1_234n
  try {
    process.hrtime.bigint = () => now
    assert.equal(clockFrom(`${century}` as Origin)(), 1.234)
  } finally {
    process.hrtime.bigint = hrtime
  }
})
