/** How often a server reads its sockets: for at most a hundredth of its CPU time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { binWidth } from '../../../measure/messages/timeline.ts'
import { TimelineReadings } from '../../../measure/server/server-timeline.ts'
import { type Micros, micros } from '../../../model/units.ts'

/** Edges of bins for 10 s; in each bin the server uses `work` of CPU time, and a reading takes `cost`. */
function readingsOf(work: number, cost: number): { readings: TimelineReadings; spent: number; cpu: Micros } {
  let cpu = micros(500_000)
  let walks = 0
  const read = (): number => {
    walks++
    cpu = micros(cpu + cost)
    return 7
  }
  const readings = new TimelineReadings(read, () => cpu)
  for (let bin = 0; bin < 40; bin++) {
    readings.edge(micros(bin * binWidth), bin)
    cpu = micros(cpu + work)
  }
  return { readings, spent: (walks - 1) * cost, cpu: micros(cpu - 500_000) }
}

test('sockets are read at every edge where that is cheap', () => {
  const { readings } = readingsOf(50_000, 400)
  assert.equal(readings.bytes.length, 40)
  assert.equal(readings.requests.length, 40)
})

test('thousands of quiet sockets are read as seldom as keeps the cost below 1 %, requests at every edge', () => {
  // 5,000 sockets at 0.3 us, next to 1,000 deliveries a second at 25 us.
  const { readings, spent, cpu } = readingsOf(6_250, 1_500)
  assert.equal(readings.requests.length, 40)
  assert.ok(spent <= 0.01 * cpu, `${spent} of ${cpu} us`)
  assert.ok(readings.bytes.length >= 2, 'not given up for good')
})

test('a reading that was made anyway puts the next one off', () => {
  let walks = 0
  let cpu = micros(0)
  const readings = new TimelineReadings(
    () => {
      walks++
      cpu = micros(cpu + 100)
      return 1
    },
    () => cpu,
  )
  readings.edge(micros(0), 0)
  cpu = micros(10_000)
  readings.note(micros(240_000), 5)
  readings.edge(micros(250_000), 0)
  assert.equal(walks, 1)
  cpu = micros(20_000)
  readings.edge(micros(500_000), 0)
  assert.equal(walks, 2)
})
