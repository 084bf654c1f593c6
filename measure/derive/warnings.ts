/**
 * The closed list of warnings about a run's own numbers. A warning says what was seen and what to do; some make the run
 * invalid.
 */
import type { Measurement, Warning, WarningCode } from '../../results/result.ts'
import { deliveryWarnings } from './delivery-warnings.ts'
import { loadWarnings } from './load-warnings.ts'
import type { RunFacts } from './run-facts.ts'
import { sampleWarnings } from './sample-warnings.ts'
import { stormWarnings } from './storm-warnings.ts'
import { type Rule, type WarningKind, warningRanks } from './warning-kind.ts'

const failed =
  (code: WarningCode): Rule =>
  (_, { failures }) =>
    failures.find(failure => failure.code === code)?.message ?? null

/** The closed list, the gravest first. */
export const warningKinds: readonly WarningKind[] = [
  {
    code: 'ceiling-failed',
    rank: 'invalid',
    advice:
      'the latencies were measured before and are valid; a server that fails under full load has no ceiling to compare',
    rule: (_, { ceiling }) =>
      ceiling != null && 'problem' in ceiling
        ? `the ceiling could not be measured: ${ceiling.problem}`
        : null,
  },
  ...stormWarnings,
  {
    code: 'boot-failed',
    rank: 'invalid',
    advice: 'nothing was measured; the message says what the process said',
    rule: failed('boot-failed'),
  },
  {
    code: 'server-died',
    rank: 'invalid',
    advice: 'the numbers end where the server did; find out what ended it and run again',
    rule: failed('server-died'),
  },
  {
    code: 'shard-died',
    rank: 'invalid',
    advice: 'its clients are missing from every number; find out what ended it and run again',
    rule: failed('shard-died'),
  },
  {
    code: 'relay-died',
    rank: 'invalid',
    advice: 'its clients were cut off; find out what ended it and run again',
    rule: failed('relay-died'),
  },
  {
    code: 'aborted',
    rank: 'invalid',
    advice: 'the numbers are those of the shorter window; do not compare them with a whole run',
    rule: ({ workload }, { aborted }) =>
      aborted
        ? `a signal ended the run after ${(workload.durationMicros / 1_000_000).toFixed(1)} s of its window`
        : null,
  },
  {
    code: 'no-samples',
    rank: 'invalid',
    advice: 'raise --rate or --duration until events fall due within the window',
    rule: ({ latencyMicros, events: { heldBack = 0 } }, { failures }) =>
      latencyMicros === null && failures.length === 0
        ? `no event was received in the measured window${heldBack ? `: the buffer of the link held back ${heldBack}` : ''}`
        : null,
  },
  {
    code: 'connect-failed',
    rank: 'invalid',
    advice: 'fewer clients than asked make every number look better; see what "doctor" says of the limits',
    // A client between two streams was connected and will be again.
    rule: ({ clients }, { failures, clientReports }) => {
      const ever = clientReports.reduce((sum, { counts }) => sum + counts.everConnected, 0)
      return ever < clients.asked && failures.length === 0
        ? `${ever} of ${clients.asked} clients had been connected when the window opened`
        : null
    },
  },
  ...deliveryWarnings,
  ...loadWarnings,
  ...sampleWarnings,
]

/** Where a warning stands among others: 0 for those that could change a decision the most. */
export const warningWeight = (code: WarningCode): number =>
  warningRanks.findIndex(rank => rank === warningKinds.find(kind => kind.code === code)?.rank)

/**
 * The warnings of a measurement, the gravest first.
 * @returns the warnings, and of them the messages that make the run invalid
 */
export function warningsOf(
  measurement: Measurement,
  facts: RunFacts,
): { warnings: Warning[]; failures: string[] } {
  const seen = warningKinds.flatMap(({ code, rank, advice, rule }) => {
    const message = rule?.(measurement, facts) ?? null
    return message === null ? [] : { rank, warning: { code, message, advice } }
  })
  return {
    warnings: warningRanks.flatMap(rank => seen.flatMap(each => (each.rank === rank ? each.warning : []))),
    failures: seen.flatMap(({ rank, warning }) => (rank === 'invalid' ? warning.message : [])),
  }
}
