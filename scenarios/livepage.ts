/**
 * Nevow's LivePage (Divmod, 2004-2007): every page has an "output conduit", a held request that one flush ends.
 * What happens while no request is held, the time between the page's load and its first request included, is
 * queued for the page. An idle request ends after 30 s with a bare `null`.
 */
import { seconds } from '../model/units.ts'
import type { Scenario } from '../model/workload.ts'
import { steady } from './steady.ts'

export const livepage: Scenario = {
  summary: "Nevow's output conduit: 300 pages, each with a queue that a held request drains",
  reference: 'Nevow LivePage (Divmod, 2004-2007)',
  techniques: ['long-polling'],
  settings: { 'long-polling': { hold: '30s', noop: 'null', flush: 'immediate' } },
  workload: {
    ...steady.workload,
    clients: 300,
    audience: { kind: 'individual' },
    ratePerSecond: 1,
    delivery: 'session-queue',
    duration: seconds(4),
  },
}
