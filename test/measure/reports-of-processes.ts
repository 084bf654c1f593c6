/** Measurements of runs that never happened, derived from what their processes would have reported. */
import { deriveMeasurement } from '../../measure/derive/measurement.ts'
import type { RunFacts } from '../../measure/derive/run-facts.ts'
import { Recorder } from '../../measure/fleet/recorder.ts'
import type { FleetCounts } from '../../measure/messages/fleet-counts.ts'
import type { ClientReport, RelayReport, ServerReport } from '../../measure/messages/report.ts'
import type { RunPlan } from '../../measure/messages/run-plan.ts'
import { after, instant, milliseconds } from '../../model/units.ts'
import { Histogram } from '../../results/histogram.ts'
import type { Measurement } from '../../results/result.ts'

const nothing = new Histogram().encode()

/** What a client process counts that had no client. */
export const noCounts = new Recorder({
  clock: () => instant(0),
  audience: { kind: 'broadcast' },
  delivery: 'log',
  pagesPerSession: 1,
  from: 0,
  to: 0,
}).close()

/** Latencies of a millisecond each. */
export function latencies(count: number): FleetCounts['latency'] {
  const histogram = new Histogram()
  for (let sample = 0; sample < count; sample++) histogram.record(milliseconds(1))
  return histogram.encode()
}

/** A server that says nothing of itself. */
export const serverReport = (change: Partial<ServerReport> = {}): ServerReport => ({
  role: 'server',
  published: 0,
  lag: nothing,
  wait: nothing,
  rearm: nothing,
  atOpen: null,
  atClose: null,
  load: null,
  timeline: { requests: [], bytes: [] },
  arrivals: [],
  pulses: [],
  peakRssBytes: null,
  ...change,
})

/** A client process that counted only what is given. */
export const clientReport = (
  counts: Partial<FleetCounts>,
  change: Partial<Omit<ClientReport, 'counts'>> = {},
): ClientReport => ({
  role: 'client',
  counts: { ...noCounts, ...counts },
  load: null,
  atOpen: null,
  atClose: null,
  ...change,
})

/** A relay that closed so many idle connections. */
export const relayReport = (idleCuts: number, idleCutsInAll = idleCuts): RelayReport => ({
  role: 'relay',
  added: nothing,
  idleCuts,
  idleCutsInAll,
  load: null,
})

/** The measurement of a run whose window opened, unless other facts are given. */
export const derived = (plan: RunPlan, facts: Partial<RunFacts>): Measurement =>
  deriveMeasurement({
    plan,
    settings: {},
    window: { from: instant(0), to: after(instant(0), plan.workload.duration) },
    aborted: false,
    servers: [serverReport()],
    clientReports: [],
    relays: [],
    failures: [],
    ...facts,
  })
