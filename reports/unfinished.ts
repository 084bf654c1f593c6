/** What a result lacks because the measuring ended early, in words. */
import type { Result } from '../results/result.ts'
import { listed } from './display.ts'

const differ = (values: readonly (string | null)[]): boolean => new Set(values).size > 1

/** The names of what was asked for and has no measurement; repetitions have one name. */
function missing({ measurements, notMeasured = [] }: Result): string[] {
  const asked = [...notMeasured, ...measurements.map(({ workload }) => workload)]
  const manyFaults = differ(asked.map(({ fault }) => fault))
  const manyBackoffs = differ(asked.map(({ backoff }) => backoff))
  const manyScenarios = differ([...notMeasured, ...measurements].map(({ scenario }) => scenario))
  const byName = Map.groupBy(notMeasured, ({ technique, subject, scenario, fault, backoff }) =>
    [
      technique,
      subject,
      manyFaults ? fault : null,
      manyBackoffs && fault !== null ? backoff : null,
      manyScenarios ? `in ${scenario}` : null,
    ]
      .filter(word => word != null)
      .join(' · '),
  )
  return [...byName].map(([name, runs]) => {
    const first = Math.min(...runs.map(({ run }) => run))
    return first === 1 ? name : `${name} from run ${first} on`
  })
}

const stopped = ({ measurements }: Result): string =>
  measurements.length === 0
    ? 'The run was stopped before its first measurement.'
    : 'The run was stopped early: the numbers are partial.'

/**
 * That a run was stopped early, and what has no measurement because of that: `The run was stopped early: the numbers are
 * partial. Not measured: websocket.` Null for a result that is whole.
 */
export function partialSentence(result: Result): string | null {
  const names = missing(result)
  const words = [
    ...(result.aborted ? [stopped(result)] : []),
    ...(names.length > 0 ? [`Not measured: ${listed(names)}.`] : []),
  ]
  return words.length === 0 ? null : words.join(' ')
}

/** How many techniques were asked for, those without a measurement included. */
export const techniquesAsked = ({ measurements, notMeasured = [] }: Result): number =>
  new Set(
    [
      ...measurements.map(({ technique, subject }) => [technique, subject?.name]),
      ...notMeasured.map(({ technique, subject }) => [technique, subject]),
    ].map(name => JSON.stringify(name)),
  ).size
