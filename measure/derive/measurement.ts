/**
 * Derives one measurement from what the processes of a run reported. Everything is derived here, once.
 */

import { heartbeatShare, prediction } from '../../model/closed-forms.ts'
import { named } from '../../model/settings.ts'
import { type Histogram, mergeHistograms } from '../../results/histogram.ts'
import type { Load, Measurement, Predicted, RelayFigures } from '../../results/result.ts'
import { storedWorkload } from '../../results/stored-workload.ts'
import type { FleetCounts } from '../messages/fleet-counts.ts'
import type { ProcessLoad } from '../messages/process-load.ts'
import type { RelayReport } from '../messages/report.ts'
import { knownSettings } from '../messages/run-plan.ts'
import { kindsOf } from './kinds.ts'
import { merged, pagesOf, skewOf, sum } from './over-processes.ts'
import { responsesOf } from './responses.ts'
import type { RunFacts } from './run-facts.ts'
import { stormOf } from './storm.ts'
import { mergeTimelines } from './timeline.ts'
import { bytesOf, heartbeatsOf, totalWithin } from './traffic.ts'
import { warningsOf } from './warnings.ts'

/** Derives the measurement of a run, its warnings and whether it is valid. */
export function deriveMeasurement(facts: RunFacts): Measurement {
  const { plan, servers, clientReports } = facts
  const { workload } = plan
  const { foreign, technique } = plan.pair
  const counts = clientReports.map(report => report.counts)
  const wait = mergeHistograms(servers.map(server => server.wait))
  const rearm = mergeHistograms(servers.map(server => server.rearm))
  const skew = workload.audience.kind === 'individual' ? null : skewOf(counts.map(count => count.spread))
  const bytes = bytesOf(facts)
  const storm = stormOf(facts)

  const measurement: Measurement = {
    technique,
    ...(foreign && { subject: { kind: foreign.kind, name: foreign.name } }),
    scenario: plan.scenario,
    run: plan.run,
    settings: named(
      { ...plan.pair.server.settings, ...plan.pair.client.settings },
      knownSettings(plan, facts.settings),
    ),
    workload: { ...storedWorkload(workload, plan.layout, plan.fault?.text), ...windowOf(facts) },
    passed: true,
    failures: [],
    clients: {
      asked: workload.clients,
      connected: sum(counts, 'connected'),
      reconnects: sum(counts, 'reconnects'),
      connectMicros: merged(counts, 'connect').summary(),
    },
    latencyMicros: merged(counts, 'latency').summary(),
    serviceMicros: merged(counts, 'service').summary(),
    waitMicros: wait.summary(),
    rearmMicros: rearm.summary(),
    skewMicros: skew?.summary() ?? null,
    events: eventsOf(facts, counts),
    responses: responsesOf(counts),
    pages: workload.pagesPerSession > 1 ? pagesOf(counts.map(count => count.pages)) : null,
    backendPolls: workload.backendPoll > 0 ? totalWithin(servers, 'backendPolls') : null,
    heartbeats: heartbeatsOf(facts),
    bytes,
    server: loadOf(timed(facts, servers), workload.clients, bytes.deliveries),
    fleet: loadOf(timed(facts, clientReports), workload.clients, totalWithin(clientReports, 'received')),
    ...(facts.pages === undefined || facts.pages.length === 0
      ? {}
      : { kinds: kindsOf(workload.clients, clientReports, facts.pages, servers) }),
    relay: relayOf(timed(facts, facts.relays)),
    ceiling: facts.ceiling != null && 'ceiling' in facts.ceiling ? facts.ceiling.ceiling : null,
    publisher: { lagP99Micros: mergeHistograms(servers.map(server => server.lag)).percentile(99) },
    otherCpuShare: facts.otherCpuShare ?? null,
    timeline: mergeTimelines(
      counts.map(count => count.timeline),
      servers.map(server => server.timeline),
    ),
    predicted: predict(facts, rearm),
    ...(storm === null ? {} : { storm }),
    warnings: [],
  }
  const { warnings, failures } = warningsOf(measurement, facts)
  return { ...measurement, warnings, failures, passed: failures.length === 0 }
}

/** What became of the events that were due in the window. */
function eventsOf({ plan, servers }: RunFacts, counts: readonly FleetCounts[]): Measurement['events'] {
  return {
    published: servers.reduce((total, server) => total + server.published, 0),
    expected: sum(counts, 'expected'),
    delivered: sum(counts, 'delivered'),
    lost: sum(counts, 'lost'),
    ...(plan.fault !== undefined && { outstanding: sum(counts, 'outstanding') }),
    ...(plan.workload.link?.buffer != null && { heldBack: sum(counts, 'heldBack') }),
    superseded: sum(counts, 'superseded'),
    takenByOther: sum(counts, 'takenByOther'),
    duplicated: sum(counts, 'duplicated'),
    outOfOrder: sum(counts, 'outOfOrder'),
    overrun: sum(counts, 'overrun'),
  }
}

/** The closed form for the settings, where the technique has one. */
function predict({ plan, settings }: RunFacts, rearm: Histogram): Predicted | null {
  const { pair, workload } = plan
  const { ratePerSecond, arrivals, delivery, pagesPerSession, backendPoll } = workload
  // No form covers single events, faults, the batches of a backend, or pages that take turns.
  if (
    arrivals === 'pulses' ||
    plan.fault !== undefined ||
    backendPoll > 0 ||
    (delivery === 'session-queue' && pagesPerSession > 1)
  )
    return null
  const [mean, lambda] = [rearm.mean, ratePerSecond / 1_000_000]
  const gaps =
    mean === null
      ? null
      : {
          mean,
          meanSquare: rearm.expectation(gap => gap ** 2) ?? 0,
          quiet: rearm.expectation(gap => Math.exp(-lambda * gap)) ?? 1,
        }
  const hold = pair.server.hold?.(settings) ?? null
  const heartbeat = pair.server.heartbeat?.(settings) ?? 0
  const inputs = { ratePerSecond, arrivals, delivery, hold, gaps }
  const form = pair.client.predict?.(settings, inputs) ?? null
  // A form without a delivered share is one of a log, where every event is delivered.
  const predicted = delivery === 'last-value' && (form?.deliveredShare ?? null) === null ? null : form
  if (heartbeat === 0 || arrivals !== 'poisson') return predicted
  const heartbeatRatio = heartbeatShare(ratePerSecond, heartbeat)
  return {
    ...(predicted ?? prediction('exp(-lambda h) of the writes are heartbeats after a silence of h', {})),
    heartbeatRatio,
  }
}

/** The window as it was, where a signal or a death cut it short. */
function windowOf({ window }: RunFacts): { durationMicros: number } | object {
  return window === undefined ? {} : { durationMicros: Math.round(window.to - window.from) }
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

/** Reports whose loads are of a span: none where the run ended before its window opened. */
const timed = <R>({ window }: RunFacts, reports: readonly R[]): readonly R[] =>
  window !== undefined && window.to <= window.from ? [] : reports

/**
 * What the processes of one side cost.
 * @param deliveries between the readings of their CPU time: an event due in the window may have come outside of them
 */
function loadOf(
  reports: readonly { readonly load: ProcessLoad | null }[],
  clients: number,
  deliveries: number | null,
): Load {
  const loads = reports.flatMap(({ load }) => load ?? [])
  if (loads.length === 0 || loads.length < reports.length) {
    return {
      cpuSeconds: null,
      cpuMicrosPerDelivery: null,
      rssBytes: null,
      rssBytesPerClient: null,
      loopDelayP99Micros: null,
      utilization: null,
    }
  }
  const total = (pick: (load: ProcessLoad) => number): number =>
    loads.reduce((sum, load) => sum + pick(load), 0)
  const cpuSeconds = total(load => load.cpuSeconds)
  return {
    cpuSeconds,
    cpuMicrosPerDelivery: deliveries === null ? null : ratio(cpuSeconds * 1_000_000, deliveries),
    rssBytes: total(load => load.rssBytes),
    rssBytesPerClient: Math.max(0, total(load => load.rssBytes - load.rssBaselineBytes) / clients),
    loopDelayP99Micros: worst(loads.map(load => load.loopDelayP99Micros)),
    utilization: worst(loads.map(load => load.utilization)),
  }
}

/** The largest; null where one is not known. */
const worst = (values: readonly (number | null)[]): number | null =>
  values.reduce((most, value) => (most === null || value === null ? null : Math.max(most, value)), 0)

/** What the relays cost and added; null without any. */
function relayOf(relays: readonly RelayReport[]): RelayFigures | null {
  if (relays.length === 0) return null
  const { cpuSeconds, utilization, loopDelayP99Micros } = loadOf(relays, 1, null)
  const added = mergeHistograms(relays.map(relay => relay.added))
  return {
    cpuSeconds,
    utilization,
    loopDelayP99Micros,
    segments: added.count,
    addedP50Micros: added.percentile(50),
    addedP99Micros: added.percentile(99),
    idleCuts: relays.reduce((sum, relay) => sum + relay.idleCuts, 0),
  }
}
