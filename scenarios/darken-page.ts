/**
 * The page that darkens: every visitor sees the page hits, the sessions and a brightness that every visitor can
 * change. The events grow with the audience, and each goes to all: the deliveries grow with its square.
 * A scenario is plain data, so `--clients` does not change the rate: give `--rate` with it.
 */
import { seconds } from '../model/units.ts'
import type { Scenario } from '../model/workload.ts'
import { steady } from './steady.ts'

const visitors = 200
/** Hits, sessions that come and go, changes of the brightness: one every 20 s for each visitor. */
const eventsPerVisitor = 1 / 20

export const darkenPage: Scenario = {
  summary: 'page hits, sessions and a brightness that each of 200 visitors can change, shown to all',
  reference: 'Comet (Russell 2006); RFC 6202 section 2',
  techniques: ['long-polling'],
  workload: {
    ...steady.workload,
    audience: { kind: 'broadcast' },
    clients: visitors,
    ratePerSecond: visitors * eventsPerVisitor,
    duration: seconds(4),
  },
}
