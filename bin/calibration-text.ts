/** A calibration as a table to read, with the advice that follows from it. */
import type { Calibration } from '../compare/calibration.ts'
import { gatedMetrics } from '../compare/gated-metrics.ts'
import { counted, sizeText } from '../compare/words.ts'
import { mostRuns } from '../statistics/power.ts'
import { type TableRow, table } from './table.ts'

/** The table and a few sentences. Noise is that of the series in the middle, the rest of the one with the most. */
export function calibrationText(calibration: Calibration): string {
  const rows = calibration.metrics.map(each => rowOf(calibration, each))
  const several = new Set(calibration.series.map(({ series, scenario }) => `${series} ${scenario}`)).size > 1
  const legend = several ? 'Noise is of the series in the middle; what follows it, of the noisiest.\n' : ''
  return `${table(rows, column => (column === 0 ? 'left' : 'right'))}\n\n${legend}${advice(calibration)}\n`
}

function rowOf(
  { series, runsASide }: Calibration,
  { metric, noise, minimumDetectable, recommendedRuns }: Calibration['metrics'][number],
): TableRow {
  const gate = gatedMetrics.find(each => each.metric === metric)
  const size = (value: number | null): string =>
    value === null || gate === undefined ? '-' : sizeText(gate.kind, value, gate.unit)
  const minimums = series.filter(each => each.metric === metric).map(({ minimumEffect }) => minimumEffect)
  return {
    metric,
    'noise between runs': size(noise),
    'minimum effect': size(Math.min(...minimums)),
    [`detectable with ${runsASide} runs`]: size(minimumDetectable),
    'runs that resolve it': recommendedRuns ?? `over ${mostRuns}`,
  }
}

function advice({ series, metrics, recommendedRuns, runsASide }: Calibration): string {
  const hidden = metrics
    .filter(({ metric }) => series.some(each => each.metric === metric && each.recommendedRuns === null))
    .map(({ metric }) => metric)
  const unresolved =
    hidden.length === 0
      ? []
      : [
          `No sensible number of runs resolves the minimum effect of ${hidden.join(', ')}: measure for longer, with more clients, or raise it with --minimum-effect.`,
        ]
  if (recommendedRuns === null) return unresolved.join('\n')
  const enough = recommendedRuns <= runsASide ? 'are enough for' : 'are too few for'
  return [
    `${counted(runsASide, 'run')} a side ${enough} the metrics that can be resolved: give -n ${recommendedRuns} to resolve every minimum effect that can be, 8 times in 10.`,
    ...unresolved,
  ].join('\n')
}
