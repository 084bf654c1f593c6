/** How long a run takes by its plan: all that is waited for by the clock, without starting processes and clients. */
import { longestTransit, releaseTime } from '../../model/link.ts'
import { type Micros, micros } from '../../model/units.ts'
import { linger } from '../messages/job.ts'
import { type RunPlan, settingsOf } from '../messages/run-plan.ts'
import { withLead } from '../messages/warm-up.ts'
import { ceilingLead } from './ceiling.ts'
import { startLead } from './single-run.ts'

/**
 * Planned waiting of one run, in microseconds. A storm ends as soon as it is over, and then takes less; a run that loses
 * events waits for them a few seconds longer.
 */
export function plannedTime(asked: RunPlan): Micros {
  const plan = withLead(asked)
  const { workload, pair, ceiling } = plan
  const { warmup, lead, duration, link, backendPoll } = workload
  // A run drains until all events have come: the last of them with the next answer.
  const answer = pair.client.lookBack?.(settingsOf(plan)) ?? 0
  const drain = answer + longestTransit(link) + backendPoll + linger + (releaseTime(link) ?? 0)
  const asking = ceiling === 0 || pair.client.ceiling === undefined ? 0 : ceilingLead + ceiling
  return micros(startLead + warmup + (lead?.length ?? 0) + duration + drain + asking)
}
