/** The job of each process of a run, from the run's plan. */

import { formatAudience, streamsOf } from '../../model/audience.ts'
import type { Origin } from '../../model/clock.ts'
import { dueAt } from '../../model/fault.ts'
import { longestTransit } from '../../model/link.ts'
import { can, type Target } from '../../model/subject.ts'
import { micros, seconds } from '../../model/units.ts'
import { scheduleOf } from '../../model/workload.ts'
import type { ClientJob, Endpoint, ServerJob, TargetJob } from '../messages/job.ts'
import { type RunPlan, settingsOf, silenceMeansLoss } from '../messages/run-plan.ts'
import { silencesShow } from '../messages/warm-up.ts'

/** No attempt over loopback that can succeed takes this long. */
const rampPatience = seconds(5)

/**
 * The job of a server.
 * @param streams those that it publishes
 * @param countedStreams those of them that no other server counts
 */
export function serverJobOf(
  plan: RunPlan,
  origin: Origin,
  streams: readonly number[],
  countedStreams: readonly number[],
): ServerJob {
  const { pair, workload, fault, pages = [] } = plan
  return {
    role: 'server',
    origin,
    adapter: { module: pair.serverModule, technique: pair.technique },
    settings: settingsOf(plan),
    address: { host: '127.0.0.1', port: 0, ...(fault?.fault.sharesPort && { reusePort: true }) },
    streams,
    countedStreams,
    schedule: scheduleOf(workload),
    payloadBytes: workload.payloadBytes,
    logEvents: workload.logEvents,
    delivery: workload.delivery,
    backendPoll: workload.backendPoll,
    ...(silencesShow(plan) && { beginsAnywhere: true }),
    ...(pair.client.beginsAtRandomPhase && { skipsFirstGap: true }),
    ...(fault !== undefined && { faultDue: dueAt(fault) }),
    ...(workload.acceptRate === undefined ? {} : { acceptRate: workload.acceptRate }),
    ...(pages.length > 0 && { marks: pages.map(({ kind, userAgent }) => ({ kind, userAgent })) }),
  }
}

/** The job of the process that publishes to a server which already runs. */
export function targetJobOf(
  { workload }: RunPlan,
  origin: Origin,
  { url, publish, pids }: Target,
): TargetJob {
  return {
    role: 'target',
    origin,
    url,
    publish,
    pids,
    streams: streamsOf(workload.audience, 0, Math.ceil(workload.clients / workload.pagesPerSession)),
    schedule: scheduleOf(workload),
    payloadBytes: workload.payloadBytes,
  }
}

/**
 * The job of a client process.
 * @param module URL of the module that has the client adapters
 * @param range its clients: `from` inclusive, `to` exclusive
 */
export function clientJobOf(
  plan: RunPlan,
  origin: Origin,
  module: string,
  endpoints: readonly Endpoint[],
  { from, to }: Pick<Endpoint, 'from' | 'to'>,
): ClientJob {
  const { pair, workload, fault } = plan
  return {
    role: 'client',
    origin,
    adapter: { module, technique: pair.technique },
    settings: settingsOf(plan),
    endpoints,
    from,
    to,
    audience: formatAudience(workload.audience),
    delivery: workload.delivery,
    pagesPerSession: workload.pagesPerSession,
    schedule: scheduleOf(workload),
    headers: workload.headers,
    ...(silencesShow(plan) && { beginsAnywhere: true }),
    backoff: workload.backoff,
    ...(workload.attemptTimeout === undefined ? {} : { attemptTimeout: workload.attemptTimeout }),
    patience: micros(rampPatience + longestTransit(workload.link)),
    ...(!silenceMeansLoss(plan) && { ignoresSilence: true }),
    ...(fault !== undefined && { faulted: true }),
    ...(!can(pair, 'server-sockets') && { countsBytes: true }),
  }
}
