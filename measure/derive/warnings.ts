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
import type { Rule, WarningKind } from './warning-kind.ts'

const failed =
  (code: WarningCode): Rule =>
  (_, { failures }) =>
    failures.find(failure => failure.code === code)?.message ?? null

/** The closed list, the gravest first. */
export const warningKinds: readonly WarningKind[] = [
  {
    code: 'ceiling-failed',
    advice:
      'the latencies were measured before and are valid; a server that fails under full load has no ceiling to compare',
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
  ...deliveryWarnings,
  ...loadWarnings,
  ...sampleWarnings,
]

/**
 * The warnings of a measurement, the gravest first.
 * @returns the warnings, and of them the messages that make the run invalid
 */
export function warningsOf(
  measurement: Measurement,
  facts: RunFacts,
): { warnings: Warning[]; failures: string[] } {
  const warnings: Warning[] = []
  const failures: string[] = []
  for (const { code, advice, fatal, rule } of warningKinds) {
    const message = rule(measurement, facts)
    if (message === null) continue
    warnings.push({ code, message, advice })
    if (fatal) failures.push(message)
  }
  return { warnings, failures }
}
