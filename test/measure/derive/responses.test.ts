import assert from 'node:assert/strict'
import { test } from 'node:test'
import { responsesOf } from '../../../measure/derive/responses.ts'
import { Recorder } from '../../../measure/fleet/recorder.ts'
import type { FleetCounts } from '../../../measure/messages/fleet-counts.ts'
import { instant } from '../../../model/units.ts'
import { clusteredRatioError } from '../../../statistics/clustered-ratio.ts'

const window = { from: instant(0), to: instant(1_000_000) }

/**
 * What client processes of 20 clients each count of answers to clients in 20 rooms: one answer for each client, empty
 * in every third room.
 */
function countsOf(rooms: number, processes: number): FleetCounts[] {
  return Array.from({ length: processes }, (_, at) => {
    const [from, to] = [at * 20, (at + 1) * 20]
    const audience = { kind: 'rooms', rooms } as const
    const recorder = new Recorder({
      clock: () => instant(500_000),
      audience,
      delivery: 'log',
      pagesPerSession: 1,
      from,
      to,
    })
    recorder.open(window, { seed: 1, arrivals: 'poisson', ratePerSecond: 1 }, window.from)
    for (let client = from; client < to; client++) {
      recorder.response(recorder.client(client), (client % rooms) % 3 === 0)
    }
    return recorder.close()
  })
}

test('a room whose clients are in several client processes is one room', () => {
  const { total, empty, emptyRatio, emptyRatioError } = responsesOf(countsOf(20, 3))
  assert.deepEqual([total, empty, emptyRatio], [60, 21, 0.35])
  const rooms = Array.from({ length: 20 }, (_, room) => ({ whole: 3, part: room % 3 === 0 ? 3 : 0 }))
  assert.equal(emptyRatioError, clusteredRatioError(rooms))
})

test('clients that all wait for the same events are one draw, whose error nobody knows', () => {
  const { total, emptyRatio, emptyRatioError } = responsesOf(countsOf(1, 2))
  assert.deepEqual([total, emptyRatio, emptyRatioError], [40, 1, null])
})
