import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Audience,
  formatAudience,
  parseAudience,
  scaledAudience,
  streamOf,
  streamsOf,
} from '../../model/audience.ts'

const audiences: fc.Arbitrary<Audience> = fc.oneof(
  fc.constant<Audience>({ kind: 'broadcast' }),
  fc.constant<Audience>({ kind: 'individual' }),
  fc.integer({ min: 1, max: 1_000 }).map((rooms): Audience => ({ kind: 'rooms', rooms })),
)

test('an audience is read back from its text', () => {
  fc.assert(
    fc.property(audiences, audience => {
      assert.deepEqual(parseAudience(formatAudience(audience)), audience)
    }),
    { seed: 1 },
  )
})

for (const text of [
  '',
  'Broadcast',
  'rooms',
  'rooms:',
  'rooms:0',
  'rooms:-1',
  'rooms:1.5',
  'rooms:x',
  'rooms:1 ',
  'all',
]) {
  test(`${JSON.stringify(text)} is not an audience`, () => assert.equal(parseAudience(text), null))
}

test('broadcast has one stream, individual one a client, rooms are dealt in turn', () => {
  const clients = [0, 1, 2, 3, 4]
  const streams = (audience: Audience): number[] => clients.map(client => streamOf(audience, client))
  assert.deepEqual(streams({ kind: 'broadcast' }), [0, 0, 0, 0, 0])
  assert.deepEqual(streams({ kind: 'individual' }), [0, 1, 2, 3, 4])
  assert.deepEqual(streams({ kind: 'rooms', rooms: 2 }), [0, 1, 0, 1, 0])
})

test('the streams of a range are those of its clients, ascending, each once', () => {
  fc.assert(
    fc.property(audiences, fc.nat(300), fc.nat(300), (audience, from, count) => {
      const expected = new Set<number>()
      for (let client = from; client < from + count; client++) expected.add(streamOf(audience, client))
      assert.deepEqual(
        streamsOf(audience, from, from + count),
        [...expected].sort((a, b) => a - b),
      )
    }),
    { seed: 2, numRuns: 300 },
  )
})

test('rooms keep their size when the number of clients changes, and there is always one', () => {
  const rooms = (from: number, to: number): string =>
    formatAudience(scaledAudience({ kind: 'rooms', rooms: 100 }, from, to))
  assert.equal(rooms(1_000, 1_000), 'rooms:100')
  assert.equal(rooms(1_000, 5_000), 'rooms:500')
  assert.equal(rooms(1_000, 26), 'rooms:3')
  assert.equal(rooms(1_000, 1), 'rooms:1')
  for (const text of ['broadcast', 'individual']) {
    const audience = parseAudience(text)
    assert.ok(audience)
    assert.equal(formatAudience(scaledAudience(audience, 1_000, 5)), text)
  }
})
