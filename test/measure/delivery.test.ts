/** Delivery semantics end to end: what a run reports of them. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RunPlan } from '../../measure/messages/run-plan.ts'
import { measureOnce } from '../../measure/run/run.ts'
import { milliseconds, seconds } from '../../model/units.ts'
import { clientRanges } from '../../model/workload.ts'
import type { Measurement } from '../../results/result.ts'
import { builtIn, planOf } from './plan.ts'

async function measure(plan: RunPlan): Promise<Measurement> {
  const measurement = await measureOnce(plan)
  assert.ok(measurement)
  assert.deepEqual(measurement.failures, [])
  return measurement
}

const codes = ({ warnings }: Measurement): string[] => warnings.map(({ code }) => code)

test('ranges of clients split no session', () => {
  assert.deepEqual(clientRanges({ clients: 7, pagesPerSession: 2 }, 3), [
    { from: 0, to: 2 },
    { from: 2, to: 4 },
    { from: 4, to: 7 },
  ])
})

describe('delivery semantics', { concurrency: 2 }, () => {
  test('of periodic events on a conflating store, a slower timer receives the period by the interval', async () => {
    const { events, predicted } = await measure(
      planOf(
        builtIn('polling'),
        {
          clients: 20,
          ratePerSecond: 40,
          arrivals: 'periodic',
          delivery: 'last-value',
          duration: seconds(2),
        },
        { interval: milliseconds(100) },
      ),
    )
    // Polls that a busy machine makes late have no prediction.
    if (predicted !== null) assert.equal(predicted.deliveredShare, 0.25)
    // Twenty intervals in the window, each with an event, and one more where the edges cut one in two. A busy machine
    // leaves polls out.
    assert.ok(events.delivered > 0 && events.delivered <= 22 * 20, `${events.delivered} delivered`)
  })

  test('two pages of a session that share a queue take events from each other, and the result shows what each missed', async () => {
    for (const technique of ['long-polling', 'websocket'] as const) {
      const measurement = await measure(
        planOf(builtIn(technique), {
          clients: 20,
          ratePerSecond: 20,
          delivery: 'session-queue',
          pagesPerSession: 2,
          audience: { kind: 'rooms', rooms: 5 },
          duration: seconds(1),
        }),
      )
      const { events, pages } = measurement
      assert.equal(events.lost, 0)
      assert.equal(events.expected, 2 * events.delivered)
      assert.equal(events.takenByOther, events.delivered)
      assert.ok(pages && pages.length === 2)
      const [first, second] = pages
      assert.ok(first && second && first.missed > 0 && second.missed > 0)
      assert.deepEqual([first.missed, second.missed], [second.delivered, first.delivered])
      assert.equal(first.missed + second.missed, events.takenByOther)
      assert.ok(codes(measurement).includes('shared-sessions'))
    }
  })

  test('two pages of a session that have a cursor each miss nothing', async () => {
    const measurement = await measure(
      planOf(builtIn('sse'), { clients: 10, ratePerSecond: 20, pagesPerSession: 2, duration: seconds(1) }),
    )
    assert.equal(measurement.events.delivered, measurement.events.expected)
    assert.deepEqual(
      measurement.pages?.map(({ missed }) => missed),
      [0, 0],
    )
    assert.ok(!codes(measurement).includes('shared-sessions'))
  })

  test('a backend that is polled makes events wait for half a poll on average, and its polls are counted', async () => {
    const workload = {
      clients: 5,
      ratePerSecond: 50,
      audience: { kind: 'individual' },
      duration: seconds(2),
    } as const
    const notified = await measure(planOf(builtIn('websocket'), workload))
    const polled = await measure(
      planOf(builtIn('websocket'), { ...workload, backendPoll: milliseconds(100) }),
    )
    assert.equal(notified.backendPolls, null)
    assert.ok(polled.backendPolls !== null && polled.backendPolls >= 10 && polled.backendPolls <= 21)
    assert.ok(notified.serviceMicros && polled.serviceMicros)
    // 500 events, uniform in their poll: the mean wait is 50 ms with a standard error of 1.3 ms; the machine only adds.
    assert.ok(polled.serviceMicros.mean > 50_000 - 4 * 1_300, `mean ${polled.serviceMicros.mean}`)
    assert.ok(polled.serviceMicros.mean > notified.serviceMicros.mean)
    assert.equal(polled.predicted, null)
  })
})
