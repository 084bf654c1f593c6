/** Finds the series of two results that belong together. */
import type { Reading, Series } from '../results/reading.ts'
import type { Measurement } from '../results/result.ts'

/** One technique in one scenario with one set of settings, fault and backoff policy, on both sides. */
export interface SeriesPair {
  /** What both sides call it, or how its server differs: `sse · old.ts -> new.ts`. */
  readonly label: string
  /** What the base calls it, and so a calibration of the base. */
  readonly baseLabel: string
  readonly technique: string
  readonly scenario: string
  readonly base: readonly Measurement[]
  readonly head: readonly Measurement[]
}

/** The pairs, and the series without a partner. */
export interface Pairing {
  readonly pairs: readonly SeriesPair[]
  /** `series in scenario` of what only one result has. */
  readonly onlyBase: readonly string[]
  readonly onlyHead: readonly string[]
}

const placed = ({ scenarios }: Reading): Map<string, Series[]> =>
  Map.groupBy(
    scenarios.flatMap(({ series }) => series),
    ({ scenario, technique }) => JSON.stringify([scenario, technique]),
  )

const named = ({ label, scenario }: Series): string => `${label} in ${scenario}`

/** Both servers where they differ, so that a finding names the head's as well. */
function sharedLabel(base: Series, head: Series): string {
  const [before, after] = [base.runs[0].subject?.name, head.runs[0].subject?.name]
  if (before === after) return base.label
  return before === undefined || after === undefined
    ? `${base.label} -> ${head.label}`
    : base.label.replace(before, () => `${before} -> ${after}`)
}

/** Pairs the series of one technique in one scenario. */
function pairTechnique(bases: readonly Series[], heads: readonly Series[]): Pairing {
  const onlyBase = bases.filter(({ key }) => !heads.some(head => head.key === key))
  const onlyHead = heads.filter(({ key }) => !bases.some(base => base.key === key))
  const changed = onlyBase.length === 1 && onlyHead.length === 1
  return {
    pairs: bases.flatMap(base => {
      const partner = heads.find(head => head.key === base.key) ?? (changed ? onlyHead[0] : undefined)
      if (partner === undefined) return []
      const { label: baseLabel, technique, scenario, runs } = base
      return [
        { label: sharedLabel(base, partner), baseLabel, technique, scenario, base: runs, head: partner.runs },
      ]
    }),
    onlyBase: changed ? [] : onlyBase.map(named),
    onlyHead: changed ? [] : onlyHead.map(named),
  }
}

/**
 * Pairs the series in the order of the base. The same server, settings, fault and backoff policy belong together;
 * where one series of a technique is left over on each side, so do these two, and the caller refuses their differences.
 */
export function pairSeries(base: Reading, head: Reading): Pairing {
  const [bases, heads] = [placed(base), placed(head)]
  const pairings = [...new Set([...bases.keys(), ...heads.keys()])].map(place =>
    pairTechnique(bases.get(place) ?? [], heads.get(place) ?? []),
  )
  return {
    pairs: pairings.flatMap(({ pairs }) => pairs),
    onlyBase: pairings.flatMap(({ onlyBase }) => onlyBase),
    onlyHead: pairings.flatMap(({ onlyHead }) => onlyHead),
  }
}
