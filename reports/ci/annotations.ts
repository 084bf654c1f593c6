/** A result as annotations of GitHub Actions: an error for each series that failed and each threshold not met. */
import type { Reading } from '../../results/reading.ts'
import { thresholdHeading, thresholdSentences } from '../thresholds.ts'
import { trouble } from '../warnings.ts'
import { type Annotation, workflowCommands } from './workflow-commands.ts'

const error = (title: string, message: string): Annotation => ({ severity: 'error', title, message })

/** The result as workflow commands, a line each; empty where nothing failed. */
export function renderAnnotations({ result, scenarios }: Reading): string {
  const failed = scenarios.flatMap(({ name, series }) =>
    series.flatMap(each => {
      const why = trouble(each)
      return why === null ? [] : error(`${each.label} in ${name} ${each.state}`, why)
    }),
  )
  return workflowCommands([
    ...(result.aborted ? [error('pushbench aborted', 'the measuring was ended early')] : []),
    ...(result.measurements.length === 0 ? [error('pushbench', 'nothing was measured')] : []),
    ...failed,
    ...thresholdSentences(result.thresholds).map(each => error(thresholdHeading, each)),
  ])
}
