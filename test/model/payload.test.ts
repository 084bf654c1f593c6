import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { encodeEvent, minimumTextBytes } from '../../model/event.ts'
import { payloadMaker } from '../../model/payload.ts'
import { instant } from '../../model/units.ts'

const threeHours = 3 * 3_600 * 1_000_000
const stamps = fc.record({
  seq: fc.integer({ min: 1, max: 10_000_000 }),
  intendedAt: fc.double({ min: 0, max: threeHours, noNaN: true }).map(instant),
  sentAt: fc.double({ min: 0, max: threeHours, noNaN: true }).map(instant),
})
const stamp = (seq: number) => ({ seq, intendedAt: instant(1_000 * seq), sentAt: instant(1_000 * seq + 5) })

for (const textBytes of [minimumTextBytes, 41, 125, 126, 128, 1_024, 65_535, 65_536, 600_000]) {
  test(`whatever the stamp, the text has ${textBytes} bytes exactly`, () => {
    const make = payloadMaker(1, textBytes)
    fc.assert(
      fc.property(fc.array(stamps, { minLength: 1, maxLength: 8 }), list => {
        for (const each of list) {
          const text = encodeEvent({ ...each, payload: make(each) })
          assert.equal(Buffer.byteLength(text), textBytes)
        }
      }),
      { seed: 1, numRuns: textBytes > 10_000 ? 10 : 200 },
    )
  })
}

test('a stamp that is larger than the text by itself gets an empty payload', () => {
  assert.equal(payloadMaker(1, 5)(stamp(1)), '')
})

test('one seed makes the same payloads again, another seed makes others', () => {
  const three = (seed: number): string[] => {
    const make = payloadMaker(seed, 128)
    return [1, 2, 3].map(seq => make(stamp(seq)))
  }
  assert.deepEqual(three(1), three(1))
  assert.notDeepEqual(three(1), three(2))
})

test('payloads do not repeat within the window of deflate, and do not shrink to nothing', () => {
  const make = payloadMaker(1, 1_024)
  const text = Array.from({ length: 200 }, (_, index) => make(stamp(index + 1))).join('')
  const ratio = deflateRawSync(text, { level: 9 }).length / text.length
  assert.ok(ratio > 0.74 && ratio < 0.8, `${ratio}`)
})

test('payloads hold only characters that JSON leaves as they are', () => {
  assert.match(payloadMaker(1, 10_000)(stamp(1)), /^[A-Za-z0-9_-]+$/)
})
