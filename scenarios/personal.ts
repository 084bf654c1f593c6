/** Everyone has a stream of their own, as inboxes and notifications do. */
import type { Scenario } from '../model/workload.ts'
import { steady } from './steady.ts'

export const personal: Scenario = {
  summary: '1,000 clients with a stream of their own each, an event every 2 seconds on average',
  workload: { ...steady.workload, audience: { kind: 'individual' }, ratePerSecond: 0.5 },
}
