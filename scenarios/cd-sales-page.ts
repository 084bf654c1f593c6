/**
 * The CD sales page: one number, how many are left in stock, bought down by the visitors at random moments. Only
 * the newest number matters, so a visitor with no request waiting gets that number next and nothing before it.
 */
import { seconds } from '../model/units.ts'
import type { Scenario } from '../model/workload.ts'
import { steady } from './steady.ts'

const visitors = 400
/** Each visitor buys one every 25 s on average. */
const purchasesPerVisitor = 1 / 25

export const cdSalesPage: Scenario = {
  summary: 'one stock number, bought down by its 400 visitors; only the newest value is kept',
  reference: 'RFC 6202 section 2; the last-value store of market data feeds',
  techniques: ['long-polling'],
  workload: {
    ...steady.workload,
    audience: { kind: 'broadcast' },
    clients: visitors,
    ratePerSecond: visitors * purchasesPerVisitor,
    payloadBytes: 64,
    delivery: 'last-value',
    duration: seconds(4),
  },
}
