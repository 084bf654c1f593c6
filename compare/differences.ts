/**
 * What differs between two results apart from the code under test. Any of it can change a number, so the caller refuses
 * to compare unless the user allows it. Seeds may differ: each run of a result has its own.
 */
import { UsageError } from '../model/usage-error.ts'
import type { Measurement, Result } from '../results/result.ts'
import type { SeriesPair } from './pairs.ts'

/** One thing that is not the same. */
export interface Difference {
  /** Where it stands in `results.json`, e.g. `environment.node` or `workload.clients`. */
  readonly name: string
  readonly base: string
  readonly head: string
  /** The series that it concerns; empty for what is of the whole result. */
  readonly series: readonly string[]
}

/** Two results that differ in more than the code, so that comparing them says nothing about it. */
export class DifferentSetupError extends UsageError {
  /** What differs, in one sentence without advice. */
  readonly what: string
  constructor(what: string, advice: string) {
    super(`${what}: ${advice}`)
    this.what = what
  }
}

/** A stored value as text; what is not a plain value as JSON. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none')

type Facts = ReadonlyMap<string, string>

const gibibytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(0)} GiB`

/** What a result was measured with and on. Limits and load that only bound a run are left out. */
export function environmentFacts({ environment, tool, schemaVersion }: ResultHead): Facts {
  const { node, cpu, cores, memoryBytes, kernel, congestionControl, packages } = environment
  return new Map([
    ['schemaVersion', textOf(schemaVersion)],
    ['tool.version', tool.version],
    ['environment.node', node],
    ['environment.cpu', cpu],
    ['environment.cores', textOf(cores)],
    ['environment.memoryBytes', gibibytes(memoryBytes)],
    ['environment.kernel', kernel],
    ['environment.congestionControl', textOf(congestionControl)],
    ...Object.entries(packages).map(([name, version]) => [`environment.packages.${name}`, version] as const),
  ])
}

/** The part of a result that says where it comes from. */
export type ResultHead = Pick<Result, 'environment' | 'tool' | 'schemaVersion'>

/** Of each run its own: the seed, and how long the window was. */
const ownFacts: readonly string[] = ['seed', 'durationMicros', 'durationAskedMicros']

/** What a run was measured under, apart from what each run has of its own. */
export const workloadFacts = ({ settings, workload }: Measurement): Facts =>
  new Map([
    ...Object.entries(workload)
      .filter(([name]) => !ownFacts.includes(name))
      .map(([name, value]) => [`workload.${name}`, textOf(value)] as const),
    ...Object.entries(settings).map(([name, value]) => [`settings.${name}`, textOf(value)] as const),
  ])

/** The window that was asked for; null in an older result of a storm or a failed run, which may have ended early. */
export const askedDuration = ({ workload, passed }: Measurement): number | null =>
  workload.durationAskedMicros ?? (workload.fault === null && passed ? workload.durationMicros : null)

/** How two runs of one series differ, ignoring a duration that one of them does not know. */
function workloadDifferences(base: Measurement, head: Measurement, series: readonly string[]): Difference[] {
  const durations = [base, head].map(askedDuration)
  const [before, after] = durations.includes(null)
    ? []
    : durations.map(duration => new Map([['workload.durationMicros', textOf(duration)]]))
  return [
    ...differing(workloadFacts(base), workloadFacts(head), series),
    ...differing(before ?? new Map(), after ?? new Map(), series),
  ]
}

/** The facts that are not the same. */
export function differing(base: Facts, head: Facts, series: readonly string[] = []): Difference[] {
  return [...new Set([...base.keys(), ...head.keys()])]
    .map(name => ({ name, base: base.get(name) ?? 'none', head: head.get(name) ?? 'none', series }))
    .filter(each => each.base !== each.head)
}

/** Everything in which the results differ, the same difference of many series as one. */
export function differencesOf(base: Result, head: Result, pairs: readonly SeriesPair[]): Difference[] {
  const ofSeries = pairs.flatMap(pair => {
    const [one, other] = [typicalRun(pair.base), typicalRun(pair.head)]
    if (one === undefined || other === undefined) return []
    return workloadDifferences(one, other, [`${pair.label} in ${pair.scenario}`])
  })
  const merged = Map.groupBy(ofSeries, each => JSON.stringify([each.name, each.base, each.head]))
  return [
    ...differing(environmentFacts(base), environmentFacts(head)),
    ...[...merged.values()].flatMap(([first, ...same]) =>
      first === undefined ? [] : { ...first, series: [first, ...same].flatMap(({ series }) => series) },
    ),
  ]
}

/** True where both sides of a series were measured under one load, as far as it was asked for. */
export function isOneLoad({ base, head }: SeriesPair): boolean {
  const [one, other] = [typicalRun(base), typicalRun(head)]
  return one === undefined || other === undefined || workloadDifferences(one, other, []).length === 0
}

/** A run that was cut short has another duration than was asked for, so one that passed represents its series. */
export const typicalRun = (runs: readonly Measurement[]): Measurement | undefined =>
  runs.find(({ passed }) => passed) ?? runs[0]

/** `workload.clients is 100 in the base and 200 in the head (sse in steady and 14 more)`. */
export function differenceSentence({ name, base, head, series }: Difference): string {
  const [first, ...more] = series
  const where = more.length === 0 ? first : `${first} and ${more.length} more`
  return `${name} is ${base} in the base and ${head} in the head${where === undefined ? '' : ` (${where})`}`
}
