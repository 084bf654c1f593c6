/** Timelines in reports: tables whose rows are times, titles that speak of the measured window only. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deliveredOverTime, tailOverTime } from '../../reports/chapters/timeline-figures.ts'
import type { Measurement, TimelinePoint } from '../../results/result.ts'
import { scenarios } from './arranged.ts'
import { measurementOf, resultOf } from './fixture.ts'

const bin = 0.25

/** Bins of 250 ms from one time to another, both in seconds; p99 in milliseconds. */
const bins = (
  from: number,
  to: number,
  { delivered = 25, p99 = 2 }: { delivered?: number; p99?: number } = {},
): TimelinePoint[] =>
  Array.from({ length: Math.round((to - from) / bin) }, (_, at) => ({
    atMicros: (from + at * bin) * 1e6,
    widthMicros: bin * 1e6,
    connected: 10,
    delivered,
    requests: 0,
    bytes: 0,
    latencyP50Micros: delivered === 0 ? null : 1_000,
    latencyP99Micros: delivered === 0 ? null : p99 * 1_000,
  }))

/** A measurement of a window of 5 s with this timeline. */
const timed = (technique: string, ...timeline: TimelinePoint[][]): Measurement => ({
  ...measurementOf({ technique }),
  timeline: timeline.flat(),
})

function figures(...measurements: Measurement[]) {
  const [scenario] = scenarios(resultOf(measurements))
  assert.ok(scenario)
  return { delivered: deliveredOverTime(scenario), tail: tailOverTime(scenario) }
}

/** The rows of a table as `head: cells`. */
const rowsOf = ({ numbers }: ReturnType<typeof deliveredOverTime>): string[] =>
  numbers.rows.map(({ head, cells }) => `${head}: ${cells.map(({ text }) => text).join(', ')}`)

test('each row of the numbers is one stretch of time for all techniques, wherever their bins begin', () => {
  const { delivered, tail } = figures(
    timed('sse', bins(-0.5, 1, { p99: 2 })),
    timed('polling', bins(-1, 0.5, { delivered: 50, p99: 8 })),
  )
  assert.deepEqual(rowsOf(delivered), [
    '-1 s: no data, 200/s',
    '-0.75 s: no data, 200/s',
    '-0.5 s: 100/s, 200/s',
    '-0.25 s: 100/s, 200/s',
    '0 s: 100/s, 200/s',
    '0.25 s: 100/s, 200/s',
    '0.5 s: 100/s, no data',
    '0.75 s: 100/s, no data',
  ])
  assert.equal(rowsOf(tail)[0], '-1 s: no data, 8.00 ms')
})

test('a long timeline is joined to rows of one length, and no row says more than its own time', () => {
  const { delivered } = figures(
    timed('sse', bins(-1.25, 6)),
    timed('piggyback', bins(-7, 6, { delivered: 50 }), bins(6, 7, { delivered: 0 })),
  )
  const rows = rowsOf(delivered)
  assert.ok(rows.length <= 24, `${rows.length} rows`)
  assert.equal(rows[0], '-7.5 s: no data, 200/s')
  assert.equal(rows.at(-1), '6.75 s: no data, 0/s')
  for (const row of rows.filter(each => each.startsWith('-')).slice(0, -2)) assert.match(row, /s: no data, /)
})

test('the titles leave out warm-up and the wait for the last events', () => {
  const { delivered, tail } = figures(
    timed(
      'piggyback',
      bins(-2, 0, { delivered: 0 }),
      bins(0, 5, { p99: 100 }),
      bins(5, 6, { delivered: 0 }),
      bins(6, 9, { p99: 900 }),
    ),
  )
  assert.equal(delivered.title, 'Nothing paused: events were delivered in every bin')
  assert.equal(tail.title, 'Nothing fell behind: p99 did not rise from the first third to the last')
})

test('what happened within the window is in the titles', () => {
  const { delivered, tail } = figures(
    timed('polling', bins(0, 2, { p99: 10 }), bins(2, 2.5, { delivered: 0 }), bins(2.5, 5, { p99: 30 })),
  )
  assert.equal(delivered.title, 'The longest pause without a delivery was 500 ms, with polling')
  assert.equal(tail.title, 'p99 of polling rose 3.0-fold from the first third to the last')
})

test('where too few events came, no title says that nothing fell behind', () => {
  const few = bins(0, 5, { p99: 10, delivered: 1 })
  assert.equal(
    figures(timed('polling', few)).tail.title,
    'Too few events to tell whether anything fell behind',
  )
  assert.equal(
    figures(timed('polling', few), timed('sse', bins(0, 5))).tail.title,
    'p99 did not rise from the first third to the last with 1 of 2 techniques; the others had too few events to tell',
  )
})

test('a pause of the same length is said of all that had it', () => {
  const paused = [...bins(0, 2), ...bins(2, 2.5, { delivered: 0 }), ...bins(2.5, 5)]
  assert.equal(
    figures(timed('polling', paused), timed('sse', paused), timed('websocket', bins(0, 5))).delivered.title,
    'The longest pause without a delivery was 500 ms, with polling and sse',
  )
})
