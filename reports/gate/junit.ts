/**
 * The comparison as JUnit XML: a suite per scenario, a case per metric of a series. A regression is a failure; what is
 * inconclusive or only warns is skipped with its reason. What is inconclusive fails where the gate is strict or no run
 * was valid. The reason of a skipped case is its text: the schema that Jenkins publishes (junit-4.xsd) gives the
 * element no attributes.
 */
import type { Comparison } from '../../compare/compare.ts'
import { type Finding, lacksRuns } from '../../compare/finding.ts'
import { thresholdSuite } from '../ci/junit.ts'
import { type Markup, markup } from '../markup.ts'
import { thresholdSentences } from '../thresholds.ts'
import { cautions, type GateOptions, sidesOf, stops, verdictText, whyOf } from './verdicts.ts'

type Outcome = 'passed' | 'failed' | 'skipped'

const outcomeOf = (finding: Finding, { strict = false }: GateOptions): Outcome => {
  const { verdict, level } = finding
  if (lacksRuns(finding)) return 'failed'
  if (verdict !== 'regressed' && verdict !== 'inconclusive') return 'passed'
  const fails = level === 'error' && (verdict === 'regressed' || strict)
  return fails ? 'failed' : 'skipped'
}

const details: Readonly<Record<Outcome, (finding: Finding) => Markup | null>> = {
  passed: () => null,
  failed: finding => markup`
      <failure type="${finding.verdict}" message="${whyOf(finding)}">${sidesOf(finding).join(' -> ')}</failure>`,
  skipped: finding => markup`
      <skipped>${whyOf(finding)}</skipped>`,
}

function caseOf(finding: Finding, options: GateOptions): Markup {
  const [base, head] = sidesOf(finding)
  const { scenario, series, metric } = finding
  return markup`
    <testcase classname="pushbench.${scenario}.${series}" name="${metric}" time="0">${details[outcomeOf(finding, options)](finding)}
      <system-out>${verdictText(finding)}, ${base} -> ${head}: ${whyOf(finding)}</system-out>
    </testcase>`
}

const countOf = (findings: readonly Finding[], outcome: Outcome, options: GateOptions): number =>
  findings.filter(finding => outcomeOf(finding, options) === outcome).length

function suiteOf(
  name: string,
  findings: readonly Finding[],
  startedAt: string,
  options: GateOptions,
): Markup {
  const [failed, skipped] = [countOf(findings, 'failed', options), countOf(findings, 'skipped', options)]
  return markup`
  <testsuite name="compare ${name}" tests="${findings.length}" failures="${failed}" errors="0" skipped="${skipped}" time="0" timestamp="${startedAt}">${findings.map(
    finding => caseOf(finding, options),
  )}
  </testsuite>`
}

/** What leads the other formats becomes a separate, passing suite here: JUnit has no warnings. */
function cautionSuite(comparison: Comparison): Markup | null {
  const sentences = [...stops(comparison), ...cautions(comparison)]
  if (sentences.length === 0) return null
  return markup`
  <testsuite name="compare: read this first" tests="0" failures="0" errors="0" skipped="0" time="0" timestamp="${comparison.head.startedAt}">
    <system-out>${sentences.join('\n')}</system-out>
  </testsuite>`
}

/** The comparison as JUnit XML, ending in a line feed. */
export function renderGateJunit(comparison: Comparison, options: GateOptions = {}): string {
  const { findings, head } = comparison
  const failed = thresholdSentences(comparison.thresholds)
  const suites = [...Map.groupBy(findings, ({ scenario }) => scenario)]
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="pushbench compare" tests="${findings.length + failed.length}" failures="${countOf(findings, 'failed', options) + failed.length}" errors="0">${cautionSuite(comparison)}${failed.length > 0 && thresholdSuite(failed, head.startedAt)}${suites.map(
    ([name, ofScenario]) => suiteOf(name, ofScenario, head.startedAt, options),
  )}
</testsuites>
`.markup
}
