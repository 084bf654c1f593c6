/** The plain comparison: everyone listens to one stream of events that come at random moments. */
import { defaultBackoff } from '../model/backoff.ts'
import { micros, seconds } from '../model/units.ts'
import type { Scenario } from '../model/workload.ts'

export const steady: Scenario = {
  summary: '1,000 clients receive 2 events a second, the same for all, at random moments',
  workload: {
    clients: 1_000,
    audience: { kind: 'broadcast' },
    arrivals: 'poisson',
    ratePerSecond: 2,
    payloadBytes: 128,
    warmup: seconds(1),
    duration: seconds(5),
    logEvents: 1_000,
    delivery: 'log',
    pagesPerSession: 1,
    backendPoll: micros(0),
    headers: 'browser',
    backoff: defaultBackoff,
    link: null,
  },
}
