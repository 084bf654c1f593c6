/** Comma-separated values by RFC 4180: one row per measurement, one column per metric. */
import { type Metric, type MetricUnit, metrics } from '../measure/metrics.ts'
import type { Measurement, Result } from '../measure/result.ts'

/** Units in header names, in ASCII: a spreadsheet may not take the file for UTF-8. */
const unitNames: Readonly<Record<MetricUnit, string>> = {
  µs: 'us',
  bytes: 'bytes',
  ratio: 'ratio',
  count: 'count',
  'per second': 'per second',
}

/** The columns that say which measurement a row is. */
const identity: readonly { readonly name: string; readonly read: (m: Measurement) => string }[] = [
  { name: 'scenario', read: m => text(m.scenario) },
  { name: 'technique', read: m => text(m.technique) },
  { name: 'run', read: m => String(m.run) },
  { name: 'passed', read: m => String(m.passed) },
  { name: 'failures', read: m => text(m.failures.join('; ')) },
  { name: 'settings', read: m => text(JSON.stringify(m.settings)) },
  { name: 'fault', read: m => text(m.workload.fault ?? '') },
  { name: 'backoff', read: m => text(m.workload.backoff) },
  { name: 'acceptRatePerSecond', read: m => number(m.workload.acceptRatePerSecond) },
  { name: 'link', read: m => (m.workload.link === null ? '' : JSON.stringify(m.workload.link)) },
  { name: 'warnings', read: m => text(m.warnings.map(each => each.code).join(' ')) },
]

/** A spreadsheet runs text that begins like a formula; an apostrophe keeps it text. */
const text = (value: string): string => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).toWellFormed()

/** RFC 4180 section 2, rules 5 to 7: quotes around a field with a comma, a quote or a line end; quotes doubled. */
const field = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

const record = (fields: readonly string[]): string => `${fields.map(field).join(',')}\r\n`

const header = (metric: Metric): string => `${metric.name} (${unitNames[metric.unit]})`

const number = (value: number | null): string =>
  value === null || !Number.isFinite(value) ? '' : String(value)

/** The result as CSV with a header row. What was not measured is an empty field. */
export const renderCsv = (result: Result): string =>
  [
    record([...identity.map(each => each.name), ...metrics.map(header)]),
    ...result.measurements.map(measurement =>
      record([
        ...identity.map(each => each.read(measurement)),
        ...metrics.map(each => number(each.read(measurement))),
      ]),
    ),
  ].join('')
