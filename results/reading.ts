/**
 * A result arranged for reading: scenarios, in them series, in them the repetitions. Takes a result and returns plain
 * data; reports, comparisons and histories make it once and pass it on, so that all use the same names and groups.
 */
import { distinctReasons } from './reasons.ts'
import { type Measurement, type Result, subjectName } from './result.ts'

/** `aborted` where a signal ended the measuring, `failed` where a run was invalid for another reason. */
export type State = 'passed' | 'failed' | 'aborted'

/** All runs of one technique with the same server, settings, fault and backoff policy in one scenario. */
export interface Series {
  /** The name, with the fault and the backoff policy where a result has more than one of them. */
  readonly label: string
  /** The technique, with its own server, and with the settings in which series of one technique differ. */
  readonly name: string
  readonly technique: string
  readonly scenario: string
  /** What was done to the server or the link, as short as it stays distinct; null for a run without a fault. */
  readonly fault: string | null
  /** How clients waited before they reconnected, as short as it stays distinct. */
  readonly backoff: string
  /** At least one, in the order of the result. */
  readonly runs: readonly [Measurement, ...Measurement[]]
  readonly state: State
  /** Why runs are invalid, each reason once, with how many there are of it; empty when the state is `passed`. */
  readonly reasons: readonly string[]
  /** Equal for the same series of two results, whatever else these hold. */
  readonly key: string
  /** Place of the label among all labels of the result, from 0: the same label has one place in all scenarios. */
  readonly place: number
}

/** All series of one scenario, in the order of the result. */
export interface Scenario {
  readonly name: string
  readonly series: readonly Series[]
}

/** A result with its measurements arranged. */
export interface Reading {
  readonly result: Result
  readonly scenarios: readonly Scenario[]
  /** The scenarios without faulted runs: these may be compared by latency, bytes and CPU time. */
  readonly baseline: readonly Scenario[]
  /** The scenarios with faulted runs only. */
  readonly faulted: readonly Scenario[]
}

/** A series before its place among all labels is known. */
type Unplaced = Omit<Series, 'place'>

const keyOf = (measurement: Measurement): string => {
  const settings = Object.entries(measurement.settings).sort(([a], [b]) => (a < b ? -1 : 1))
  const { fault, backoff } = measurement.workload
  return JSON.stringify([subjectName(measurement), settings, fault, backoff])
}

const grouped = (measurements: readonly Measurement[], key: (m: Measurement) => string) => [
  ...Map.groupBy(measurements, key).values(),
]

/** Whether a signal cut a run short, which says nothing against its technique. */
export const isAborted = ({ warnings }: Measurement): boolean =>
  warnings.some(({ code }) => code === 'aborted')

/** The state of one series. One invalid run makes the whole series invalid: it may not be chance. */
function stateOf(runs: readonly Measurement[]): State {
  const invalid = runs.filter(run => !run.passed)
  if (invalid.length === 0) return 'passed'
  return invalid.every(isAborted) ? 'aborted' : 'failed'
}

/** The settings in which `own` differs from other runs of its technique, as text. */
const distinction = (own: Measurement, ofTechnique: readonly Measurement[]): string =>
  Object.entries(own.settings)
    .filter(([name, value]) => ofTechnique.some(other => other.settings[name] !== value))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

/** How a result calls its faults and backoff policies. */
interface Words {
  readonly fault: (text: string | null) => string | null
  readonly backoff: (text: string) => string
  /** What follows the name of a series in its label. */
  readonly suffix: (measurement: Measurement) => string
}

/** Each text (`restart:down=2s`) by its name alone, where no other text of the result has that name. */
function shortest(texts: readonly string[]): (text: string) => string {
  const nameOf = (text: string): string => text.split(':')[0] ?? text
  const byName = Map.groupBy(new Set(texts), nameOf)
  return text => ((byName.get(nameOf(text))?.length ?? 0) > 1 ? text : nameOf(text))
}

function wordsOf({ measurements }: Result): Words {
  const faults = measurements.map(each => each.workload.fault)
  const backoffs = measurements.map(each => each.workload.backoff)
  const shortFault = shortest(faults.filter(each => each !== null))
  const backoff = shortest(backoffs)
  const fault = (text: string | null): string | null => text && shortFault(text)
  const manyFaults = new Set(faults).size > 1
  // A backoff policy matters only where runs that met the same fault differ in it: nobody reconnects in a herd.
  const manyBackoffs = (own: string | null): boolean =>
    new Set(backoffs.filter((_, at) => faults[at] === own)).size > 1
  return {
    fault,
    backoff,
    suffix: ({ workload }) =>
      [
        manyFaults ? fault(workload.fault) : null,
        manyBackoffs(workload.fault) ? backoff(workload.backoff) : null,
      ]
        .map(word => (word === null ? '' : ` · ${word}`))
        .join(''),
  }
}

const seriesOf = (ofTechnique: readonly Measurement[], words: Words): Unplaced[] =>
  grouped(ofTechnique, keyOf).flatMap(([first, ...rest]) => {
    if (first === undefined) return []
    const runs: Series['runs'] = [first, ...rest]
    const settings = distinction(first, ofTechnique)
    const name = settings === '' ? subjectName(first) : `${subjectName(first)} (${settings})`
    return {
      label: `${name}${words.suffix(first)}`,
      name,
      technique: first.technique,
      scenario: first.scenario,
      fault: words.fault(first.workload.fault),
      backoff: words.backoff(first.workload.backoff),
      runs,
      state: stateOf(runs),
      reasons: distinctReasons(runs.flatMap(run => run.failures)),
      key: keyOf(first),
    }
  })

/** The scenarios with those of their series that `keep` keeps; without those that have none. */
const keeping = (all: readonly Scenario[], keep: (series: Series) => boolean): Scenario[] =>
  all
    .map(scenario => ({ ...scenario, series: scenario.series.filter(keep) }))
    .filter(({ series }) => series.length > 0)

/** Arranges a result. Scenarios, techniques and series keep the order in which the result has them. */
export function readingOf(result: Result): Reading {
  const words = wordsOf(result)
  const unplaced = grouped(result.measurements, each => each.scenario).map(ofScenario =>
    grouped(ofScenario, subjectName).flatMap(ofTechnique => seriesOf(ofTechnique, words)),
  )
  const labels = [...new Set(unplaced.flat().map(({ label }) => label))]
  const scenarios = unplaced.map(all => ({
    name: all[0]?.scenario ?? '',
    series: all.map(each => ({ ...each, place: labels.indexOf(each.label) })),
  }))
  return {
    result,
    scenarios,
    baseline: keeping(scenarios, ({ fault }) => fault === null),
    faulted: keeping(scenarios, ({ fault }) => fault !== null),
  }
}
