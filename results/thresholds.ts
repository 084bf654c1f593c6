/**
 * Conditions that a result must meet, as text:
 * `<metric>[{technique:<name>,scenario:<name>}] <op> <value><unit> [abort]`, or `median(<metric>)` in place of `<metric>`,
 * e.g. `latency.p99{technique:sse} < 250ms`, `median(latency.p99) < 200ms`, `events.lost == 0 abort`. Every run must meet
 * a condition, or with `median` the median over the runs of each series. A number of a metric that has a unit must carry
 * one. No samples is a failure, never a pass. With `abort` at its end, the first run that does not meet the condition is
 * the last.
 */

import { type Parsed, parseDuration, parseExactSize, parseRate } from '../model/quantity.ts'
import { unknownName } from '../model/usage-error.ts'
import { median } from '../statistics/order-statistics.ts'
import { findMetric, type Metric, type MetricUnit, metrics } from './metrics.ts'
import type { Reading, Series } from './reading.ts'
import type { Measurement, ThresholdFailure, ThresholdOutcome } from './result.ts'

const operators = {
  '<': (value: number, bound: number) => value < bound,
  '<=': (value: number, bound: number) => value <= bound,
  '>': (value: number, bound: number) => value > bound,
  '>=': (value: number, bound: number) => value >= bound,
  '==': (value: number, bound: number) => value === bound,
} as const

type Operator = keyof typeof operators

/** A condition that was read. */
export interface Threshold {
  /** As the user wrote it. */
  readonly text: string
  readonly metric: Metric
  /** True where the median over the runs of a series has to meet it, and not each run. */
  readonly isOfMedian: boolean
  readonly technique: string | undefined
  readonly scenario: string | undefined
  readonly operator: Operator
  /** In the metric's stored unit. */
  readonly bound: number
  /** True where no more is to be measured once a run does not meet it. */
  readonly abort: boolean
}

/** Reads a condition. */
export function readThreshold(text: string): Parsed<Threshold> {
  const match =
    /^\s*(median\()?\s*([\w.]+)\s*(\))?\s*(?:\{([^}]*)\})?\s*(<=|>=|==|<|>)\s*(\S+?)(\s+abort)?\s*$/.exec(
      text,
    )
  const [, opened, name = '', closed, filter, operator = '', amount = '', abort] = match ?? []
  if (match === null || (opened === undefined) !== (closed === undefined)) {
    return {
      problem: `"${text}" is not a condition: write it like 'latency.p99{technique:sse} < 250ms', 'median(latency.p99) < 200ms' or 'events.lost == 0 abort'`,
    }
  }
  if (opened !== undefined && abort !== undefined)
    return { problem: `"${text}": a median is known after the last run: leave out abort` }
  const metric = findMetric(name)
  if (metric === undefined) {
    return {
      problem: unknownName(
        'metric',
        name,
        metrics.map(each => each.name),
      ),
    }
  }
  const filters = readFilter(filter ?? '')
  if ('problem' in filters) return filters
  const bound = readBound(metric, amount)
  if ('problem' in bound) return bound
  return {
    value: {
      text: text.trim(),
      metric,
      isOfMedian: opened !== undefined,
      operator: operator as Operator,
      bound: bound.value,
      abort: abort !== undefined,
      ...filters.value,
    },
  }
}

/**
 * What became of each condition in a result.
 * @param isValid whether the numbers of a run can be judged; a run that broke has no value. Unless given, all can.
 */
export const thresholdOutcomes = (
  thresholds: readonly Threshold[],
  { scenarios }: Pick<Reading, 'scenarios'>,
  isValid: (run: Measurement) => boolean = () => true,
): ThresholdOutcome[] =>
  thresholds.map(threshold => {
    const concerned = scenarios.flatMap(({ series }) => series).filter(each => concerns(threshold, each))
    const failures = concerned.flatMap(each => failureOf(threshold, each, isValid) ?? [])
    return { condition: threshold.text, met: concerned.length > 0 && failures.length === 0, failures }
  })

/** The conditions with `abort` that one run does not meet: the measuring ends with it. */
export const breaches = (thresholds: readonly Threshold[], measurement: Measurement): Threshold[] =>
  thresholds.filter(
    threshold =>
      threshold.abort &&
      concerns(threshold, measurement) &&
      !isMet(threshold, threshold.metric.read(measurement)),
  )

const isMet = ({ operator, bound }: Threshold, value: number | null): boolean =>
  value !== null && operators[operator](value, bound)

/** How a series does not meet a condition; null where it does. */
function failureOf(
  threshold: Threshold,
  { label, scenario, runs }: Series,
  isValid: (run: Measurement) => boolean,
): ThresholdFailure | null {
  const { metric, isOfMedian, bound } = threshold
  const values = runs.map(run => (isValid(run) ? metric.read(run) : null))
  const broken = runs.filter(run => !isValid(run)).length
  const known = values.filter(value => value !== null)
  const judged = !isOfMedian ? values : known.length < values.length ? [null] : [median(known)]
  const failing = judged.filter(value => !isMet(threshold, value))
  if (failing.length === 0) return null
  const beyond = failing
    .filter(value => value !== null)
    .toSorted((a, b) => Math.abs(b - bound) - Math.abs(a - bound))
  const worst = beyond[0] ?? Number.NaN
  return {
    series: label,
    scenario,
    runs: isOfMedian ? values.length : failing.length,
    of: values.length,
    withoutValue: values.length - known.length,
    ...(broken > 0 && { broken }),
    worst: Number.isFinite(worst) ? worst : null,
  }
}

const concerns = (
  { technique, scenario }: Threshold,
  of: { readonly technique: string; readonly scenario: string },
): boolean =>
  (technique === undefined || technique === of.technique) &&
  (scenario === undefined || scenario === of.scenario)

function readFilter(text: string): Parsed<Pick<Threshold, 'technique' | 'scenario'>> {
  const filter: { technique: string | undefined; scenario: string | undefined } = {
    technique: undefined,
    scenario: undefined,
  }
  for (const part of text.split(',').filter(part => part.trim() !== '')) {
    const [key = '', value = ''] = part.split(':').map(word => word.trim())
    if ((key !== 'technique' && key !== 'scenario') || value === '') {
      return { problem: `"{${text}}" is not a filter: write {technique:<name>} or {scenario:<name>}` }
    }
    filter[key] = value
  }
  return { value: filter }
}

function parseNumber(text: string): Parsed<number> {
  const value = Number(text)
  return text !== '' && Number.isFinite(value) ? { value } : { problem: `"${text}" is not a number` }
}

/** 99.9 / 100 is a little more than 0.999: fifteen digits are all that a share and a decimal text have in common. */
function parseShare(text: string): Parsed<number> {
  const percent = text.endsWith('%')
  const parsed = parseNumber(percent ? text.slice(0, -1) : text)
  return 'value' in parsed
    ? { value: percent ? Number((parsed.value / 100).toPrecision(15)) : parsed.value }
    : { problem: `"${text}" is not a share: write it like 0.9 or 90%` }
}

/** How the bound of a metric is read. */
interface BoundForm {
  readonly what: string
  readonly read: (text: string) => Parsed<number>
  /** What a bound looks like that must name its unit: without one, 250 could be of milliseconds or of seconds. */
  readonly example?: string
}

const forms: Readonly<Record<MetricUnit, BoundForm>> = {
  µs: { what: 'a duration', read: parseDuration, example: '250ms' },
  bytes: { what: 'a size', read: parseExactSize, example: '250B or 4KiB' },
  'per second': { what: 'a rate', read: parseRate, example: '250/s' },
  ratio: { what: 'a share', read: parseShare },
  count: { what: 'a plain number', read: parseNumber },
}

function readBound({ name, unit }: Metric, text: string): Parsed<number> {
  const { what, read, example } = forms[unit]
  if (example !== undefined && Number(text) !== 0 && 'value' in parseNumber(text))
    return { problem: `${name} is ${what}, "${text}" has no unit of one: write it like ${example}` }
  const parsed = read(text)
  return 'value' in parsed ? parsed : { problem: `${name} is ${what}: ${parsed.problem}` }
}
