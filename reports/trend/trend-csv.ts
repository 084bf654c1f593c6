/**
 * A history in the shape that Apache Otava (formerly DataStax Hunter) reads: a `time` column, a `commit` attribute, a
 * column for each metric, a row for each commit. See "Importing results from CSV" in its documentation.
 *
 * A value that is not there is an empty field, which Otava refuses in a column that its configuration names:
 * `--since` leaves out the rows from before a technique was measured.
 */

import type { Trend, TrendLine } from '../../compare/trend.ts'
import { numberField, record, textField } from '../text/delimited.ts'

/** `steady/sse/latency.p99`. It does not depend on what else the history holds, so a configuration stays valid. */
export const columnName = ({ series, metric }: TrendLine): string =>
  `${series.scenario}/${series.label}/${metric}`

/** `2026-01-31 12:34:56 +0000`, as Otava writes times itself. */
const timeText = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} +0000`

/** The history as CSV with a header row; values in stored units. */
export const renderTrendCsv = ({ points, lines }: Trend): string =>
  [
    record(['time', 'commit', ...lines.map(line => textField(columnName(line)))]),
    ...points.map(({ startedAt, commit }, at) =>
      record([
        timeText(startedAt),
        commit ?? '',
        ...lines.map(({ values }) => numberField(values[at] ?? null)),
      ]),
    ),
  ].join('')
