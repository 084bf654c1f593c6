/**
 * The demonstration of reverse Ajax: 100 clients that poll every 2 s, compared with clients whose events come in the
 * response to a form that their users post. Events come at random instants, at a rate at which 30 % of the polls
 * return no data: exp(-0.6/s x 2 s).
 */
import { seconds } from '../model/units.ts'
import type { Scenario } from '../model/workload.ts'
import { steady } from './steady.ts'

export const reverseAjaxDemo: Scenario = {
  summary:
    '100 clients poll every 2 s, and 30 % of the polls are empty; compared with events that come with form posts',
  reference: 'Carbou, "Reverse Ajax, Part 1: Introduction to Comet" (IBM developerWorks, 2011)',
  techniques: ['polling', 'piggyback'],
  settings: { polling: { interval: '2s' }, piggyback: { action: '500ms' } },
  workload: {
    ...steady.workload,
    clients: 100,
    audience: { kind: 'individual' },
    ratePerSecond: 0.6,
    duration: seconds(4),
  },
}
