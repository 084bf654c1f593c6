/** Warnings about processes that were too busy for their figures to hold, or that could not be read. */
import { type Micros, micros } from '../../model/units.ts'
import type { Measurement } from '../../results/result.ts'
import type { RunFacts } from './run-facts.ts'
import { ms, percent, type WarningKind } from './warning-kind.ts'

/** Above this utilisation an event loop queues what it is given. */
const saturated = 0.8
/** Publication this late is worth a warning; both must hold. */
const lagShare = 0.05
const lagFloor: Micros = micros(1_000)
/** An edge of the window may be read late by this share of its length before a warning is due. */
const lateShare = 0.05
/** A relay may add this share of the median latency before a warning is due. */
const relayShare = 0.1

/** The warnings about the processes of a run, in order. */
export const loadWarnings: readonly WarningKind[] = [
  {
    code: 'generator-saturated',
    advice:
      'the clients were the bottleneck, so latencies are theirs: use fewer clients, a lower rate, or --workers on more cores',
    fatal: true,
    rule: ({ fleet, storm }) =>
      storm === undefined && fleet.utilization !== null && fleet.utilization > saturated
        ? `the client processes were busy ${percent(fleet.utilization)} of the time (limit ${percent(saturated)})`
        : null,
  },
  {
    code: 'generator-delay',
    advice:
      'part of the latency is the clients taking turns in one process; differences below this are not the technique',
    rule: ({ fleet, latencyMicros }) =>
      fleet.loopDelayP99Micros !== null &&
      latencyMicros !== null &&
      fleet.loopDelayP99Micros > 0.1 * latencyMicros.p50
        ? `event-loop delay of the clients has p99 ${ms(fleet.loopDelayP99Micros)}, compared with a latency p50 of ${ms(latencyMicros.p50)}`
        : null,
  },
  {
    code: 'server-saturated',
    advice:
      'the numbers describe an overloaded server; to compare techniques below their limit, lower --clients or --rate',
    rule: ({ server }) =>
      server.utilization !== null && server.utilization > saturated
        ? `the server process was busy ${percent(server.utilization)} of the time`
        : null,
  },
  {
    code: 'late-readings',
    advice:
      'a process that was blocked reads its meters late: its CPU time, bytes and heartbeats are of the span between its readings, and so are their shares per event; lower --clients or --rate, or raise --duration',
    rule: ({ workload }, { servers, clientReports, relays }) =>
      lateReadings(workload.durationMicros, { server: servers, client: clientReports, relay: relays }),
  },
  {
    code: 'relay-saturated',
    advice:
      'part of the latency is the relay taking turns, not the link that was asked for: use fewer clients or a lower rate, and ignore smaller differences',
    rule: ({ relay, latencyMicros }) => relayTrouble(relay, latencyMicros),
  },
  {
    code: 'connection-errors',
    advice: 'no fault was asked for, so something on this machine is at its limit',
    rule: ({ responses: { errors }, storm }, { clientReports }) => {
      if (storm !== undefined) return null
      const seen = Object.entries(errors).filter(([, count]) => count > 0)
      const detail = (cause: string): string =>
        clientReports.find(clientProcess => clientProcess.counts.errorDetails[cause])?.counts.errorDetails[
          cause
        ] ?? ''
      return seen.length === 0
        ? null
        : `connection errors: ${seen.map(([cause, count]) => `${count} ${cause} (${detail(cause)})`).join(', ')}`
    },
  },
  {
    code: 'foreign-target',
    advice:
      'compare these bytes and loads with those of targets only; latency and service time include the request that published',
    rule: ({ server }, { plan: { pair } }) =>
      pair.foreign?.target
        ? `the server at ${pair.foreign.name} is not part of pushbench: bytes were counted at the sockets of the clients, ${server.cpuSeconds === null ? 'its CPU time and memory were not read (no --pid)' : `its CPU time (in ticks of 10 ms) and memory are those of process ${pair.foreign.target.pids.join(', ')}`}, and what only a server sees is left out`
        : null,
  },
  {
    code: 'publisher-lag',
    advice:
      'latency counts it, service time does not; the server process, or the target that takes one event after the other, was too busy',
    rule: ({ publisher: { lagP99Micros }, latencyMicros }) =>
      lagP99Micros !== null &&
      latencyMicros !== null &&
      lagP99Micros > lagFloor &&
      lagP99Micros > lagShare * latencyMicros.p50
        ? `events were published up to ${ms(lagP99Micros)} (p99) after they were due`
        : null,
  },
]

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
