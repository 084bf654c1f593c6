/**
 * How soon clients were back, in words. Where a server was away, times count from its return: how long it took to
 * boot is no merit of a backoff, and differs between runs.
 */
import { typical } from '../../../results/across-runs.ts'
import type { MetricName } from '../../../results/metrics.ts'
import type { Series } from '../../../results/reading.ts'
import { median } from '../../../statistics/order-statistics.ts'
import { show, showSpan } from '../../display.ts'

/** Returns further apart than this share are said. */
const alike = 0.1

/** What the times until 99 % of the clients were back count from, alike for all series that are compared. */
export interface Back {
  readonly metric: MetricName
  /** `fault` or `server's return`. */
  readonly origin: string
  /** `after 3.99 s`, or `3.99 s after the server's return`. */
  readonly words: (time: string) => string
}

const fromFault: Back = { metric: 'storm.backP99', origin: 'fault', words: time => `after ${time}` }
const fromReturn: Back = {
  metric: 'storm.backAfterReturnP99',
  origin: "server's return",
  words: time => `${time} after the server's return`,
}

/** From the return where every series in which 99 % came back has them from there, else from the fault. */
export function backOf(all: readonly Series[]): Back {
  const timed = all.filter(each => Number.isFinite(typical(each, 'storm.backP99') ?? Number.NaN))
  const away = timed.every(each => typical(each, 'storm.backAfterReturnP99') !== null)
  return timed.length > 0 && away ? fromReturn : fromFault
}

/** The time until 99 % were back, infinite where fewer were; null where that is not known. */
export const untilBack = (series: Series, { metric }: Back): number | null =>
  typical(series, metric) ??
  (typical(series, 'storm.backP99') === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : null)

/** How long the server of a series was away, in the median of its runs; null where it never was. */
function awayOf(series: Series): number | null {
  const away = series.runs.flatMap(({ storm }) =>
    storm === undefined || storm.serverBackAtMicros === null
      ? []
      : storm.serverBackAtMicros - storm.faultAtMicros,
  )
  return away.length === 0 ? null : median(away)
}

/** Says that servers took unequally long to return; nothing where they did not. */
export function unequalReturns(all: readonly Series[]): string[] {
  const away = all.flatMap(each => awayOf(each) ?? [])
  return Math.max(...away) > Math.min(...away) * (1 + alike)
    ? [`The servers returned ${showSpan(away, 'µs')} after the fault: times from the fault do not compare.`]
    : []
}

/** `99 % were back after 3.99 s`, or that they were not. @param who what stands between `99 %` and `were` */
export function backWords(series: Series, since: Back, who = ''): string {
  const time = untilBack(series, since)
  if (time === null) return 'how soon clients were back is not known'
  return Number.isFinite(time)
    ? `99 %${who} were back ${since.words(show(time, 'µs'))}`
    : 'fewer than 99 % came back'
}
