/**
 * The plain comparison: rooms of ten clients, and events at random instants.
 *
 * Sized so that its numbers need no excuse, within three minutes for all techniques on two cores:
 *
 * - A hundred rooms are a hundred independent draws of events, 1,200 events in all. With one stream for everybody a
 *   dozen events decide every figure, and an empty ratio can be anything.
 * - An event goes to ten clients, which takes less than a millisecond: latency is that of the technique, not that of
 *   a loop over a thousand receivers.
 * - In 6 s a run has 12,000 samples on average, so that a p99 has its 10,000 at every seed.
 */
import { defaultBackoff } from '../model/backoff.ts'
import { micros, seconds } from '../model/units.ts'
import type { Scenario } from '../model/workload.ts'

export const steady: Scenario = {
  summary: '1,000 clients in 100 rooms, 2 events a second in each room, at random instants',
  foreignAudience: { kind: 'broadcast' },
  workload: {
    clients: 1_000,
    audience: { kind: 'rooms', rooms: 100 },
    arrivals: 'poisson',
    ratePerSecond: 2,
    payloadBytes: 128,
    warmup: seconds(1),
    duration: seconds(6),
    logEvents: 1_000,
    delivery: 'log',
    pagesPerSession: 1,
    backendPoll: micros(0),
    headers: 'browser',
    backoff: defaultBackoff,
    link: null,
  },
}
