/** The columns of the tables of storms: a compact table for text, three for the page. */

import { typical } from '../../../results/across-runs.ts'
import type { MetricName } from '../../../results/metrics.ts'
import type { Series } from '../../../results/reading.ts'
import { type Column, column } from '../columns.ts'
import type { Shape } from './storms.ts'

/** What a terminal and a pull request show of a storm: the peak against the tail, and what it cost. */
const textColumns: readonly Column[] = [
  column('peak/100 ms', 'storm.peakArrivals', 1),
  column('per client', 'storm.peakPerClient', 5),
  column('affected', 'storm.affected', 3),
  column('dispersion', 'storm.dispersion', 9),
  column('t50 back', 'storm.backP50', 4),
  column('t99 back', 'storm.backP99', 1),
  column('t99 after return', 'storm.backAfterReturnP99', 1),
  column('t100 back', 'storm.backMax', 6),
  column('never back', 'storm.neverBack', 2),
  column('wasted/client', 'storm.wastedPerClient', 3),
  column('lost', 'storm.lost', 2),
  column('2nd met', 'storm.secondMetArmedRatio', 7),
  column('server RSS', 'storm.serverPeakRss', 8),
]

/** What a terminal and a pull request show where no client lost its connection. */
const textLatencyColumns: readonly Column[] = [
  column('p50', 'latency.p50', 1),
  column('p99', 'latency.p99', 1),
  column('max', 'latency.max', 1),
  column('stalled', 'storm.stalledClients', 5),
  column('backlog', 'storm.backlog', 2),
  column('backlog p50', 'storm.backlogP50', 4),
  column('backlog max', 'storm.backlogMax', 3),
  column('cleared', 'storm.backlogCleared', 2),
  column('lost', 'storm.lost', 2),
  column('server RSS', 'storm.serverPeakRss', 8),
]

/** The columns of which at least one series has a number: herds have no tail, and only they have second events. */
const withNumbers = (columns: readonly Column[], all: readonly Series[]): Column[] =>
  columns.filter(({ metric: name }) => all.some(each => typical(each, name) !== null))

/** The table of a storm for text. */
export const textTable = (shape: Shape, all: readonly Series[]): { title: string; columns: Column[] } =>
  shape === 'latency'
    ? { title: 'Latency', columns: withNumbers(textLatencyColumns, all) }
    : { title: 'Storm', columns: withNumbers(textColumns, all) }

const afterReturn = (metric: MetricName) => ({ metric, words: 'after return' })
const p99 = (metric: MetricName) => ({ metric, words: 'p99' })
const none = (): string => 'none'
const dash = (): string => '-'

/** How arrivals spread, next to their peak. */
const spread: readonly Column[] = [
  { heading: 'per client', metric: 'storm.peakPerClient' },
  { heading: 'mean', metric: 'storm.meanArrivals' },
  { heading: 'dispersion', metric: 'storm.dispersion' },
]
const lost: Column = { heading: 'lost', metric: 'storm.lost' }
const duplicated: Column = { heading: 'duplicated', metric: 'events.duplicated' }

/** One table of the page: a row for each series. */
export interface PageTable {
  readonly title: string
  /** How to read it, in a sentence or two. */
  readonly reading: string
  readonly columns: readonly Column[]
}

/** How high, and for how long: of clients that reconnect. */
export const peakTable: PageTable = {
  title: 'Peak and tail',
  reading:
    'How many clients came at once, and how long it took until all were back. Peak, mean and dispersion describe arrivals per 100 ms, refused ones included; the peak per client is the attempts of one client within 100 ms, on average. Affected clients lost their connection. t50 to t100 are the times from the fault until 50 to 100 % of them were back; the small figures count from the return of the server. A Poisson process has a dispersion of 1.',
  columns: [
    { heading: 'peak', metric: 'storm.peakArrivals', below: afterReturn('storm.peakAfterReturn') },
    ...spread,
    { heading: 'affected', metric: 'storm.affected' },
    { heading: 't50', metric: 'storm.backP50', below: afterReturn('storm.backAfterReturnP50') },
    { heading: 't90', metric: 'storm.backP90', below: afterReturn('storm.backAfterReturnP90') },
    { heading: 't99', metric: 'storm.backP99', below: afterReturn('storm.backAfterReturnP99') },
    { heading: 't100', metric: 'storm.backMax', below: afterReturn('storm.backAfterReturnMax') },
    { heading: 'never back', metric: 'storm.neverBack' },
  ],
}

/** How high: of requests on open connections. */
export const requestTable: PageTable = {
  title: 'Requests at once',
  reading: 'Requests as they reach the server, per 100 ms. A Poisson process has a dispersion of 1.',
  columns: [
    { heading: 'peak', metric: 'storm.peakArrivals' },
    ...spread,
    { heading: 're-arm p50', metric: 'rearm.p50' },
    { heading: 're-arm p99', metric: 'rearm.p99' },
    { heading: '2nd event met', metric: 'storm.secondMetArmedRatio' },
    lost,
    duplicated,
  ],
}

/** How late, where no client lost its connection. */
export const latencyTable: PageTable = {
  title: 'Latency through the fault',
  reading:
    'The fault itself ended no connection. p50, p99 and maximum cover the whole measured window and depend on its length. Backlog: deliveries that were due before stalled clients read again and came afterwards. Cleared: from then until the last of them came.',
  columns: [
    { heading: 'p50', metric: 'latency.p50' },
    { heading: 'p99', metric: 'latency.p99' },
    { heading: 'max', metric: 'latency.max' },
    { heading: 'stalled', metric: 'storm.stalledClients', absent: none },
    { heading: 'backlog', metric: 'storm.backlog', absent: none },
    { heading: 'backlog p50', metric: 'storm.backlogP50', below: p99('storm.backlogP99'), absent: dash },
    { heading: 'cleared', metric: 'storm.backlogCleared', absent: dash },
    { heading: 'reconnected', metric: 'storm.affected' },
    lost,
    duplicated,
  ],
}

/** What it cost the clients. */
export const clientTable: PageTable = {
  title: 'Attempts and events',
  reading:
    'Noticed: time until half of the affected clients noticed the fault, small: until the last did. Wasted: failed attempts per affected client. Caught up: deliveries that were due while a client was away and came from the log later. Outstanding: those that clients which were not back had yet to ask for. First event: latency of the first event after the return, from its intended instant.',
  columns: [
    {
      heading: 'noticed',
      metric: 'storm.noticedP50',
      below: { metric: 'storm.noticedMax', words: 'the last' },
    },
    { heading: 'attempts', metric: 'storm.attempts' },
    { heading: 'refused', metric: 'storm.refused' },
    { heading: 'reset', metric: 'storm.reset' },
    { heading: 'timed out', metric: 'storm.timeout' },
    { heading: 'other', metric: 'storm.otherFailures' },
    { heading: 'wasted', metric: 'storm.wastedPerClient' },
    { heading: 'caught up', metric: 'storm.caughtUp' },
    { ...lost, below: { metric: 'events.outstanding', words: 'outstanding' } },
    duplicated,
    { heading: 'first event', metric: 'storm.firstEventP50', below: p99('storm.firstEventP99') },
  ],
}

/** What it cost the server. */
export const serverTable: PageTable = {
  title: 'The server in the storm',
  reading:
    'Memory is the largest resident memory of any server process. CPU and loop delay cover the whole measured window. Overflows are those of all listen queues of the host, other programs included.',
  columns: [
    { heading: 'peak RSS', metric: 'storm.serverPeakRss' },
    { heading: 'loop delay p99', metric: 'server.loopDelayP99' },
    { heading: 'CPU', metric: 'server.cpu' },
    { heading: 'event loop busy', metric: 'server.utilization' },
    { heading: 'most connections', metric: 'storm.connectionsPerSecond' },
    { heading: 'listen overflows', metric: 'storm.listenOverflows', absent: () => 'not known' },
  ],
}
