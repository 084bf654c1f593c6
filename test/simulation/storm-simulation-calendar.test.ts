import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Instant, instant } from '../../model/units.ts'
import { Calendar, maxCalendarClients } from '../../simulation/storm-simulation-calendar.ts'

const horizon = instant(50_000)

/** Lets clients wait for the given instants, and again for as long as `again` says. */
function visits(
  dues: readonly number[],
  again: (client: number, due: Instant) => number | null = () => null,
): [client: number, due: number][] {
  const calendar = new Calendar(dues.length, horizon)
  dues.forEach((due, client) => {
    calendar.add(client, instant(due))
  })
  const seen: [number, number][] = []
  calendar.run((client, due) => {
    seen.push([client, due])
    const next = again(client, due)
    if (next !== null) calendar.add(client, instant(next))
  })
  return seen
}

const inOrder = (a: [number, number], b: [number, number]): number => a[1] - b[1] || a[0] - b[0]
// Eighths of a microsecond are exact, so that the order asserted is the order of the instants themselves.
const due = fc.integer({ min: 0, max: 8 * 60_000 }).map(eighths => eighths / 8)

test('clients are visited in the order of their instants, those of one instant in the order of their numbers', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(due, fc.constant(7_000.5)), { maxLength: 200 }), dues => {
      const expected = dues
        .map((at, client): [number, number] => [client, at])
        .filter(([, at]) => at < horizon)
        .sort(inOrder)
      assert.deepEqual(visits(dues), expected)
    }),
    { seed: 1 },
  )
})

test('clients that wait again come in order among the others, and none is lost before the horizon', () => {
  const gaps = fc.array(fc.integer({ min: 1_000, max: 20_000 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(fc.array(due, { minLength: 1, maxLength: 50 }), gaps, (dues, gaps) => {
      const gapOf = (client: number): number => gaps[client % gaps.length] ?? 1_000
      const expected = dues.flatMap((first, client) => {
        const times: [number, number][] = []
        for (let at = first; at < horizon; at += gapOf(client)) times.push([client, at])
        return times
      })
      assert.deepEqual(
        visits(dues, (client, at) => at + gapOf(client)),
        expected.sort(inOrder),
      )
    }),
    { seed: 1 },
  )
})

test('an instant of the day that is being visited comes too late', () => {
  assert.throws(() => visits([10], (_, at) => at + 500), RangeError)
})

test('more clients than a sort key can number are refused', () => {
  assert.throws(() => new Calendar(maxCalendarClients + 1, horizon), RangeError)
})
