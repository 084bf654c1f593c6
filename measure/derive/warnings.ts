/**
 * The closed list of what a run says about its own numbers. A warning tells what was seen and what to do;
 * some of them make the run invalid.
 */

import { type Micros, micros, toMilliseconds } from '../../model/units.ts'
import type { Measurement, Warning, WarningCode } from '../../results/result.ts'
import { shortWindow } from '../messages/warm-up.ts'
import { pageTrouble } from './kinds.ts'
import type { RunFacts } from './run-facts.ts'
import { stormWarnings } from './storm-warnings.ts'
import type { Rule, WarningKind } from './warning-kind.ts'

/** Above this utilisation an event loop queues what it is given. */
const saturated = 0.8
/** A p99 from fewer samples is the verdict of a handful of them. */
const samplesForP99 = 10_000
/** Fewer broadcast events than this are a handful of draws, however many clients received each. */
const drawsForQuantiles = 100
/** Publication this much late is worth a word; both must hold. */
const lagShare = 0.05
const lagFloor: Micros = micros(1_000)
/** An edge of the window may be read late by this share of its length before it is worth a word. */
const lateShare = 0.05
/** A relay may add this share of the median before it is worth a word. */
const relayShare = 0.1
/** Below this many clients memory per client is mostly the heap's own growth. */
const clientsForMemory = 5_000

const ms = (value: number): string => `${toMilliseconds(micros(value)).toFixed(value < 10_000 ? 2 : 0)} ms`
const percent = (value: number): string => `${(value * 100).toFixed(0)} %`
const failed =
  (code: WarningCode): Rule =>
  (_, { failures }) =>
    failures.find(failure => failure.code === code)?.message ?? null

/**
 * Answers that take longer than the warm-up, over a narrow link or from a slow server: the first in the window carry
 * fewer events than the others.
 */
function slowAnswers({ workload, responses }: Measurement, { pair }: RunFacts['plan']): string | null {
  const warmup = workload.effectiveWarmupMicros ?? workload.warmupMicros
  const cycle = (workload.clients * workload.durationMicros) / responses.total
  return pair.client.lookBack !== undefined && responses.total > 0 && cycle > warmup
    ? `a client had an answer every ${ms(cycle)} on average, which is longer than the warm-up of ${ms(warmup)}: raise --warmup`
    : null
}

const kinds: readonly WarningKind[] = [
  {
    code: 'ceiling-failed',
    advice:
      'the latencies were measured before and stand; a server that errs or breaks off when it is pressed has no ceiling to compare',
    fatal: true,
    rule: (_, { ceiling }) =>
      ceiling != null && 'problem' in ceiling
        ? `the ceiling could not be measured: ${ceiling.problem}`
        : null,
  },
  ...stormWarnings,
  {
    code: 'boot-failed',
    advice: 'nothing was measured; the message says what the process said',
    fatal: true,
    rule: failed('boot-failed'),
  },
  {
    code: 'server-died',
    advice: 'the numbers end where the server did; find out what ended it and run again',
    fatal: true,
    rule: failed('server-died'),
  },
  {
    code: 'shard-died',
    advice: 'its clients are missing from every number; find out what ended it and run again',
    fatal: true,
    rule: failed('shard-died'),
  },
  {
    code: 'relay-died',
    advice: 'its clients were cut off; find out what ended it and run again',
    fatal: true,
    rule: failed('relay-died'),
  },
  {
    code: 'aborted',
    advice: 'the numbers are those of the shorter window; do not compare them with a whole run',
    fatal: true,
    rule: ({ workload }, { aborted }) =>
      aborted
        ? `a signal ended the run after ${(workload.durationMicros / 1_000_000).toFixed(1)} s of its window`
        : null,
  },
  {
    code: 'no-samples',
    advice: 'raise --rate or --duration until events fall due within the window',
    fatal: true,
    rule: ({ latencyMicros, events: { heldBack = 0 } }, { failures }) =>
      latencyMicros === null && failures.length === 0
        ? `no event was received in the measured window${heldBack ? `: the buffer of the link held back ${heldBack}` : ''}`
        : null,
  },
  {
    code: 'connect-failed',
    advice: 'fewer clients than asked make every number look better; see what "doctor" says of the limits',
    fatal: true,
    // A client between two streams was connected and will be again.
    rule: ({ clients }, { failures, clientReports }) => {
      const ever = clientReports.reduce((sum, { counts }) => sum + counts.everConnected, 0)
      return ever < clients.asked && failures.length === 0
        ? `${ever} of ${clients.asked} clients had been connected when the window opened`
        : null
    },
  },
  {
    code: 'unpublished-events',
    advice:
      'the server under test did not take what it was given, so that nobody could receive it: see its log',
    fatal: true,
    rule: (_, { servers, plan: { pair } }) => {
      const count = servers.reduce((sum, { unpublished }) => sum + (unpublished?.count ?? 0), 0)
      const first = servers.find(({ unpublished }) => unpublished?.first)?.unpublished?.first
      return count > 0 ? `${count} events were not taken by ${pair.foreign?.target?.publish}: ${first}` : null
    },
  },
  {
    code: 'lost-events',
    advice: 'a technique that loses events is not fast but broken: find the loss before comparing',
    fatal: true,
    // What a log was too short for, and what clients missed that never came back, is a storm's result.
    rule: ({ events, storm }, { failures }) =>
      events.lost > (storm === undefined ? 0 : events.overrun) &&
      (storm?.neverBack ?? 0) === 0 &&
      failures.length === 0
        ? `${events.lost} of ${events.expected} deliveries never came`
        : null,
  },
  {
    code: 'held-back-events',
    advice:
      'they are late, not lost: latency is of those that came before; a stream needs a proxy without a buffer, or padding that fills it',
    rule: ({ events: { heldBack = 0, expected } }) =>
      heldBack > 0
        ? `${heldBack} of ${expected} deliveries were still in the buffer of the link when the drain ended`
        : null,
  },
  {
    code: 'shared-sessions',
    advice:
      'pages of one session that drain one queue steal from each other: give each page a cursor of its own',
    rule: ({ events, pages, workload }) =>
      events.takenByOther > 0 && pages !== null
        ? `${workload.pagesPerSession} pages share the queue of each session and took ${events.takenByOther} of ${events.expected} deliveries from each other: ${pages.map(({ page, missed, expected }) => `page ${page} missed ${missed} of ${expected}`).join(', ')}`
        : null,
  },
  {
    code: 'log-overrun',
    advice:
      "the server's log was too short for the time that clients were away: raise --log or reconnect sooner",
    rule: ({ events, workload }) =>
      events.overrun > 0
        ? `${events.overrun} deliveries had left the log of ${workload.logEvents} events`
        : null,
  },
  {
    code: 'duplicated-events',
    advice: 'the page would act twice: find out why before comparing',
    fatal: true,
    rule: ({ events }) =>
      events.duplicated > 0 ? `${events.duplicated} deliveries came more than once` : null,
  },
  {
    code: 'out-of-order-events',
    advice: 'the page would show an older state over a newer one',
    fatal: true,
    rule: ({ events }) =>
      events.outOfOrder > 0 ? `${events.outOfOrder} deliveries came after a later event` : null,
  },
  {
    code: 'page-clients-lost',
    advice: "the page's own code does not do what the wire clients do: find out why before trusting either",
    fatal: true,
    rule: ({ kinds }, { failures }) => (failures.length === 0 ? pageTrouble(kinds, 'unexplained') : null),
  },
  {
    code: 'page-clients-deviate',
    advice: 'how these pages differ is on record, so the run stands; take their figures with that in mind',
    rule: ({ kinds }, { failures }) => (failures.length === 0 ? pageTrouble(kinds, 'on record') : null),
  },
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
        ? `event-loop delay of the clients has p99 ${ms(fleet.loopDelayP99Micros)}, beside a latency p50 of ${ms(latencyMicros.p50)}`
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
      'part of the latency is the relay taking turns, not the link that was asked for: use fewer clients or a lower rate, and take smaller differences for none',
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
        ? `the server at ${pair.foreign.name} is not ours: bytes were counted at the sockets of the clients, ${server.cpuSeconds === null ? 'its CPU time and memory were not read (no --pid)' : `its CPU time (in ticks of 10 ms) and memory are those of process ${pair.foreign.target.pids.join(', ')}`}, and what only a server sees is left out`
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
  {
    code: 'few-samples',
    advice: 'take p50 from this run; for p99 raise --duration or --rate',
    rule: ({ latencyMicros }) =>
      latencyMicros !== null && latencyMicros.count < samplesForP99
        ? `p99 comes from ${latencyMicros.count} samples, fewer than ${samplesForP99}`
        : null,
  },
  {
    code: 'few-draws',
    advice:
      'all receivers of one broadcast event share its moment: raise --duration or --rate before trusting a tail or an empty ratio',
    rule: ({ events, workload }) =>
      workload.audience !== 'individual' && events.published > 0 && events.published < drawsForQuantiles
        ? `the samples are ${events.published} events, each received by many clients at once`
        : null,
  },
  {
    code: 'short-window',
    advice: 'raise --duration until it runs out more often: a share that rests on it is of few moments',
    rule: (measurement, { plan }) =>
      plan.fault === undefined ? (shortWindow(plan) ?? slowAnswers(measurement, plan)) : null,
  },
  {
    code: 'phase-lock',
    advice: 'use --arrivals poisson, or an interval that does not divide the period',
    rule: ({ workload, settings }) => phaseLock(workload, settings),
  },
  {
    code: 'shared-cores',
    advice:
      'server and clients take CPU from each other; compare techniques with each other, not with other machines',
    rule: (_, { plan: { layout, cores } }) =>
      cores < layout.servers + layout.clientProcesses + layout.relays + 1
        ? `server processes (${layout.servers}), client processes (${layout.clientProcesses})${layout.relays === 0 ? '' : `, relay processes (${layout.relays})`} and their parent share ${cores} cores`
        : null,
  },
  {
    code: 'memory-noise',
    advice: 'read memory per client from a run with --clients 5000 or more',
    rule: ({ clients }) =>
      clients.asked < clientsForMemory
        ? `memory per client is the growth of a process divided by ${clients.asked} clients, and tens of MiB of it are the heap's own`
        : null,
  },
  {
    code: 'single-run',
    advice:
      'a difference between single runs has no error bar: use --runs 5 or more before deciding on a small one',
    rule: (_, { plan: { runs } }) => (runs === 1 ? 'every figure is of one run' : null),
  },
]

/**
 * What is to be said of a measurement, in the order of its weight.
 * @returns the warnings, and of them the messages that make the run invalid
 */
export function warningsOf(
  measurement: Measurement,
  facts: RunFacts,
): { warnings: Warning[]; failures: string[] } {
  const warnings: Warning[] = []
  const failures: string[] = []
  for (const { code, advice, fatal, rule } of kinds) {
    const message = rule(measurement, facts)
    if (message === null) continue
    warnings.push({ code, message, advice })
    if (fatal) failures.push(message)
  }
  return { warnings, failures }
}

/** Periodic events met by a periodic client whose interval divides their period: every sample is the same. */
function phaseLock(
  { arrivals, ratePerSecond }: Measurement['workload'],
  settings: Measurement['settings'],
): string | null {
  const interval = settings['intervalMicros']
  if (arrivals !== 'periodic' || typeof interval !== 'number' || settings['timing'] === 'fixed-delay')
    return null
  const period = 1_000_000 / ratePerSecond
  const cycles = period / interval
  return cycles >= 1 && Math.abs(cycles - Math.round(cycles)) < 1e-6
    ? `events every ${ms(period)} meet polls every ${ms(interval)} at the same phase each time`
    : null
}

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
      ? `itself added up to ${ms(added)} (p99) one way, beside a latency p50 of ${ms(latency.p50)}`
      : null,
  ].filter(each => each !== null)
  return seen.length === 0 ? null : `the relay ${seen.join(' and ')}`
}
