/** The comparison as comma-separated values: a row per finding, numbers in stored units. */
import type { Comparison } from '../../compare/compare.ts'
import type { Finding } from '../../compare/finding.ts'
import { numberField, record, textField } from '../text/delimited.ts'

const columns: readonly { readonly name: string; readonly read: (finding: Finding) => string }[] = [
  { name: 'scenario', read: f => textField(f.scenario) },
  { name: 'series', read: f => textField(f.series) },
  { name: 'metric', read: f => f.metric },
  { name: 'verdict', read: f => f.verdict },
  // In ASCII: a spreadsheet may not read the file as UTF-8.
  { name: 'unit', read: f => (f.unit === 'µs' ? 'us' : f.unit) },
  { name: 'better', read: f => f.better },
  { name: 'base runs', read: f => numberField(f.base.runs) },
  { name: 'base median', read: f => numberField(f.base.median) },
  { name: 'head runs', read: f => numberField(f.head.runs) },
  { name: 'head median', read: f => numberField(f.head.median) },
  { name: 'effect kind', read: f => f.kind },
  { name: 'effect', read: f => numberField(f.effect) },
  { name: 'effect low', read: f => numberField(f.interval?.low ?? null) },
  { name: 'effect high', read: f => numberField(f.interval?.high ?? null) },
  { name: 'minimum effect', read: f => numberField(f.minimumEffect) },
  { name: 'p', read: f => numberField(f.p) },
  { name: 'adjusted p', read: f => numberField(f.adjustedP) },
  { name: 'runs needed', read: f => numberField(f.runsNeeded) },
  { name: 'level', read: f => f.level },
  { name: 'reason', read: f => textField(f.reason) },
]

/** The comparison as CSV with a header row. What there is not is an empty field. */
export const renderGateCsv = ({ findings }: Comparison): string =>
  [
    record(columns.map(({ name }) => name)),
    ...findings.map(finding => record(columns.map(({ read }) => read(finding)))),
  ].join('')
