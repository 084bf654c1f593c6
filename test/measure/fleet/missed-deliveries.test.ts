import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pagesOf } from '../../../measure/derive/over-processes.ts'
import { Ledger } from '../../../measure/fleet/ledger.ts'
import { missedDeliveriesOf } from '../../../measure/fleet/missed-deliveries.ts'

/** A client that was due the events 1 to `last` and received these. */
function account(received: readonly number[], last: number, away = false) {
  const ledger = new Ledger()
  for (const seq of received) ledger.receive(seq)
  return { ledger, span: last === 0 ? null : { first: 1, last }, heldBack: 0, away }
}

test('what a log does not deliver is lost', () => {
  const missed = missedDeliveriesOf([account([1, 3], 4), account([1, 2, 3, 4], 4)], 'log', 1)
  assert.deepEqual([missed.lost, missed.superseded, missed.takenByOther], [2, 0, 0])
})

test('a state that a newer one overtook is superseded; the newest of all is lost when it does not come', () => {
  const missed = missedDeliveriesOf([account([2, 4], 4), account([1, 3], 5), account([], 2)], 'last-value', 1)
  assert.deepEqual([missed.lost, missed.superseded, missed.takenByOther], [2 + 2, 2 + 1, 0])
})

test('an event that one page of a session took is taken from the others; one that no page has is lost to all', () => {
  const pages = [account([1, 4], 5), account([2], 5), account([1, 2, 3], 5), account([4], 5)]
  const missed = missedDeliveriesOf(pages, 'session-queue', 2)
  assert.deepEqual([missed.lost, missed.superseded, missed.takenByOther], [2 + 2 + 1 * 2, 0, 3 + 4])
  assert.deepEqual(missed.pages, [
    { page: 1, expected: 10, delivered: 5, missed: 5 },
    { page: 2, expected: 10, delivered: 2, missed: 8 },
  ])
})

test('what a client that is away has yet to ask for is outstanding, and a gap before that is lost', () => {
  const outcome = (...missed: Parameters<typeof missedDeliveriesOf>): number[] => {
    const { lost, outstanding, superseded, takenByOther } = missedDeliveriesOf(...missed)
    return [lost, outstanding, superseded, takenByOther]
  }
  // Events 4 and 5 were not asked for; the gap at 2 was passed over.
  assert.deepEqual(outcome([account([1, 3], 5, true)], 'log', 1), [1, 2, 0, 0])
  assert.deepEqual(outcome([account([1, 3], 5, true), account([1, 3], 5)], 'log', 1), [1 + 3, 2, 0, 0])
  assert.deepEqual(outcome([account([], 4, true)], 'log', 1), [0, 4, 0, 0])
  assert.deepEqual(outcome([account([2], 4, true)], 'last-value', 1), [0, 2, 1, 0])
  // Each page of a log has a cursor of its own; a queue is read for as long as one page is there.
  assert.deepEqual(outcome([account([1], 4, true), account([1, 2, 3, 4], 4)], 'log', 2), [0, 3, 0, 0])
  const half = [account([1], 4, true), account([2], 4)]
  assert.deepEqual(outcome(half, 'session-queue', 2), [2 * 2, 0, 0, 2])
  const none = [account([1], 4, true), account([3], 4, true)]
  assert.deepEqual(outcome(none, 'session-queue', 2), [2, 2, 0, 2])
})

test('what the link held back is missed by its page and lost to nobody', () => {
  const held = { ...account([1, 2, 3], 4), heldBack: 2 }
  const { lost, pages } = missedDeliveriesOf([held, account([1, 2, 3, 4], 4)], 'log', 2)
  assert.equal(lost, 1)
  assert.deepEqual(
    pages.map(({ delivered, missed }) => [delivered, missed]),
    [
      [1, 3],
      [4, 0],
    ],
  )
})

test('what pages miss adds up: every expected delivery has one outcome, and pages and client processes sum to the whole', () => {
  const received = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 12 })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.tuple(received, received, received), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('log', 'session-queue', 'last-value'),
      (pagesPerSession, sessions, delivery) => {
        const accounts = sessions.flatMap(pages =>
          pages.slice(0, pagesPerSession).map(each =>
            account(
              [...each].sort((a, b) => a - b),
              12,
              each.length % 2 === 0,
            ),
          ),
        )
        const { lost, outstanding, superseded, takenByOther, pages } = missedDeliveriesOf(
          accounts,
          delivery,
          pagesPerSession,
        )
        const delivered = pages.reduce((sum, page) => sum + page.delivered, 0)
        assert.equal(delivered + lost + outstanding + superseded + takenByOther, 12 * accounts.length)
        assert.equal(
          delivered,
          accounts.reduce((sum, { ledger }) => sum + 12 - ledger.missing(1, 12), 0),
        )
        const half = pagesPerSession * Math.floor(sessions.length / 2)
        const parts = [accounts.slice(0, half), accounts.slice(half)]
        assert.deepEqual(
          pagesOf(parts.map(part => missedDeliveriesOf(part, delivery, pagesPerSession).pages)),
          pages,
        )
      },
    ),
  )
})
