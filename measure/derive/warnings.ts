/**
 * The closed list of warnings about a run's own numbers. A warning says what was seen and what to do; some make the run
 * invalid.
 */
import type { Measurement, Warning, WarningCode } from '../../results/result.ts'
import { connectionTrouble, noSamplesAdvice } from './connection-trouble.ts'
import { deliveryWarnings } from './delivery-warnings.ts'
import { busyMachine, loadWarnings } from './load-warnings.ts'
import { everConnected, type RunFacts, unpublishedEvents } from './run-facts.ts'
import { sampleWarnings } from './sample-warnings.ts'
import { stormWarnings } from './storm-warnings.ts'
import { type Rule, type Sighting, type WarningKind, warningRanks } from './warning-kind.ts'

const messageOf = (code: WarningCode, { failures }: RunFacts): string | null =>
  failures.find(failure => failure.code === code)?.message ?? null

const failed =
  (code: WarningCode): Rule =>
  (_, facts) =>
    messageOf(code, facts)

/** A server that was killed did not fail by itself; one of a user's own names its error in the message. */
function serverEnd(code: 'boot-failed' | 'server-died', result: string, facts: RunFacts): Sighting | null {
  const message = messageOf(code, facts)
  if (message === null) return null
  const { foreign } = facts.plan.pair
  const advice = /\bwas killed by SIGKILL\b/.test(message)
    ? 'something killed it, perhaps the kernel for want of memory ("dmesg" says so)'
    : foreign !== undefined && foreign.target === undefined
      ? `fix the error above in ${foreign.name} and run again`
      : 'the message says what ended it'
  return { message, advice: `${result}: ${advice}` }
}

const nothingMeasured = 'nothing was measured'
const endsThere = 'the numbers end where the server did'

/** Clients whose attempts neither failed nor succeeded: a buffer of the link explains them. */
const waitingForLink = (message: string, { plan }: RunFacts): string | Sighting =>
  plan.workload.link?.buffer == null
    ? message
    : {
        message: `${message}; the others still wait for an answer`,
        advice:
          'this is what --buffer asks for: the link holds back what would show a client that it is connected',
      }

/** Kinds that qualify numbers, for runs that have some. */
const where = (has: (measurement: Measurement) => boolean, kinds: readonly WarningKind[]): WarningKind[] =>
  kinds.map(kind => ({
    ...kind,
    rule: (measurement, facts) => (has(measurement) ? (kind.rule?.(measurement, facts) ?? null) : null),
  }))

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
  ...where(({ workload }) => workload.durationMicros > 0, [busyMachine]),
  ...stormWarnings,
  {
    code: 'boot-failed',
    rank: 'invalid',
    advice: `${nothingMeasured}: the message says why`,
    rule: (_, facts) => serverEnd('boot-failed', nothingMeasured, facts),
  },
  {
    code: 'server-died',
    rank: 'invalid',
    advice: `${endsThere}: find out what ended it and run again`,
    // A server that ends before the window opens leaves no numbers.
    rule: ({ workload }, facts) =>
      serverEnd('server-died', workload.durationMicros === 0 ? nothingMeasured : endsThere, facts),
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
    code: 'connect-failed',
    rank: 'invalid',
    advice: 'fewer clients than asked make every number look better; see what "doctor" says of the limits',
    // A client between two streams was connected and will be again.
    rule: ({ clients, responses }, facts) => {
      const ever = everConnected(facts)
      if (ever >= clients.asked || facts.failures.length > 0) return null
      const message = `${ever} of ${clients.asked} clients connected before the window opened`
      const trouble = connectionTrouble(responses.errors, facts)
      return trouble === null
        ? waitingForLink(message, facts)
        : { message: `${message}: ${trouble.message}`, advice: trouble.advice }
    },
  },
  {
    code: 'no-samples',
    rank: 'invalid',
    advice: 'raise --rate or --duration until events fall due within the window',
    // Where no client ever was connected, or no event was published, that is the cause, and reported as such.
    rule: ({ latencyMicros, events: { expected, heldBack = 0 } }, facts) => {
      if (latencyMicros !== null || facts.failures.length > 0) return null
      if (everConnected(facts) === 0 || unpublishedEvents(facts) > 0) return null
      const message = 'no event was received in the measured window'
      return expected === 0
        ? `${message}: none was due`
        : {
            message: `${message}: ${expected} deliveries were due${heldBack > 0 ? `, and the buffer of the link held back ${heldBack}` : ''}`,
            advice: noSamplesAdvice(facts, heldBack),
          }
    },
  },
  ...deliveryWarnings,
  ...where(({ workload }) => workload.durationMicros > 0, loadWarnings),
  ...where(({ latencyMicros }) => latencyMicros !== null, sampleWarnings),
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
  const seen = warningKinds.flatMap(({ code, rank, advice: usual, rule }) => {
    const sighting = rule?.(measurement, facts) ?? null
    if (sighting === null) return []
    const { message, advice } = typeof sighting === 'string' ? { message: sighting, advice: usual } : sighting
    return { rank, warning: { code, message, advice } }
  })
  return {
    warnings: warningRanks.flatMap(rank => seen.flatMap(each => (each.rank === rank ? each.warning : []))),
    failures: seen.flatMap(({ rank, warning }) => (rank === 'invalid' ? warning.message : [])),
  }
}
