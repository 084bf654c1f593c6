/** The warnings of a run with a fault. Clients that are away are its subject, not a defect. */
import type { WarningKind } from './warning-kind.ts'

/** Above this utilisation the clients, and not their backoff, set the pace of attempts. */
const pacedByBackoff = 0.8
/** Below this share of the attempts of the model the machine held clients back, however idle it was on average. */
const heldBack = 0.5

/** The warnings of a run with a fault, in order. */
export const stormWarnings: readonly WarningKind[] = [
  {
    code: 'never-back',
    rank: 'bias',
    advice:
      'times until clients were back count them as still away: give a longer --duration to see the last return',
    rule: ({ storm, events: { outstanding = 0 } }) =>
      storm !== undefined && storm.neverBack + outstanding > 0
        ? `${storm.neverBack} of ${storm.affected} clients were not back when the run ended, with ${outstanding} deliveries outstanding`
        : null,
  },
  {
    code: 'fault-unnoticed',
    rank: 'bias',
    advice:
      'nothing showed these clients that the link was cut: a heartbeat that clients watch, or a timeout, would have',
    rule: ({ storm, clients }, { plan }) =>
      storm !== undefined && plan.fault?.fault.actsOn === 'relay' && storm.affected < clients.connected
        ? `${clients.connected - storm.affected} of ${clients.connected} clients did not notice the ${storm.fault}`
        : null,
  },
  {
    code: 'attempts-paced-by-machine',
    rank: 'bias',
    advice:
      'this machine, not the backoff policy, sets the number of attempts per client; the model has no such limit',
    rule: ({ storm, fleet }) => {
      if (storm === undefined) return null
      if (fleet.utilization !== null && fleet.utilization > pacedByBackoff)
        return `the client processes were busy ${(fleet.utilization * 100).toFixed(0)} % of the time`
      const [made, model] = [storm.attempts.total, storm.simulated?.attempts ?? 0]
      return made < model * heldBack
        ? `clients made ${made} attempts, and the same policy makes ${model} in the model`
        : null
    },
  },
  {
    code: 'fault-missed',
    rank: 'invalid',
    advice:
      'the numbers are those of a run without a fault: run again, with an earlier at= or a longer --duration',
    rule: ({ storm }, { plan, failures, aborted }) =>
      plan.fault !== undefined && storm === undefined && failures.length === 0 && !aborted
        ? `the run ended before the ${plan.fault.text} happened`
        : null,
  },
]
