/** A history in words: what its points are called, and where a level changed. */

import {
  type Trend,
  type TrendChange,
  type TrendLine,
  type TrendPoint,
  trendLevel,
} from '../../compare/trend.ts'
import { metric } from '../../results/metrics.ts'
import { fewestForChange } from '../../statistics/change-points.ts'
import { many, show } from '../display.ts'
import { showTime } from '../subject.ts'

/** The seven digits by which git calls a commit, or the time of a result that names none. */
export const pointName = ({ commit, startedAt }: TrendPoint): string =>
  commit === null ? showTime(startedAt) : commit.slice(0, 7)

/** A change with the line that it is of. */
export interface FoundChange extends TrendChange {
  readonly line: TrendLine
  readonly point: TrendPoint
}

/** All changes of a history, the newest first. */
export const changesIn = ({ lines, points }: Trend): FoundChange[] =>
  lines
    .flatMap(line =>
      line.changes.flatMap(change => {
        const point = points[change.at]
        return point === undefined ? [] : { ...change, line, point }
      }),
    )
    .toSorted((a, b) => b.at - a.at)

/** `+20.3 %`; null where there was nothing before to take a share of, or one of the two is never. */
function changeShare({ before, after }: TrendChange): string | null {
  if (before === 0 || !Number.isFinite(before) || !Number.isFinite(after)) return null
  const share = after / before - 1
  return `${share > 0 ? '+' : ''}${show(share, 'ratio')}`
}

/** `better` or `worse`; `changed` where it is neither. */
export const directionOf = ({ improved }: TrendChange): 'better' | 'worse' | 'changed' =>
  improved === null ? 'changed' : improved ? 'better' : 'worse'

/** `12.3 ms -> 14.8 ms (+20.3 %)`. */
export function levelsOf(change: FoundChange): string {
  const { unit } = metric(change.line.metric)
  const share = changeShare(change)
  const levels = `${show(change.before, unit)} -> ${show(change.after, unit)}`
  return share === null ? levels : `${levels} (${share})`
}

/** `sse in steady: latency.p99`. */
export const lineName = ({ series, metric: name }: TrendLine): string =>
  `${series.label} in ${series.scenario}: ${name}`

/** That a history is too short for any mark; nothing of one that is long enough. */
function tooFewWords(points: number, lines: number): string {
  const needed = fewestForChange(trendLevel / lines)
  return points >= needed
    ? ''
    : `Too few commits to mark any change: with ${many(lines, 'line')}, a mark needs at least ${needed}. `
}

/** What the marks are worth, in whole sentences. */
export const chanceSentence = ({ lines, points }: Trend): string =>
  `${tooFewWords(points.length, lines.length)}A history in which nothing changed has any mark at all in at most ${show(trendLevel, 'ratio')} of reports (E-divisive means, permutation test${lines.length > 1 ? `, the level shared by ${many(lines.length, 'line')}` : ''}).`
