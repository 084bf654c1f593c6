import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  decodeMessage,
  encodeEvent,
  encodeOverrun,
  minimumTextBytes,
  type PushEvent,
  toMessage,
} from '../../model/event.ts'
import { instant } from '../../model/units.ts'

/** Any UTF-16 code units, lone surrogates among them: JSON escapes those, so that even they survive UTF-8. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
  .map(units => String.fromCharCode(...units))
const nastyText = fc
  .array(
    fc.constantFrom(
      '\u2028',
      '\u2029',
      '\0',
      '"',
      '\\',
      '\r',
      '\n',
      '\r\n',
      '</script>',
      '\ud800',
      '\udc00',
      '😀',
      '\\u2028',
      '\x7f',
      '\x85',
    ),
    { maxLength: 30 },
  )
  .map(parts => parts.join(''))
const events: fc.Arbitrary<PushEvent> = fc.record(
  {
    seq: fc.integer({ min: 1, max: 10_000_000 }),
    intendedAt: fc.maxSafeNat().map(instant),
    sentAt: fc.maxSafeNat().map(instant),
    payload: fc.oneof(anyText, nastyText, fc.string({ unit: 'binary' })),
  },
  { noNullPrototype: true },
)

test('an event is read back as it was, through UTF-8', () => {
  fc.assert(
    fc.property(events, event => {
      const wire = Buffer.from(encodeEvent(event)).toString()
      assert.deepEqual(decodeMessage(wire), { event })
    }),
    { seed: 1, numRuns: 2_000 },
  )
})

test('the text of an event is one line and holds no character that ends a line or a script string', () => {
  fc.assert(
    fc.property(events, event => {
      const text = encodeEvent(event)
      for (const character of ['\r', '\n', '\u2028', '\u2029', '\0']) {
        assert.ok(!text.includes(character), JSON.stringify(character))
      }
    }),
    { seed: 2, numRuns: 2_000 },
  )
})

test('instants travel as whole microseconds', () => {
  const text = encodeEvent({ seq: 1, intendedAt: instant(10.4), sentAt: instant(10.6), payload: '' })
  assert.equal(text, '[1,10,11,""]')
})

test('several texts make one JSON array whose parts are read one by one', () => {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 5 }), list => {
      const texts: unknown[] = JSON.parse(`[${list.map(encodeEvent).join(',')}]`)
      assert.deepEqual(
        texts.map(toMessage),
        list.map(event => ({ event })),
      )
    }),
    { seed: 3 },
  )
})

test('a notice is read back as it was', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (first, last) => {
      assert.deepEqual(decodeMessage(encodeOverrun({ first, last })), { overrun: { first, last } })
    }),
    { seed: 4 },
  )
})

test('a payload that looks like a notice is still a payload', () => {
  const event: PushEvent = {
    seq: 1,
    intendedAt: instant(0),
    sentAt: instant(0),
    payload: '{"overrun":[1,2]}',
  }
  assert.deepEqual(decodeMessage(encodeEvent(event)), { event })
})

for (const text of [
  '',
  ' ',
  'null',
  'true',
  '7',
  '"text"',
  '[]',
  '{}',
  '[1,2,3]',
  '["1",2,3,"x"]',
  '[1,null,3,"x"]',
  '[1,2,"3","x"]',
  '[1,2,3,4]',
  '[1,2,3,null]',
  '{"overrun":null}',
  '{"overrun":[1]}',
  '{"overrun":["1","2"]}',
  '{"overrun":{"first":1,"last":2}}',
  '[1,2,3,"x"',
  '[1,2,3,"x"]]',
  'data: [1,2,3,"x"]',
]) {
  test(`a text that is neither an event nor a notice is a SyntaxError: ${JSON.stringify(text)}`, () => {
    assert.throws(() => decodeMessage(text), SyntaxError)
  })
}

test('whatever comes, reading either yields a message or throws a SyntaxError', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), text => {
      try {
        const message = decodeMessage(text)
        assert.ok('event' in message || 'overrun' in message)
      } catch (error) {
        assert.ok(error instanceof SyntaxError, String(error))
      }
    }),
    { seed: 5, numRuns: 2_000 },
  )
})

test('the smallest text holds a stamp of three hours and ten million events', () => {
  const last = instant(3 * 3_600 * 1_000_000)
  const text = encodeEvent({ seq: 10_000_000, intendedAt: last, sentAt: last, payload: '' })
  assert.ok(text.length <= minimumTextBytes, `${text.length}`)
})
