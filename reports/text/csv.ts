/** Comma-separated values by RFC 4180: one row per measurement, one column per metric. */
import { type Metric, type MetricUnit, metrics } from '../../results/metrics.ts'
import type { Measurement, Result } from '../../results/result.ts'
import { numberField, record, textField } from './delimited.ts'

/** Units in header names, in ASCII: a spreadsheet may not read the file as UTF-8. */
const unitNames: Readonly<Record<MetricUnit, string>> = {
  µs: 'us',
  bytes: 'bytes',
  ratio: 'ratio',
  count: 'count',
  'per second': 'per second',
}

/** The columns that say which measurement a row is. */
const identity: readonly { readonly name: string; readonly read: (m: Measurement) => string }[] = [
  { name: 'scenario', read: m => textField(m.scenario) },
  { name: 'technique', read: m => textField(m.technique) },
  { name: 'run', read: m => String(m.run) },
  { name: 'passed', read: m => String(m.passed) },
  { name: 'failures', read: m => textField(m.failures.join('; ')) },
  { name: 'settings', read: m => textField(JSON.stringify(m.settings)) },
  { name: 'fault', read: m => textField(m.workload.fault ?? '') },
  { name: 'backoff', read: m => textField(m.workload.backoff) },
  { name: 'acceptRatePerSecond', read: m => numberField(m.workload.acceptRatePerSecond) },
  { name: 'link', read: m => (m.workload.link === null ? '' : JSON.stringify(m.workload.link)) },
  { name: 'warnings', read: m => textField(m.warnings.map(each => each.code).join(' ')) },
]

const header = (metric: Metric): string => `${metric.name} (${unitNames[metric.unit]})`

/** The result as CSV with a header row. What was not measured is an empty field, a time that never came `inf`. */
export const renderCsv = (result: Result): string =>
  [
    record([...identity.map(each => each.name), ...metrics.map(header)]),
    ...result.measurements.map(measurement =>
      record([
        ...identity.map(each => each.read(measurement)),
        ...metrics.map(each => numberField(each.read(measurement))),
      ]),
    ),
  ].join('')
