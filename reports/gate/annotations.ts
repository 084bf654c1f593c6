/** The comparison as annotations of GitHub Actions: an error per regression that fails, one warning for all that is open. */
import type { Comparison } from '../../compare/compare.ts'
import { lacksRuns } from '../../compare/finding.ts'
import { type Annotation, workflowCommands } from '../ci/workflow-commands.ts'
import { many } from '../display.ts'
import { thresholdHeading, thresholdSentences } from '../thresholds.ts'
import {
  cautions,
  decidingAdvice,
  findingsOf,
  type GateOptions,
  isWarning,
  stops,
  whereOf,
  whyOf,
} from './verdicts.ts'

function openAnnotation(comparison: Comparison, { strict = false }: GateOptions): Annotation[] {
  const open = findingsOf(comparison, 'inconclusive').filter(finding => !lacksRuns(finding))
  if (open.length === 0) return []
  const where = whereOf(comparison)
  const deciding = decidingAdvice(comparison)
  const advice = deciding === null ? '' : `\n${deciding}`
  const fails = strict && open.some(({ level }) => level === 'error')
  return [
    {
      severity: fails ? 'error' : 'warning',
      title: `${many(open.length, 'metric')} inconclusive`,
      message: `${open.map(finding => `${where(finding)}: ${finding.metric}`).join('\n')}${advice}`,
    },
  ]
}

/** The comparison as workflow commands, a line each; empty where there is nothing to point at. */
export function renderGateAnnotations(comparison: Comparison, options: GateOptions = {}): string {
  const where = whereOf(comparison)
  return workflowCommands([
    ...stops(comparison).map(
      (message): Annotation => ({ severity: 'error', title: 'pushbench: stopped early', message }),
    ),
    ...thresholdSentences(comparison.thresholds).map(
      (message): Annotation => ({ severity: 'error', title: thresholdHeading, message }),
    ),
    ...findingsOf(comparison, 'regressed').map(
      (finding): Annotation => ({
        severity: isWarning(finding) ? 'warning' : 'error',
        title: `${finding.metric} of ${where(finding)} regressed`,
        message: whyOf(finding),
      }),
    ),
    ...comparison.findings.filter(lacksRuns).map(
      (finding): Annotation => ({
        severity: 'error',
        title: `${where(finding)} cannot be compared`,
        message: finding.reason,
      }),
    ),
    ...cautions(comparison).map(
      (message): Annotation => ({ severity: 'warning', title: 'pushbench compare', message }),
    ),
    ...openAnnotation(comparison, options),
    ...findingsOf(comparison, 'improved').map(
      (finding): Annotation => ({
        severity: 'notice',
        title: `${finding.metric} of ${where(finding)} improved`,
        message: whyOf(finding),
      }),
    ),
  ])
}
