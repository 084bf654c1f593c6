import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Backlog } from '../../../measure/fleet/backlog.ts'
import { instant, micros } from '../../../model/units.ts'
import { mergeHistograms } from '../../../results/histogram.ts'

/** What came to a client at an instant, of an event that was due at another. */
const receive = (backlog: Backlog<string>, client: string, due: number, at: number): void =>
  backlog.event(client, instant(due), instant(at), micros(at - due))

test('the backlog is what was due before the clients read again and came afterwards, to those that had stopped', () => {
  const backlog = new Backlog<string>()
  backlog.stalled('slow')
  receive(backlog, 'slow', 500, 600)
  receive(backlog, 'brisk', 900, 1_100)
  backlog.readAgain(instant(2_000))
  receive(backlog, 'slow', 1_000, 2_005)
  receive(backlog, 'slow', 1_999, 2_010)
  receive(backlog, 'brisk', 1_999, 2_020)
  receive(backlog, 'slow', 2_000, 2_030)
  const { clients, latency, cleared } = backlog.counts()
  assert.deepEqual([clients, cleared], [1, 10])
  const { count, min, max } = mergeHistograms([latency]).summary() ?? {}
  assert.deepEqual([count, min, max], [2, 11, 1_005])
})

test('reading again counts from the first time, and without a delivery the backlog has no end', () => {
  const backlog = new Backlog<string>()
  backlog.stalled('slow')
  assert.equal(backlog.counts().cleared, null)
  backlog.readAgain(instant(1_000))
  backlog.readAgain(instant(3_000))
  receive(backlog, 'slow', 2_000, 3_100)
  assert.deepEqual([backlog.counts().clients, backlog.counts().cleared], [1, null])
})
