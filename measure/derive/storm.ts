/** Derives the figures of a storm from the counts of clients and servers; once, when the run is over. */

import { formatBackoff } from '../../model/backoff-text.ts'
import { can } from '../../model/subject.ts'
import { elapsed, instant, micros, seconds } from '../../model/units.ts'
import { mergeHistograms } from '../../results/histogram.ts'
import type { Storm, StormBackTimes, StormPulse, StormTimes } from '../../results/result.ts'
import { connectedGrain, returnTimes } from '../../simulation/storm-figures.ts'
import { type Absence, type FleetCounts, noAttempts, type Window } from '../messages/fleet-counts.ts'
import { added, sum } from './over-processes.ts'
import type { FaultTimes, RunFacts } from './run-facts.ts'
import { arrivalFigures, arrivalsOf } from './storm-arrivals.ts'
import { stormModel } from './storm-model.ts'

/** What a storm is derived from. */
interface StormFacts extends RunFacts {
  readonly window: Window
  readonly faultTimes: FaultTimes
}

/** The storm of a run; null without a fault, or when the run ended before it happened. */
export function stormOf(facts: RunFacts): Storm | null {
  const { window, faultTimes, plan } = facts
  if (plan.fault === undefined || window === undefined || faultTimes == null) return null
  return derive({ ...facts, window, faultTimes }, plan.fault)
}

function derive(facts: StormFacts, planned: NonNullable<RunFacts['plan']['fault']>): Storm {
  const { plan, servers, clientReports, window, faultTimes } = facts
  const processes = clientReports.map(({ counts }) => counts)
  const clients = processes.map(({ storm }) => storm)
  const total = (key: 'wasted' | 'caughtUp'): number => clients.reduce((all, counts) => all + counts[key], 0)
  const faultAt = elapsed(window.from, faultTimes.faultAt)
  const outages = clients.flatMap(counts =>
    counts.outages.flatMap(absences => outageSince(faultAt, absences)),
  )
  const backAt = outages.flatMap(([, back]) => back ?? []).sort((a, b) => a - b)
  // Of several servers the first may be found before the last listens.
  const serverBackAt =
    faultTimes.backAt === null
      ? null
      : Math.min(elapsed(window.from, faultTimes.backAt), backAt[0] ?? Number.POSITIVE_INFINITY)
  const noticedBy = (absences: readonly Absence[]): number[] =>
    absences.map(([lostAt]) => Math.max(0, lostAt - faultAt)).sort((a, b) => a - b)
  const noticed = noticedBy(outages)
  const lost = outages.filter(([, , moved]) => !moved)
  const course = { faultAt, serverBackAt, noticed }
  const end = elapsed(window.from, window.to)
  const recoveredAt = outages.length > 0 && backAt.length === outages.length ? (backAt.at(-1) ?? end) : end
  const accepted = arrivalsOf(servers, 'accepted')
  const peaks = servers.flatMap(server => server.peakRssBytes ?? [])
  const firstEvents = mergeHistograms(clients.map(counts => counts.firstEvent))

  return {
    fault: planned.text,
    backoff: formatBackoff(plan.workload.backoff),
    acceptRatePerSecond: plan.workload.acceptRate ?? null,
    of: planned.fault.storms,
    faultAtMicros: Math.round(faultAt),
    serverBackAtMicros: serverBackAt === null ? null : Math.round(serverBackAt),
    connected: connectedOf(processes),
    ...arrivalFigures(facts, planned, course, recoveredAt, end),
    accepted: accepted.list(),
    requests: arrivalsOf(servers, 'requests').list(),
    affected: outages.length,
    moved: outages.length - lost.length,
    noticedMicros: quantiles(noticed),
    backMicros: backTimes(backAt, outages.length, faultAt),
    backAfterReturnMicros: serverBackAt === null ? null : backTimes(backAt, outages.length, serverBackAt),
    neverBack: outages.length - backAt.length,
    attempts: added(
      noAttempts,
      clients.map(counts => counts.attempts),
    ),
    wastedPerClient: outages.length === 0 ? null : total('wasted') / outages.length,
    missed: {
      caughtUp: total('caughtUp'),
      lost: sum(processes, 'lost'),
    },
    firstEventLatencyMicros: timesOf(firstEvents),
    ...(planned.fault.storms === 'deliveries' && { backlog: backlogOf(processes) }),
    server: {
      peakRssBytes: peaks.length === 0 ? null : Math.max(...peaks),
      peakConnectionsPerSecond: can(plan.pair, 'server-sockets') ? accepted.most(seconds(1)) : null,
    },
    listenOverflows: facts.listenOverflows ?? null,
    pulses: plan.workload.pulses === undefined ? null : pulsesOf(facts),
    // Clients that move do not wait for a backoff: where most clients move, the model does not apply.
    simulated:
      lost.length * 2 > outages.length
        ? stormModel(facts, planned, { ...course, noticed: noticedBy(lost) })
        : null,
  }
}

/**
 * When a client lost its connection to the fault and when it was back for good; nothing for one that did not. An
 * absence that was over before, such as the renewal of a stream, does not count as caused by the fault.
 */
function outageSince(faultAt: number, absences: readonly Absence[]): Absence[] {
  const since = absences.filter(([, backAt]) => backAt === null || backAt >= faultAt)
  const [first, last] = [since[0], since.at(-1)]
  if (first === undefined || last === undefined) return []
  return [since.every(([, , moved]) => moved) ? [first[0], last[1], true] : [first[0], last[1]]]
}

/** The backlog of clients that had stopped reading, over all client processes. */
function backlogOf(processes: readonly FleetCounts[]): NonNullable<Storm['backlog']> {
  const all = processes.map(({ backlog }) => backlog)
  const latency = mergeHistograms(all.map(counts => counts.latency))
  const cleared = all.flatMap(counts => counts.cleared ?? [])
  return {
    clients: all.reduce((total, { clients }) => total + clients, 0),
    deliveries: latency.count,
    latencyMicros: timesOf(latency),
    clearedMicros: cleared.length === 0 ? null : Math.round(Math.max(...cleared)),
  }
}

/** Connected clients over all client processes: each keeps its number until it reports another. */
function connectedOf(counts: readonly FleetCounts[]): Storm['connected'] {
  const now = counts.map(({ connected }) => connected)
  const total = (): number => now.reduce((sum, clients) => sum + clients, 0)
  const curve = new Map([[0, total()]])
  const changes = counts
    .flatMap(({ storm }, clientProcess) =>
      storm.connected.map(([grain, clients]) => ({ grain, clientProcess, clients })),
    )
    .sort((a, b) => a.grain - b.grain)
  for (const { grain, clientProcess, clients } of changes) {
    now[clientProcess] = clients
    curve.set(grain, total())
  }
  return [...curve].map(([grain, clients]) => ({ atMicros: grain * connectedGrain, clients }))
}

function backTimes(backAt: readonly number[], affected: number, since: number): StormBackTimes | null {
  if (affected === 0) return null
  const { t50, t90, t99, t100 } = returnTimes(backAt, affected, instant(since))
  return { p50: t50, p90: t90, p99: t99, max: t100 }
}

/** Exact quantiles of ascending values. */
function quantiles(values: readonly number[]): StormTimes | null {
  const at = (percent: number): number =>
    values[Math.max(1, Math.ceil((values.length * percent) / 100)) - 1] ?? 0
  return values.length === 0 ? null : { p50: at(50), p90: at(90), p99: at(99), max: at(100) }
}

function timesOf(histogram: ReturnType<typeof mergeHistograms>): StormTimes | null {
  const summary = histogram.summary()
  return summary && { p50: summary.p50, p90: summary.p90, p99: summary.p99, max: summary.max }
}

/** Each event of a load of single events, in the order of the schedule. */
function pulsesOf({ plan, clientReports, servers, window }: StormFacts): StormPulse[] {
  const { workload } = plan
  const within = workload.warmup + elapsed(window.from, window.to)
  const lost = sum(
    clientReports.map(({ counts }) => counts),
    'lost',
  )
  const gap = plan.pilot?.rearmP50 ?? null
  const pulses = (workload.pulses ?? []).filter(due => due < within)
  return pulses.map((due, index, all) => {
    const seq = index + 1
    const seen = clientReports.flatMap(({ counts }) => counts.pulses.filter(pulse => pulse.seq === seq))
    const service = servers.flatMap(({ pulses }) => pulses.filter(pulse => pulse.seq === seq))
    const rearm = mergeHistograms(service.map(pulse => pulse.rearm))
    const before = all[index - 1]
    const after = before === undefined || index % 2 === 0 ? null : micros(due - before)
    const delivered = seen.reduce((sum, pulse) => sum + pulse.delivered, 0)
    return {
      atMicros: due - workload.warmup,
      afterMicros: after,
      gapShare: after === null || gap === null || gap === 0 ? null : after / gap,
      delivered,
      // What another page of the session took, or a newer state overtook, is not lost.
      lost: Math.max(0, Math.min(workload.clients - delivered, lost)),
      metArmed: service.reduce((sum, pulse) => sum + pulse.metArmed, 0),
      waited: service.reduce((sum, pulse) => sum + pulse.waited, 0),
      latencyMicros: timesOf(mergeHistograms(seen.map(pulse => pulse.latency))),
      rearmed: rearm.count,
      rearmMicros: timesOf(rearm),
    }
  })
}
