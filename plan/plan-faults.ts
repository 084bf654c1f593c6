/** The storms that options ask for: faults x backoff policies over one workload, where they apply to the technique. */
import { plannedFault } from '../faults/text.ts'
import type { Fault, PlannedFault } from '../model/fault.ts'
import { linkWith } from '../model/link.ts'
import { formatDuration } from '../model/quantity.ts'
import { randomFor } from '../model/random.ts'
import { can, type Subject } from '../model/subject.ts'
import { micros } from '../model/units.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Scenario, Workload } from '../model/workload.ts'
import { type ReadOptions, readOptions } from './options.ts'

/** One workload of the matrix. */
export interface Variant {
  readonly workload: Workload
  /** Absent for a run without any. */
  readonly fault?: PlannedFault
}

/**
 * The workloads to measure with a technique: one for each fault and backoff; without any, the workload itself.
 * Faults that do not apply to the technique are skipped.
 * @throws {UsageError} when a fault would not be over before the window is
 */
export function variantsOf(
  options: ReadOptions,
  scenario: Scenario,
  workload: Workload,
  subject: Subject,
): Variant[] {
  const { fault: faults, backoff: given } = withScenario(options, scenario)
  const backoffs = given.length > 0 ? given : [workload.backoff]
  const under = (backoff: Workload['backoff']): Workload => ({ ...workload, backoff })
  if (faults.length === 0) return backoffs.map(backoff => ({ workload: under(backoff) }))
  return faults
    .map(asked => plannedFault(asked, randomFor(workload.seed, 'fault', asked.name)))
    .filter(({ fault, text }) => refusal(fault, text, subject) === null)
    .flatMap(fault => {
      checkSpan(fault, workload)
      checkPages(fault, options)
      // A fault that ends no connection needs no backoff.
      const policies = fault.fault.storms !== 'connections' ? backoffs.slice(0, 1) : backoffs
      return policies.map(backoff => ({
        workload: { ...under(backoff), link: linkFor(fault, workload) },
        fault,
      }))
    })
}

/** Why none of the given faults applies to a technique; null when one does. */
export function refusalOf(options: ReadOptions, scenario: Scenario, subject: Subject): string | null {
  const refusals = refusalsOf(options, scenario, subject)
  return refusals.length === withScenario(options, scenario).fault.length ? (refusals[0] ?? null) : null
}

/** Why some of the given faults do not apply to a technique, a sentence for each that does not. */
export const refusalsOf = (options: ReadOptions, scenario: Scenario, subject: Subject): string[] =>
  withScenario(options, scenario).fault.flatMap(asked => {
    const { fault, text } = plannedFault(asked, randomFor(options.seed, 'fault', asked.name))
    return refusal(fault, text, subject) ?? []
  })

/** Why a fault does not apply to what is measured; null when it does. */
function refusal(fault: Fault, text: string, subject: Subject): string | null {
  if (fault.actsOn === 'server' && !can(subject, 'start'))
    return `${text} needs a server that the run itself starts; a --target allows faults of the link only`
  if (fault.sharesPort && !can(subject, 'drain'))
    return `${text} needs a server that drains, and ${subject.foreign?.name} does not declare it: add "drain" to its supports once it can`
  return fault.refuses?.(subject) ?? null
}

/** The scenario's faults and backoffs where the options name none. */
function withScenario(options: ReadOptions, { faults = [], backoffs = [] }: Scenario) {
  const usual = readOptions({ fault: [...faults], backoff: [...backoffs] })
  return {
    fault: options.fault.length > 0 ? options.fault : usual.fault,
    backoff: options.backoff.length > 0 ? options.backoff : usual.backoff,
  }
}

const linkFor = ({ fault }: PlannedFault, { link }: Workload): Workload['link'] =>
  fault.actsOn === 'relay' ? linkWith(link, { jitter: link?.jitter ?? micros(0) }) : link

function checkPages({ text, fault }: PlannedFault, { domClients, browserClients }: ReadOptions): void {
  if (fault.actsOn === 'client' && domClients + browserClients > 0)
    throw new UsageError(
      `--fault ${text}: it acts on wire clients only: leave out --dom-clients and --browser-clients`,
    )
}

function checkSpan({ text, fault, values, at }: PlannedFault, { duration }: Workload): void {
  // A load of the fault's own is as long as the fault.
  if (fault.load !== undefined) return
  const [window, moment] = [formatDuration(duration), formatDuration(at)]
  if (at >= duration)
    throw new UsageError(
      `--fault ${text}: it happens ${moment} into a measured window of ${window}: give an earlier at= or a longer --duration`,
    )
  const lasts = fault.lasts(values)
  if (at + lasts >= duration)
    throw new UsageError(
      `--fault ${text}: from ${moment} on it lasts ${formatDuration(lasts)}, beyond the measured window of ${window}: make it shorter or give a longer --duration`,
    )
}
