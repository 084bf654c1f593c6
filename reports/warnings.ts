/** Warnings and failures of all measurements, grouped: what many techniques share is reported once. */
import type { Reading, Scenario, Series } from '../results/reading.ts'
import type { WarningCode } from '../results/result.ts'
import { listed, many } from './display.ts'

/** One thing that was seen, and by which techniques. */
export interface Sighting {
  readonly labels: readonly string[]
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

/** The warnings of a result, in the order in which they first appear. */
export function groupWarnings({ scenarios: all }: Reading): WarningGroup[] {
  const seen = all.flatMap(scenario =>
    scenario.series.flatMap(series => seenBy(series, labelIn(scenario, series, all.length > 1))),
  )
  return [...Map.groupBy(seen, each => `${each.code}\n${each.advice}`).values()].flatMap(group => {
    const [first] = group
    if (first === undefined) return []
    const sightings = [...Map.groupBy(group, each => `${each.message}\n${each.runs}`).values()].map(same => ({
      labels: same.map(each => each.label),
      message: same[0]?.message ?? '',
      runs: same[0]?.runs ?? null,
    }))
    return { code: first.code, advice: first.advice, sightings }
  })
}

/** `polling, sse: 30 samples` as one line of text. */
export const sightingText = (sighting: Sighting): string =>
  `${listed(sighting.labels)}: ${sighting.message}${sighting.runs === null ? '' : ` (${sighting.runs})`}`

/** Why a series is not fit for comparison, in one line; null for one that passed. */
export function trouble(series: Series): string | null {
  if (series.state === 'passed') return null
  const bad = series.runs.filter(run => !run.passed).length
  const runs = series.runs.length > 1 ? `${bad} of ${series.runs.length} runs: ` : ''
  return `${runs}${series.reasons.join('; ') || 'no reason was recorded'}`
}
