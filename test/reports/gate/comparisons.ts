/** Comparisons to render, written by hand: what the statistics say tomorrow does not change what a format does. */
import type { Comparison } from '../../../compare/compare.ts'
import type { Finding } from '../../../compare/finding.ts'
import { measurementOf } from '../fixture.ts'

const usual: Finding = {
  series: 'sse',
  technique: 'sse',
  scenario: 'steady',
  metric: 'latency.p99',
  unit: 'µs',
  better: 'lower',
  level: 'error',
  kind: 'ratio',
  wrong: null,
  base: { runs: 3, median: 12_300, values: [12_200, 12_300, 12_500] },
  head: { runs: 3, median: 14_800, values: [14_700, 14_800, 15_100] },
  effect: 1.203,
  interval: { low: 1.171, high: 1.24 },
  minimumEffect: 0.1,
  minimumRaisedFrom: null,
  p: 0.000_011,
  adjustedP: 0.000_14,
  verdict: 'regressed',
  reason: '+20.3 % (95 % interval +17.1 % to +24 %), at least the 10 % that matters; p 0.00014 after Holm',
  runsNeeded: null,
}

/** A finding like the others, with some fields changed. */
export const findingOf = (own: Partial<Finding>): Finding => ({ ...usual, ...own })

const regressed = findingOf({})
const lost = findingOf({
  series: 'websocket',
  technique: 'websocket',
  metric: 'events.lost',
  unit: 'ratio',
  kind: 'difference',
  base: { runs: 3, median: 0, values: [0, 0, 0] },
  head: { runs: 3, median: 0, values: [0, 0, 0.0006] },
  wrong: { base: 0, head: 12 },
  effect: null,
  interval: null,
  p: null,
  adjustedP: null,
  reason: 'new: 12 of 60,000 deliveries lost, in 1 of 3 runs; the base has none in 3 runs',
})
const improved = findingOf({
  metric: 'bytes.perDelivery',
  unit: 'bytes',
  base: { runs: 3, median: 210, values: [210, 210, 210] },
  head: { runs: 3, median: 180, values: [180, 180, 180] },
  effect: 180 / 210,
  interval: { low: 180 / 210, high: 180 / 210 },
  minimumEffect: 0.01,
  verdict: 'improved',
  reason: '-14.3 % (95 % interval -14.3 % to -14.3 %), at least the 1 % that matters; p 0.00014 after Holm',
})
const inconclusive = findingOf({
  metric: 'server.cpuPerDelivery',
  base: { runs: 3, median: 15, values: [14, 15, 19] },
  head: { runs: 3, median: 16, values: [14, 16, 18] },
  effect: 1.067,
  interval: { low: 0.9, high: 1.2 },
  p: 0.4,
  adjustedP: 1,
  verdict: 'inconclusive',
  reason:
    '+6.7 %: the interval reaches beyond the 10 % that matters; about 18 runs a side would decide, 12 minutes in all',
  runsNeeded: 18,
})
const warned = findingOf({
  metric: 'ingress.perDelivery',
  unit: 'bytes',
  level: 'warn',
  kind: 'difference',
  base: { runs: 3, median: 60, values: [60, 60, 60] },
  head: { runs: 3, median: 90, values: [90, 90, 90] },
  effect: 30,
  interval: { low: 30, high: 30 },
  minimumEffect: 1,
  reason:
    '+30 bytes (95 % interval +30 bytes to +30 bytes), at least the 1 byte that matters; p 0.00014 after Holm',
})
const unchanged = findingOf({
  series: 'polling',
  technique: 'polling',
  metric: 'emptyRatio',
  unit: 'ratio',
  kind: 'difference',
  base: { runs: 3, median: 0.5, values: [0.5, 0.5, 0.5] },
  head: { runs: 3, median: 0.501, values: [0.501, 0.501, 0.501] },
  effect: 0.001,
  interval: { low: -0.002, high: 0.004 },
  minimumEffect: 0.02,
  verdict: 'unchanged',
  reason: '+0.001 (95 % interval -0.002 to +0.004), within the 0.02 that matters',
})

const machine = {
  cpu: 'Example CPU 2.4 GHz',
  cores: 2,
  memoryBytes: 8 * 1024 ** 3,
  kernel: 'Linux 6.1.0',
  node: 'v26.10.0',
}
const scenarios = [
  {
    name: 'steady',
    techniques: ['sse', 'websocket', 'polling'],
    workloads: [measurementOf({ technique: 'sse' }).workload],
  },
]

const whole: Comparison = {
  base: {
    name: 'base.json',
    machine,
    scenarios,
    startedAt: '2026-01-31T12:34:56.000Z',
    toolVersion: '0.1.0',
    gitCommit: '0123456789abcdef0123456789abcdef01234567',
    measurements: 9,
    runsOfSeries: [3, 3, 3],
  },
  head: {
    name: 'head.json',
    machine,
    scenarios,
    startedAt: '2026-02-01T08:00:00.000Z',
    toolVersion: '0.1.0',
    gitCommit: null,
    measurements: 9,
    runsOfSeries: [3, 3, 3],
  },
  secondsPerRun: 40,
  thresholds: [],
  verdict: 'regressed',
  level: 0.05,
  family: 13,
  floors: [],
  differences: [],
  stopped: null,
  swapped: null,
  notes: ['long-polling in steady is only in the head and not compared'],
  findings: [regressed, lost, improved, inconclusive, warned, unchanged],
}

/** A comparison like the others, with some fields changed. */
const comparisonOf = (own: Partial<Comparison>): Comparison => ({ ...whole, ...own })

/** One finding of each verdict, and a new loss of events. */
export const everyVerdict: Comparison = whole

/** Too few runs on another machine, the results swapped. */
export const doubtful: Comparison = comparisonOf({
  verdict: 'inconclusive',
  floors: ['3 runs a side can never show a difference: the smallest possible p is 0.1, and 5 % is needed'],
  differences: [{ name: 'environment.cpu', base: 'A <2 GHz>', head: 'B | 3 GHz', series: [] }],
  base: { ...whole.base, machine: { ...machine, cpu: 'A <2 GHz>' } },
  head: { ...whole.head, machine: { ...machine, cpu: 'B | 3 GHz' } },
  swapped: 'base.json was measured after head.json: give the older result first',
  findings: [inconclusive, unchanged],
})

/** A comparison without a regression. */
export const baseline: Comparison = comparisonOf({ verdict: 'unchanged', notes: [], findings: [unchanged] })

const nasty = '<b>"|`\n::error::%0A]]>\u0007 \ud800'

/** Text that every format must keep from meaning anything, in two scenarios. */
export const hostile: Comparison = comparisonOf({
  notes: [nasty],
  floors: [nasty],
  differences: [{ name: nasty, base: nasty, head: nasty, series: [nasty] }],
  findings: [
    findingOf({ series: nasty, scenario: nasty, reason: nasty }),
    findingOf({ series: `=${nasty}`, reason: `=${nasty}`, verdict: 'inconclusive' }),
  ],
})

/** More regressions than GitHub shows annotations for. */
export const crowded: Comparison = comparisonOf({
  findings: Array.from({ length: 25 }, (_, index) => findingOf({ series: `sse ${index + 1}` })),
})
