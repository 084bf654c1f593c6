/** JUnit XML, as CI servers read it: a suite per scenario, a case per measurement. */
import { type MetricName, metric } from '../../results/metrics.ts'
import type { Reading, Scenario } from '../../results/reading.ts'
import type { Measurement } from '../../results/result.ts'
import { show } from '../display.ts'
import { type Markup, markup } from '../markup.ts'
import { thresholdSentences } from '../thresholds.ts'

/** The numbers that a case's output names. */
const outputMetrics: readonly MetricName[] = [
  'clients.connected',
  'events.expected',
  'events.delivered',
  'latency.p50',
  'latency.p99',
  'latency.max',
  'egress.perDelivery',
  'ingress.perDelivery',
]

/** The measured window: how long the run itself took is not in a result. */
const secondsOf = (measurement: Measurement): number =>
  Math.round(measurement.workload.durationMicros / 1_000) / 1_000

const outputOf = (measurement: Measurement): string =>
  [
    ...outputMetrics.map(name => `${name}: ${show(metric(name).read(measurement), metric(name).unit)}`),
    ...measurement.warnings.map(each => `warning ${each.code}: ${each.message}\n  ${each.advice}`),
  ].join('\n')

function failureOf(measurement: Measurement): Markup | null {
  if (measurement.passed) return null
  const [first = 'failed for a reason that was not recorded'] = measurement.failures
  return markup`
      <failure type="invalid-run" message="${first}">${measurement.failures.join('\n')}</failure>`
}

const caseOf = (measurement: Measurement, label: string): Markup => markup`
    <testcase classname="pushbench.${measurement.scenario}" name="${label}, run ${measurement.run}" time="${secondsOf(measurement)}">${failureOf(measurement)}
      <system-out>${outputOf(measurement)}</system-out>
    </testcase>`

function suiteOf(scenario: Scenario, startedAt: string): Markup {
  const cases = scenario.series.flatMap(series => series.runs.map(run => ({ run, label: series.label })))
  const failed = cases.filter(each => !each.run.passed).length
  const time = cases.reduce((sum, each) => sum + secondsOf(each.run), 0)
  return markup`
  <testsuite name="${scenario.name}" tests="${cases.length}" failures="${failed}" errors="0" skipped="0" time="${time}" timestamp="${startedAt}">${cases.map(
    each => caseOf(each.run, each.label),
  )}
  </testsuite>`
}

/** A suite with one error: for what no measurement shows, so that CI does not pass. */
const errorSuite = (name: string, message: string, startedAt: string): Markup => markup`
  <testsuite name="pushbench" tests="1" failures="0" errors="1" skipped="0" time="0" timestamp="${startedAt}">
    <testcase classname="pushbench" name="${name}" time="0">
      <error type="${name}" message="${message}"/>
    </testcase>
  </testsuite>`

/** A suite of the thresholds that were not met. */
export const thresholdSuite = (failed: readonly string[], startedAt: string): Markup => markup`
  <testsuite name="thresholds" tests="${failed.length}" failures="${failed.length}" errors="0" skipped="0" time="0" timestamp="${startedAt}">${failed.map(
    sentence => markup`
    <testcase classname="pushbench.thresholds" name="${sentence}" time="0">
      <failure type="threshold" message="${sentence}"/>
    </testcase>`,
  )}
  </testsuite>`

/** The result as JUnit XML. An aborted result and one without measurements carry an error. */
export function renderJunit({ result, scenarios }: Reading): string {
  const failedThresholds = thresholdSentences(result.thresholds)
  const errors = [
    ...(result.aborted ? [errorSuite('aborted', 'the measuring was ended early', result.startedAt)] : []),
    ...(scenarios.length === 0
      ? [errorSuite('no-measurement', 'nothing was measured', result.startedAt)]
      : []),
  ]
  const failed = result.measurements.filter(each => !each.passed).length + failedThresholds.length
  const tests = result.measurements.length + errors.length + failedThresholds.length
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="pushbench" tests="${tests}" failures="${failed}" errors="${errors.length}">${scenarios.map(
    scenario => suiteOf(scenario, result.startedAt),
  )}${failedThresholds.length > 0 && thresholdSuite(failedThresholds, result.startedAt)}${errors}
</testsuites>
`.markup
}
