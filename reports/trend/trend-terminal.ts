/** A history as text: where a level changed, the newest first. */

import type { Trend } from '../../compare/trend.ts'
import { many } from '../display.ts'
import { printable } from '../markup.ts'
import { chanceSentence, changesIn, directionOf, levelsOf, lineName, pointName } from './trend-words.ts'

/** The history as text, ending in a line feed. */
export function renderTrendTerminal(trend: Trend): string {
  const { points, lines } = trend
  const changes = changesIn(trend)
  const head = `${many(points.length, 'commit')}, ${many(lines.length, 'line')}, ${many(changes.length, 'change')} of level`
  const found = changes.map(
    change =>
      `${pointName(change.point)}  ${directionOf(change)}  ${lineName(change.line)}  ${levelsOf(change)}`,
  )
  return `${[head, ...found, chanceSentence(trend)].map(printable).join('\n')}\n`
}
