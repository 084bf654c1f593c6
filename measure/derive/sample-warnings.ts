/** Warnings about figures that rest on too few samples, too short a window or too few runs. */
import type { Measurement } from '../../results/result.ts'
import { shortWindow } from '../messages/warm-up.ts'
import type { RunFacts } from './run-facts.ts'
import { ms, type WarningKind } from './warning-kind.ts'

/** A p99 from fewer samples depends on a handful of them. */
export const samplesForP99 = 10_000
/** Fewer broadcast events than this are a handful of draws, however many clients received each. */
export const drawsForQuantiles = 100

const processes = (count: number, kind: string): string =>
  `${count} ${kind} process${count === 1 ? '' : 'es'}`

/** The warnings about the samples of a run, in order. */
export const sampleWarnings: readonly WarningKind[] = [
  {
    code: 'few-samples',
    rank: 'precision',
    advice: 'take p50 from this run; for p99 raise --duration or --rate',
    rule: ({ latencyMicros }) =>
      latencyMicros !== null && latencyMicros.count < samplesForP99
        ? `p99 comes from ${latencyMicros.count.toLocaleString('en-US')} samples, fewer than ${samplesForP99.toLocaleString('en-US')}`
        : null,
  },
  {
    code: 'few-draws',
    rank: 'precision',
    advice:
      'all receivers of one broadcast event share its moment: raise --duration or --rate before trusting a tail or an empty ratio',
    rule: ({ events, workload }) =>
      workload.audience !== 'individual' && events.published > 0 && events.published < drawsForQuantiles
        ? `the samples are ${events.published} events, each received by many clients at once`
        : null,
  },
  {
    code: 'short-window',
    rank: 'bias',
    advice:
      'raise --duration until it expires more often: a share that depends on so few expiries is unreliable; where answers are slow, raise --warmup',
    rule: (measurement, { plan }) =>
      plan.fault === undefined ? (shortWindow(plan) ?? slowAnswers(measurement, plan)) : null,
  },
  {
    code: 'phase-lock',
    rank: 'bias',
    advice: 'use --arrivals poisson, or an interval that does not divide the period',
    rule: phaseLock,
  },
  {
    code: 'shared-cores',
    rank: 'note',
    advice:
      'server and clients take CPU from each other; compare techniques with each other, not with other machines',
    rule: (_, { plan: { layout, cores } }) =>
      cores < layout.servers + layout.clientProcesses + layout.relays + 1
        ? `${processes(layout.servers, 'server')}, ${processes(layout.clientProcesses, 'client')}${layout.relays === 0 ? '' : `, ${processes(layout.relays, 'relay')}`} and the parent process share ${cores === 1 ? '1 core' : `${cores} cores`}`
        : null,
  },
  {
    code: 'memory-noise',
    rank: 'precision',
    advice: 'read memory per client from a run with --clients 5000 or more',
  },
  {
    code: 'single-run',
    rank: 'precision',
    advice:
      'a difference between single runs has no error bar: use --runs 5 or more before trusting a small difference',
    rule: (_, { plan: { runs } }) => (runs === 1 ? 'every figure is of one run' : null),
  },
]

/** Standard deviations by which a count may differ from the expected one by chance. */
const chance = 3

/**
 * Answers that take longer than the warm-up, over a narrow link or from a slow server: the first in the window carry
 * fewer events than the others. The warm-up is at least the interval of a timer, so that each client has an answer in
 * it. In the window it has one more or less, as its timer lies: over n clients a standard deviation of √n / 2 at most.
 */
function slowAnswers({ workload, responses }: Measurement, { pair }: RunFacts['plan']): string | null {
  const warmup = workload.effectiveWarmupMicros ?? workload.warmupMicros
  const expected = (workload.clients * workload.durationMicros) / warmup
  const enough = expected / 1.05 - (chance * Math.sqrt(workload.clients)) / 2
  if (pair.client.lookBack === undefined || responses.total === 0 || responses.total >= enough) return null
  const cycle = (workload.clients * workload.durationMicros) / responses.total
  return `a client had an answer every ${ms(cycle)} on average, which is longer than the warm-up of ${ms(warmup)}`
}

/** Periodic events met by a timer whose interval divides their period, of clients or of a backend: every wait is the same. */
function phaseLock({ workload, settings }: Pick<Measurement, 'workload' | 'settings'>): string | null {
  if (workload.arrivals !== 'periodic') return null
  const period = 1_000_000 / workload.ratePerSecond
  const isTimer = settings['timing'] !== 'fixed-delay'
  const [met] = [
    { what: 'polls', interval: isTimer ? settings['intervalMicros'] : null },
    { what: 'polls of the backend', interval: workload.backendPollMicros },
  ].flatMap(({ what, interval }) =>
    typeof interval === 'number' && divides(interval, period) ? `${what} every ${ms(interval)}` : [],
  )
  return met === undefined ? null : `events every ${ms(period)} meet ${met} at the same phase each time`
}

function divides(interval: number, period: number): boolean {
  const cycles = period / interval
  return Number.isFinite(cycles) && cycles >= 1 && Math.abs(cycles - Math.round(cycles)) < 1e-6
}
