/** Warnings and failures of all measurements, grouped: what many techniques share is reported once. */
import { warningWeight } from '../measure/derive/warnings.ts'
import type { Reading, Scenario, Series } from '../results/reading.ts'
import type { WarningCode } from '../results/result.ts'
import { allOf, listed, many } from './display.ts'

/** One thing that was seen, and by which techniques. */
export interface Sighting {
  readonly labels: readonly string[]
  /** The labels in words: `polling and sse`, `all 15 techniques`. */
  readonly who: string
  /** What was seen, with its numbers; of the first run where several runs saw it. */
  readonly message: string
  /** `in 2 of 3 runs`; null where each series ran once. */
  readonly runs: string | null
}

/** All sightings of one kind, under the advice that they share. */
export interface WarningGroup {
  readonly code: WarningCode
  readonly advice: string
  readonly sightings: readonly Sighting[]
}

interface Seen {
  readonly label: string
  readonly code: WarningCode
  readonly message: string
  readonly advice: string
  readonly runs: string | null
}

/** What one series saw, each kind of warning once. */
function seenBy(series: Series, label: string): Seen[] {
  const all = series.runs.flatMap(run => run.warnings)
  return [...Map.groupBy(all, warning => warning.code)].flatMap(([code, [first, ...more]]) =>
    first === undefined
      ? []
      : {
          label,
          code,
          message: first.message,
          advice: first.advice,
          runs:
            series.runs.length === 1 ? null : `in ${1 + more.length} of ${many(series.runs.length, 'run')}`,
        },
  )
}

/** The label, with its scenario where the result has several. */
const labelIn = (scenario: Scenario, series: Series, several: boolean): string =>
  several ? `${series.label} in ${scenario.name}` : series.label

/** The labels in words; those of a whole result, of three or more, by their number alone. */
function whoOf(labels: readonly string[], series: readonly Series[]): string {
  if (labels.length < series.length || series.length < 3) return listed(labels)
  const techniques = new Set(series.map(({ technique }) => technique)).size
  return `${allOf(series.length)} ${techniques === series.length ? 'techniques' : 'series'}`
}

/** The warnings of a result: first those that could change a decision the most, then in the order of the result. */
export function groupWarnings({ scenarios: all }: Reading): WarningGroup[] {
  const series = all.flatMap(scenario => scenario.series)
  const seen = all.flatMap(scenario =>
    scenario.series.flatMap(series => seenBy(series, labelIn(scenario, series, all.length > 1))),
  )
  const groups = [...Map.groupBy(seen, each => `${each.code}\n${each.advice}`).values()].flatMap(group => {
    const [first] = group
    return first === undefined
      ? []
      : { code: first.code, advice: first.advice, sightings: sighted(group, series) }
  })
  return groups.toSorted((a, b) => warningWeight(a.code) - warningWeight(b.code))
}

/** What was seen, each message once. @param series all of the result */
const sighted = (group: readonly Seen[], series: readonly Series[]): Sighting[] =>
  [...Map.groupBy(group, each => `${each.message}\n${each.runs}`).values()].map(same => {
    const labels = same.map(({ label }) => label)
    return {
      labels,
      who: whoOf(labels, series),
      message: same[0]?.message ?? '',
      runs: same[0]?.runs ?? null,
    }
  })

/** `polling, sse: 30 samples` as one line of text. */
export const sightingText = (sighting: Sighting): string =>
  `${sighting.who}: ${sighting.message}${sighting.runs === null ? '' : ` (${sighting.runs})`}`

/** Why a series is not fit for comparison, in one line; null for one that passed. */
export function trouble(series: Series): string | null {
  if (series.state === 'passed') return null
  const bad = series.runs.filter(run => !run.passed).length
  const runs = series.runs.length > 1 ? `${bad} of ${series.runs.length} runs: ` : ''
  return `${runs}${series.reasons.join('; ') || 'no reason was recorded'}`
}
