/** Delivery semantics against theory, on real sockets. */
import assert from 'node:assert/strict'
import { milliseconds } from '../../model/units.ts'
import { pairWith, type ServerFault } from '../faulty.ts'
import { live } from '../live.ts'
import { measured, planOf } from './plan.ts'

/**
 * Intervals are independent draws (N events, I = 1 when there are any), so the received share is a ratio of sums,
 * sum(I) / sum(N), with variance var(I - share N) / (intervals E[N]^2). The age A of the newest of some events in T is
 * Exponential(lambda) cut off at T. A window of one interval ends while most clients have events to come, which later
 * ones overtake as any other.
 */
live<ServerFault>(
  'of Poisson events on a conflating store, a timer receives the share, and at the age, that theory says',
  {
    async property(fault) {
      const [interval, ratePerSecond, clients] = [milliseconds(500), 4, 150]
      const { events, predicted, waitMicros, failures } = await measured(
        planOf(
          pairWith('polling', fault),
          {
            clients,
            ratePerSecond,
            delivery: 'last-value',
            audience: { kind: 'individual' },
            duration: interval,
          },
          { interval },
        ),
      )
      assert.ok(predicted?.deliveredShare && predicted.waitMeanMicros && waitMicros)
      const x = (ratePerSecond * interval) / 1_000_000
      const some = 1 - Math.exp(-x)
      const share = some / x
      assert.ok(Math.abs(predicted.deliveredShare - share) < 1e-9)
      const variance = some * (1 - some) + share ** 2 * x - 2 * share * x * (1 - some)
      const error = Math.sqrt(variance / clients) / x
      const received = events.delivered / events.expected
      assert.ok(
        Math.abs(received - share) < 4 * error,
        `received ${received}, predicted ${share} with standard error ${error}`,
      )
      const meanSquare = (2 - Math.exp(-x) * (x ** 2 + 2 * x + 2)) / some / (ratePerSecond / 1_000_000) ** 2
      const ageError = Math.sqrt((meanSquare - predicted.waitMeanMicros ** 2) / waitMicros.count)
      assert.ok(
        Math.abs(waitMicros.mean - predicted.waitMeanMicros) < 4 * ageError,
        `age ${waitMicros.mean}, predicted ${predicted.waitMeanMicros} with standard error ${ageError}`,
      )
      assert.equal(events.lost, 0)
      assert.equal(events.expected, events.delivered + events.superseded)
      assert.equal(events.expected, events.published)
      assert.deepEqual(failures, [])
    },
    planted: { fault: { lateMs: 200 }, is: 'a server that is 200 ms late', shows: /^age/ },
  },
)
