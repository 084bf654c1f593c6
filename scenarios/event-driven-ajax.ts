/**
 * Event-driven Ajax: a held request drains the event queue of its session and ends with a timeout event when
 * nothing came; the server finds new events by polling its backend every 100 ms, which scales poorly where a
 * message bus would not. The hold is short, so that it expires even in a run of seconds.
 */
import { milliseconds, seconds } from '../model/units.ts'
import type { Scenario } from '../model/workload.ts'
import { steady } from './steady.ts'

export const eventDrivenAjax: Scenario = {
  summary: 'a queue for each of 200 sessions, timeout events, and a backend that is polled every 100 ms',
  reference: 'RFC 6202 section 2; the session queues of Comet frameworks before cursors',
  techniques: ['long-polling'],
  settings: { 'long-polling': { hold: '2s', noop: 'timeout-event' } },
  workload: {
    ...steady.workload,
    clients: 200,
    audience: { kind: 'individual' },
    ratePerSecond: 0.5,
    delivery: 'session-queue',
    backendPoll: milliseconds(100),
    duration: seconds(4),
  },
}
