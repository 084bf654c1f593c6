/** How long a run takes by its plan: all that is waited for by the clock, without starting processes and clients. */
import { longestTransit, releaseTime } from '../../model/link.ts'
import { type Micros, micros } from '../../model/units.ts'
import { type RunPlan, settingsOf } from '../messages/run-plan.ts'
import { withLead } from '../messages/warm-up.ts'
import { ceilingLead } from './ceiling.ts'
import { startLead } from './single-run.ts'

/** Planned waiting of one run, in microseconds. A storm ends as soon as it is over, and then takes less. */
export function plannedTime(asked: RunPlan): Micros {
  const plan = withLead(asked)
  const { workload, pair, ceiling } = plan
  const { warmup, lead, duration, link, backendPoll } = workload
  const drain =
    pair.client.drain(settingsOf(plan)) + longestTransit(link) + backendPoll + (releaseTime(link) ?? 0)
  const asking = ceiling === 0 || pair.client.ceiling === undefined ? 0 : ceilingLead + ceiling
  return micros(startLead + warmup + (lead?.length ?? 0) + duration + drain + asking)
}
