import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeEvent, type PushEvent } from '../../../model/event.ts'
import { instant } from '../../../model/units.ts'
import { EventLog } from '../../../servers/http/log.ts'

const event = (seq: number): PushEvent => ({
  seq,
  intendedAt: instant(seq * 10),
  sentAt: instant(seq * 10 + 1),
  payload: `p${seq}`,
})

/** What an unbounded array of which only the end is shown would answer. */
function model(all: readonly PushEvent[], capacity: number, cursor: number) {
  const kept = all.slice(-capacity)
  const entries = kept.filter(({ seq }) => seq > cursor)
  const oldest = entries[0]?.seq
  const overrun = oldest !== undefined && oldest > cursor + 1 ? { first: cursor + 1, last: oldest - 1 } : null
  return { overrun, entries: entries.map(entry => ({ event: entry, text: encodeEvent(entry) })) }
}

test('a log answers every cursor as an array that keeps its last events would, at every moment', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(40), (capacity, count) => {
      const log = new EventLog(capacity)
      const all: PushEvent[] = []
      for (let seq = 0; seq <= count; seq++) {
        if (seq > 0) {
          all.push(event(seq))
          assert.deepEqual(log.append(event(seq)), { event: event(seq), text: encodeEvent(event(seq)) })
        }
        assert.equal(log.last, seq)
        for (let cursor = 0; cursor <= count + 2; cursor++) {
          assert.deepEqual(log.after(cursor), model(all, capacity, cursor), `cursor ${cursor} after ${seq}`)
        }
      }
    }),
    { seed: 1, numRuns: 60 },
  )
})

test('what was handed out stays as it was when the log goes on', () => {
  const log = new EventLog(2)
  log.append(event(1))
  const { entries } = log.after(0)
  for (let seq = 2; seq < 10; seq++) log.append(event(seq))
  assert.deepEqual(
    entries.map(entry => entry.event.seq),
    [1],
  )
})
