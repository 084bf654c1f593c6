/**
 * A result's measurements, arranged for reading: by scenario, then by technique, with the repetitions of one
 * technique as one series. Where a series has several runs, a value is the median run's.
 */
import { type Metric, metric } from '../results/metrics.ts'
import { type Measurement, type Result, subjectName } from '../results/result.ts'

/** `aborted` where a signal ended the measuring, `failed` where a run was invalid for another reason. */
export type State = 'passed' | 'failed' | 'aborted'

/** All runs of one technique with the same settings, fault and backoff in one scenario. */
export interface Series {
  /** The name, with the fault and the backoff where a result has more than one of them. */
  readonly label: string
  /** The technique's name, with the settings that tell it apart where one technique stands in a scenario twice. */
  readonly name: string
  readonly technique: string
  readonly scenario: string
  /** What was done to the server or the link, as short as it stays distinct; null for a calm run. */
  readonly fault: string | null
  /** The law by which clients came back, as short as it stays distinct. */
  readonly backoff: string
  /** At least one, in the order of the result. */
  readonly runs: readonly [Measurement, ...Measurement[]]
  readonly state: State
  /** Why runs are invalid, each reason once; empty when the state is `passed`. */
  readonly reasons: readonly string[]
}

/** All series of one scenario, in the order of the result. */
export interface Scenario {
  readonly name: string
  readonly series: readonly Series[]
}

/** A value across runs. With one run, all three are the same. Times that never came are infinite. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

const settingsKey = (measurement: Measurement): string =>
  JSON.stringify(Object.entries(measurement.settings).sort(([a], [b]) => (a < b ? -1 : 1)))

const seriesKey = (measurement: Measurement): string =>
  JSON.stringify([settingsKey(measurement), measurement.workload.fault, measurement.workload.backoff])

const grouped = (measurements: readonly Measurement[], key: (m: Measurement) => string) => [
  ...Map.groupBy(measurements, key).values(),
]

/** How the runs of one series went, as one word. One invalid run spoils the series: it may not be chance. */
function stateOf(runs: readonly Measurement[]): State {
  if (runs.every(run => run.passed)) return 'passed'
  const spoiled = runs.filter(run => !run.passed)
  return spoiled.every(run => run.warnings.some(warning => warning.code === 'aborted')) ? 'aborted' : 'failed'
}

/** The settings in which `own` differs from other runs of its technique, as text. */
function distinction(own: Measurement, ofTechnique: readonly Measurement[]): string {
  return Object.entries(own.settings)
    .filter(([name, value]) => ofTechnique.some(other => other.settings[name] !== value))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

/** How a result calls its faults and backoffs. */
interface Words {
  readonly fault: (text: string | null) => string | null
  readonly backoff: (text: string) => string
  /** What stands behind the name of a series in its label. */
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
  // The backoff of a calm run matters where calm runs differ in it, not where storms do.
  const manyBackoffs = (isBaseline: boolean): boolean =>
    new Set(backoffs.filter((_, at) => (faults[at] === null) === isBaseline)).size > 1
  return {
    fault,
    backoff,
    suffix: ({ workload }) =>
      [
        manyFaults ? fault(workload.fault) : null,
        manyBackoffs(workload.fault === null) ? backoff(workload.backoff) : null,
      ]
        .map(word => (word === null ? '' : ` · ${word}`))
        .join(''),
  }
}

function seriesOf(scenario: string, ofTechnique: readonly Measurement[], words: Words): Series[] {
  return grouped(ofTechnique, seriesKey).flatMap(([first, ...rest]) => {
    if (first === undefined) return []
    const runs: [Measurement, ...Measurement[]] = [first, ...rest]
    const settings = distinction(first, ofTechnique)
    const subject = subjectName(first)
    const name = settings === '' ? subject : `${subject} (${settings})`
    return {
      label: `${name}${words.suffix(first)}`,
      name,
      technique: first.technique,
      scenario,
      fault: words.fault(first.workload.fault),
      backoff: words.backoff(first.workload.backoff),
      runs,
      state: stateOf(runs),
      reasons: [...new Set(runs.flatMap(run => run.failures))],
    }
  })
}

/** The result's scenarios in their order, each with its series. */
export function scenarios(result: Result): Scenario[] {
  const words = wordsOf(result)
  return grouped(result.measurements, m => m.scenario).map(ofScenario => {
    const name = ofScenario[0]?.scenario ?? ''
    const series = grouped(ofScenario, subjectName).flatMap(ofTechnique => seriesOf(name, ofTechnique, words))
    return { name, series }
  })
}

/** The scenarios with those of their series that `keep` keeps; without those that have none. */
const keeping = (all: readonly Scenario[], keep: (series: Series) => boolean): Scenario[] =>
  all
    .map(scenario => ({ ...scenario, series: scenario.series.filter(keep) }))
    .filter(({ series }) => series.length > 0)

/**
 * The scenarios without their storms: what may be compared by latency, bytes and CPU time. Those of a storm are
 * of the storm, and depend on when in the window it came.
 */
export const baseline = (result: Result): Scenario[] =>
  keeping(scenarios(result), ({ fault }) => fault === null)

/** The scenarios with nothing but their storms. */
export const faulted = (result: Result): Scenario[] =>
  keeping(scenarios(result), ({ fault }) => fault !== null)

/** Median, the mean of the two middle values where their number is even; null for none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2
}

/** A number of every run, summed up; null where no run has it. A time that never came is the longest of all. */
export function across(series: Series, read: Metric['read']): Spread | null {
  const values = series.runs.flatMap(run => read(run) ?? []).filter(value => !Number.isNaN(value))
  const middle = median(values)
  return middle === null ? null : { median: middle, min: Math.min(...values), max: Math.max(...values) }
}

/** The median across runs; null where no run has the number. */
export const typical = (series: Series, read: Metric['read']): number | null =>
  across(series, read)?.median ?? null

/**
 * The run in the middle by p99 latency, or by another number: the one whose timeline stands for its series. Runs
 * without the number come last, as the slowest.
 */
export function middleRun(series: Series, read: Metric['read'] = metric('latency.p99').read): Measurement {
  const rank = (run: Measurement): number => read(run) ?? Number.POSITIVE_INFINITY
  // Two infinities have no difference, and the order of the result decides.
  const ranked = series.runs.toSorted((a, b) => rank(a) - rank(b) || 0)
  return ranked[(ranked.length - 1) >> 1] ?? series.runs[0]
}

/** The largest number of runs that a series of the result has. */
export const mostRuns = (all: readonly Scenario[]): number =>
  Math.max(0, ...all.flatMap(scenario => scenario.series.map(each => each.runs.length)))
