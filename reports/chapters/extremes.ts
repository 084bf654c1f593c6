/** Series that may be compared, ranked by a number: what headlines and titles name. */
import { across, type Spread } from '../../results/across-runs.ts'
import { type MetricName, metric } from '../../results/metrics.ts'
import type { Series } from '../../results/reading.ts'
import { areTied } from '../../results/tie-band.ts'
import { allOf, listed, show, showRange, type Unit } from '../display.ts'

/** One series and its number. */
export interface Ranked {
  readonly series: Series
  readonly label: string
  /** In the stored unit of the metric. */
  readonly value: number
  readonly text: string
  readonly unit: Unit
  /** The smallest and the largest run. */
  readonly range: Pick<Spread, 'min' | 'max'>
}

/** The series that passed, with a metric, smallest first; those without the number are left out. */
export function ranked(all: readonly Series[], name: MetricName): Ranked[] {
  const { unit } = metric(name)
  return all
    .filter(each => each.state === 'passed')
    .flatMap(series => {
      const range = across(series, name)
      if (range === null) return []
      const { median: value } = range
      return { series, label: series.label, value, text: show(value, unit), unit, range }
    })
    .toSorted((a, b) => a.value - b.value)
}

/** Several that are alike, as if they were one. */
export interface Group extends Pick<Ranked, 'label' | 'text'> {
  readonly least: number
  readonly most: number
}

/** The ends of a ranking, for a title. */
export interface Ends {
  readonly low: Group
  /** Null where there is one series, or where all are alike and `low` stands for all of them. */
  readonly high: Group | null
}

/** A lead below this share is none: the next run may reverse it. */
const noLead = 0.05

/**
 * The first of a ranking and those that follow it so closely that they may change places in the next run: by less than
 * 5 %, or within the range of the runs. Give the ranking in reverse for those at its end.
 */
export function alike(all: readonly Ranked[]): Ranked[] {
  const [first] = all
  if (first === undefined) return []
  const isClose = ({ value, range }: Ranked): boolean =>
    Math.abs(value - first.value) < noLead * Math.min(Math.abs(value), Math.abs(first.value)) ||
    value === first.value ||
    (range.max >= first.range.min && range.min <= first.range.max)
  return all.filter(isClose)
}

/** Those whose median latency is no different from that of the first, which may be the fastest or the slowest. */
export function tiedWithFirst(all: readonly Ranked[]): Ranked[] {
  const [first] = all
  return first === undefined ? [] : all.filter(each => each === first || areTied(each.series, first.series))
}

/** The names of some; more than this many are counted. */
const mostNamed = 2

/** Several that are alike under one label and one range. */
export function asOne(some: readonly Ranked[]): Group {
  const sorted = some.toSorted((a, b) => a.value - b.value)
  const [low, high] = [sorted[0], sorted.at(-1)]
  if (low === undefined || high === undefined) return { label: '', text: '', least: 0, most: 0 }
  return {
    least: low.value,
    most: high.value,
    label:
      sorted.length <= mostNamed ? listed(sorted.map(({ label }) => label)) : `${sorted.length} techniques`,
    text: low.text === high.text ? low.text : showRange(low.value, high.value, low.unit),
  }
}

/** The smallest and the largest, each with those that are alike; null where no series that passed has the number. */
export function ends(all: readonly Series[], name: MetricName): Ends | null {
  const sorted = ranked(all, name)
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined) return null
  const groupOf = name === 'latency.p50' ? tiedWithFirst : alike
  const lowest = groupOf(sorted)
  const highest = groupOf(sorted.toReversed()).filter(each => !lowest.includes(each))
  if (!lowest.includes(last)) return { low: asOne(lowest), high: asOne(highest) }
  const label = sorted.length === 1 ? first.label : allOf(sorted.length)
  return { low: { ...asOne(sorted), label }, high: null }
}

/** `132 B of egress with websocket, 30.2 KiB with server-push`. @param of what follows the first number */
export const endsWords = ({ low, high }: Ends, of = ''): string =>
  `${low.text}${of} with ${low.label}${high === null ? '' : `, ${high.text} with ${high.label}`}`
