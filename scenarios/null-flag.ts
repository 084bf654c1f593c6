/**
 * Early Ajax: the page asks again as soon as it was answered, and an answer without news is a NULL flag that the
 * page reads and drops.
 */
import { seconds } from '../model/units.ts'
import type { Scenario } from '../model/workload.ts'
import { steady } from './steady.ts'

export const nullFlag: Scenario = {
  summary: '100 pages ask again after 200 ms of think time; an empty answer is a NULL flag',
  reference: 'Ajax before Comet (about 2005); RFC 6202 section 1',
  techniques: ['busy-polling'],
  settings: { 'busy-polling': { pause: '200ms' } },
  workload: {
    ...steady.workload,
    audience: { kind: 'broadcast' },
    clients: 100,
    ratePerSecond: 1,
    duration: seconds(4),
  },
}
