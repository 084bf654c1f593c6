/** Finds the series of two results that belong together. */
import type { Measurement, Result } from '../results/result.ts'

/** One technique in one scenario with one set of settings, fault and backoff, on both sides. */
export interface SeriesPair {
  /** The technique, with what tells it apart where it stands in the scenario more than once. */
  readonly label: string
  readonly technique: string
  readonly scenario: string
  readonly base: readonly Measurement[]
  readonly head: readonly Measurement[]
}

/** What belongs together, and what stands alone. */
export interface Pairing {
  readonly pairs: readonly SeriesPair[]
  /** `technique in scenario` of series that only one result has. */
  readonly onlyBase: readonly string[]
  readonly onlyHead: readonly string[]
}

/** Parts of the workload that one result varies, each value a series of its own. */
const axes: readonly string[] = ['fault', 'backoff']

/** A stored value as text; what is no plain value as JSON. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none')

/** What can tell two series of one technique in one scenario apart. */
function traitsOf({ settings, subject, workload }: Measurement): Map<string, string> {
  const server = subject === undefined ? [] : [['server', subject.name] as const]
  const varied = Object.entries(workload).filter(([name]) => axes.includes(name))
  const traits = [...server, ...Object.entries(settings), ...varied].map(
    ([name, value]) => [name, textOf(value)] as const,
  )
  return new Map(traits.sort(([a], [b]) => (a < b ? -1 : 1)))
}

type Variant = readonly [Measurement, ...Measurement[]]

/** The runs of one technique in one scenario, by their traits. */
function variantsOf(runs: readonly Measurement[]): Map<string, Variant> {
  const variants = new Map<string, Variant>()
  for (const run of runs) {
    const key = JSON.stringify([...traitsOf(run)])
    const known = variants.get(key)
    variants.set(key, known === undefined ? [run] : [...known, run])
  }
  return variants
}

/** The traits in which a variant differs from others, e.g. `interval 1s`. */
function distinction(variant: Variant, all: readonly Variant[]): string {
  const everyone = all.map(([first]) => traitsOf(first))
  return [...traitsOf(variant[0])]
    .filter(([name, value]) => everyone.some(other => other.get(name) !== value))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

const labelOf = (variant: Variant, all: readonly Variant[]): string => {
  const suffix = distinction(variant, all)
  return suffix === '' ? variant[0].technique : `${variant[0].technique} (${suffix})`
}

/** All runs of one technique with the same traits in one scenario. */
export interface Series {
  readonly label: string
  readonly scenario: string
  readonly runs: readonly Measurement[]
}

const placeOf = ({ technique, scenario }: Measurement): string => JSON.stringify([scenario, technique])

/** The series of some runs. */
export const seriesOf = (runs: readonly Measurement[]): Series[] =>
  [...Map.groupBy(runs, placeOf).values()].flatMap(together => {
    const variants = [...variantsOf(together).values()]
    return variants.map(variant => ({
      label: labelOf(variant, variants),
      scenario: variant[0].scenario,
      runs: variant,
    }))
  })

/** Pairs the variants of one technique in one scenario. */
function pairVariants(bases: ReadonlyMap<string, Variant>, heads: ReadonlyMap<string, Variant>): Pairing {
  const [allBases, allHeads] = [[...bases.values()], [...heads.values()]]
  const onlyBase = [...bases].filter(([key]) => !heads.has(key)).map(([, variant]) => variant)
  const onlyHead = [...heads].filter(([key]) => !bases.has(key)).map(([, variant]) => variant)
  const changed = onlyBase.length === 1 && onlyHead.length === 1
  const pairs = [...bases].flatMap(([key, base]): SeriesPair[] => {
    const partner = heads.get(key) ?? (changed ? onlyHead[0] : undefined)
    const { technique, scenario } = base[0]
    return partner ? [{ label: labelOf(base, allBases), technique, scenario, base, head: partner }] : []
  })
  const named = (all: readonly Variant[]) => (variant: Variant) =>
    `${labelOf(variant, all)} in ${variant[0].scenario}`
  return {
    pairs,
    onlyBase: changed ? [] : onlyBase.map(named(allBases)),
    onlyHead: changed ? [] : onlyHead.map(named(allHeads)),
  }
}

/**
 * Pairs the series in the order of the base. The same settings, fault and backoff belong together; where one
 * variant of a technique is left over on each side, so do these two, and their differences are for the caller to
 * refuse.
 */
export function pairSeries(base: Result, head: Result): Pairing {
  const bases = Map.groupBy(base.measurements, placeOf)
  const heads = Map.groupBy(head.measurements, placeOf)
  const pairings = [...new Set([...bases.keys(), ...heads.keys()])].map(place =>
    pairVariants(variantsOf(bases.get(place) ?? []), variantsOf(heads.get(place) ?? [])),
  )
  return {
    pairs: pairings.flatMap(({ pairs }) => pairs),
    onlyBase: pairings.flatMap(({ onlyBase }) => onlyBase),
    onlyHead: pairings.flatMap(({ onlyHead }) => onlyHead),
  }
}
