/** Warnings about processes that were too busy for their figures to hold, or that could not be read. */

import type { Measurement } from '../../results/result.ts'
import { excusableDelay } from '../../results/tie-band.ts'
import { connectionTrouble } from './connection-trouble.ts'
import { everConnected, type RunFacts } from './run-facts.ts'
import { ms, percent, type Sighting, type WarningKind } from './warning-kind.ts'

/** Above this utilisation an event loop queues what it is given. */
const saturated = 0.8
/** An edge of the window may be read late by this share of its length before a warning is due. */
const lateShare = 0.05
/** A relay may add this share of the median latency before a warning is due. */
const relayShare = 0.1

/**
 * Others may take this share of the machine before a warning is due: 0.3 of two cores. A tenth of a core is what a desktop
 * or an agent takes and moves no figure beyond its usual scatter; half a core makes the processes of a run wait.
 */
export const othersLimit = 0.15
/** A server below this utilisation had time for every event. */
const idle = 0.1

/** Whether processes outside the run took so much that figures are off. */
const isMachineBusy = ({ otherCpuShare }: Measurement): boolean => (otherCpuShare ?? 0) > othersLimit

/** The warning that other processes took the machine from those of the run. */
export const busyMachine: WarningKind = {
  code: 'busy-machine',
  rank: 'bias',
  advice:
    'stop them and measure again: processes of the run waited for a core, so latencies and tails may be far too high, and not equally for all techniques',
  rule: run =>
    isMachineBusy(run)
      ? `other processes took ${percent(run.otherCpuShare ?? 0)} of this machine's CPU time (limit ${percent(othersLimit)})`
      : null,
}

const countedLag = 'latency counts it, service time does not'

/** The warnings about the processes of a run, in order. */
export const loadWarnings: readonly WarningKind[] = [
  {
    code: 'generator-saturated',
    rank: 'invalid',
    advice:
      'the clients were the bottleneck, so latencies are theirs: use fewer clients, a lower rate, or --workers on more cores',
    rule: ({ fleet, storm }) =>
      storm === undefined && fleet.utilization !== null && fleet.utilization > saturated
        ? `the client processes were busy ${percent(fleet.utilization)} of the time (limit ${percent(saturated)})`
        : null,
  },
  {
    code: 'generator-delay',
    rank: 'bias',
    advice:
      'latency is mostly the clients taking turns in one process: use smaller rooms, fewer clients, --workers on more cores, or an idle machine',
    rule: ({ fleet, latencyMicros }) =>
      fleet.loopDelayP99Micros !== null &&
      latencyMicros !== null &&
      fleet.loopDelayP99Micros > excusableDelay(latencyMicros.p50)
        ? `event-loop delay of the clients has p99 ${ms(fleet.loopDelayP99Micros)}, compared with a latency p50 of ${ms(latencyMicros.p50)}`
        : null,
  },
  {
    code: 'server-saturated',
    rank: 'bias',
    advice:
      'the numbers describe an overloaded server; to compare techniques below their limit, lower --clients or --rate',
    rule: ({ server }) =>
      server.utilization !== null && server.utilization > saturated
        ? `the server process was busy ${percent(server.utilization)} of the time`
        : null,
  },
  {
    code: 'late-readings',
    rank: 'bias',
    advice:
      'a process that was blocked reads its meters late: its CPU time, bytes and heartbeats are of the span between its readings, and so are their shares per event; lower --clients or --rate, or raise --duration',
    rule: ({ workload }, { servers, clientReports, relays }) =>
      lateReadings(workload.durationMicros, { server: servers, client: clientReports, relay: relays }),
  },
  {
    code: 'relay-saturated',
    rank: 'bias',
    advice:
      'part of the latency is the relay taking turns, not the link that was asked for: use fewer clients or a lower rate, and ignore smaller differences',
    rule: ({ relay, latencyMicros }) => relayTrouble(relay, latencyMicros),
  },
  {
    code: 'connection-errors',
    rank: 'bias',
    advice: 'the advice follows the cause that the message names',
    // A fault, a death and clients that never connected are reported as such: these errors are their consequence.
    rule: ({ clients, responses: { errors }, storm }, facts) =>
      storm === undefined && facts.failures.length === 0 && everConnected(facts) >= clients.asked
        ? failedConnections(connectionTrouble(errors, facts))
        : null,
  },
  {
    code: 'foreign-target',
    rank: 'note',
    advice:
      'compare these bytes and loads with those of targets only; latency and service time include the request that published',
    rule: ({ server, latencyMicros }, { plan: { pair } }) =>
      latencyMicros !== null && pair.foreign?.target
        ? `the server at ${pair.foreign.name} is not part of pushbench: bytes were counted at the sockets of the clients, ${server.cpuSeconds === null ? 'its CPU time and memory were not read (no --pid)' : `its CPU time (in ticks of 10 ms) and memory are those of process ${pair.foreign.target.pids.join(', ')}`}, and what only a server sees is left out`
        : null,
  },
  {
    code: 'publisher-lag',
    rank: 'bias',
    advice: `${countedLag}; the message and the advice follow the cause`,
    rule: (run, { plan: { pair } }) => {
      const { publisher, latencyMicros, server } = run
      const { lagP99Micros } = publisher
      if (lagP99Micros === null || latencyMicros === null) return null
      if (lagP99Micros <= excusableDelay(latencyMicros.p50)) return null
      const message = `events were published up to ${ms(lagP99Micros)} (p99) after they were due`
      if (pair.foreign?.target !== undefined) {
        const slow = 'the target took too long to answer each event, and takes one after the other'
        return { message, advice: `${countedLag}; ${slow}` }
      }
      const busy =
        server.utilization === null
          ? ''
          : `, while the event loop of the server was busy ${percent(server.utilization)} of the time`
      return { message: `${message}${busy}`, advice: `${countedLag}; ${lagCause(run)}` }
    },
  },
]

/** Why a server published late, as far as its load and that of the machine show. */
function lagCause(run: Measurement): string {
  const { utilization } = run.server
  if (isMachineBusy(run))
    return 'other processes took the cores when an event was due: stop them and measure again'
  if (utilization === null) return 'the load of the server is not known'
  if (utilization > saturated) return 'the server process was too busy: lower --clients or --rate'
  if (utilization < idle)
    return 'the server process was not busy, but stopped or without a core: use fewer --workers or a machine with more cores'
  return 'the server process was busy with an earlier event, or waited for a core: lower --clients or --rate, or use a machine with more cores'
}

const failedConnections = (trouble: Sighting | null): Sighting | null =>
  trouble && { ...trouble, message: `connections or requests failed: ${trouble.message}` }

/** Which sides read their meters so late that the span between the readings is another than the window. */
function lateReadings(
  duration: number,
  sides: Readonly<Record<string, RunFacts['servers' | 'clientReports' | 'relays']>>,
): string | null {
  const seen = Object.entries(sides).flatMap(([side, reports]) => {
    const worst = (edge: 'open' | 'close'): number =>
      Math.max(0, ...reports.map(({ load }) => load?.late[edge] ?? 0))
    return (['open', 'close'] as const)
      .filter(edge => worst(edge) > lateShare * duration)
      .map(edge => `the ${edge === 'open' ? 'start' : 'end'} by a ${side} process ${ms(worst(edge))} late`)
  })
  return seen.length === 0 ? null : `the window of ${ms(duration)} was read at ${seen.join(', at ')}`
}

/** A relay that is busy, or whose own share of the latency can no longer be left out. */
function relayTrouble(relay: Measurement['relay'], latency: Measurement['latencyMicros']): string | null {
  if (relay === null) return null
  const { utilization, addedP99Micros: added } = relay
  const seen = [
    utilization !== null && utilization > saturated
      ? `was busy ${percent(utilization)} of the time (limit ${percent(saturated)})`
      : null,
    added !== null && latency !== null && added > relayShare * latency.p50
      ? `itself added up to ${ms(added)} (p99) one way, compared with a latency p50 of ${ms(latency.p50)}`
      : null,
  ].filter(each => each !== null)
  return seen.length === 0 ? null : `the relay ${seen.join(' and ')}`
}
