/**
 * Conditions that a result must meet, as text:
 * `<metric>[{technique:<name>,scenario:<name>}] <op> <value><unit> [abort]`,
 * e.g. `latency.p99{technique:sse} < 250ms`, `emptyRatio <= 90%`, `events.lost == 0 abort`. A number of a metric that
 * has a unit must carry one. No samples is a failure, never a pass. With `abort` at its end, the first run that does
 * not meet the condition is the last.
 */

import { type Parsed, parseDuration, parseRate, parseSize } from '../model/quantity.ts'
import { unknownName } from '../model/usage-error.ts'
import { findMetric, type Metric, type MetricUnit, metrics } from './metrics.ts'
import type { Measurement, Result } from './result.ts'

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
  const match = /^\s*([\w.]+)\s*(?:\{([^}]*)\})?\s*(<=|>=|==|<|>)\s*(\S+?)(\s+abort)?\s*$/.exec(text)
  if (match === null) {
    return {
      problem: `"${text}" is not a condition: write it like 'latency.p99{technique:sse} < 250ms' or 'events.lost == 0 abort'`,
    }
  }
  const [, name = '', filter, operator = '', amount = '', abort] = match
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
      operator: operator as Operator,
      bound: bound.value,
      abort: abort !== undefined,
      ...filters.value,
    },
  }
}

/** What the result does not meet, a sentence each. */
export function failedThresholds(thresholds: readonly Threshold[], result: Result): string[] {
  return thresholds.flatMap(threshold => {
    const concerned = result.measurements.filter(measurement => concerns(threshold, measurement))
    if (concerned.length === 0) return [`${threshold.text}: nothing was measured that it speaks of`]
    return concerned.flatMap(measurement => failureOf(threshold, measurement) ?? [])
  })
}

/** What one run does not meet of the conditions that end the measuring, a sentence each. */
export const breaches = (thresholds: readonly Threshold[], measurement: Measurement): string[] =>
  thresholds
    .filter(threshold => threshold.abort && concerns(threshold, measurement))
    .flatMap(threshold => failureOf(threshold, measurement) ?? [])

function failureOf({ text, metric, operator, bound }: Threshold, measurement: Measurement): string | null {
  const value = metric.read(measurement)
  const where = `${measurement.technique}, ${measurement.scenario}, run ${measurement.run}`
  if (value === null) return `${text}: no data (${where})`
  if (operators[operator](value, bound)) return null
  return `${text}: ${where} ${Number.isFinite(value) ? `has ${value} ${metric.unit}` : 'never got there'}`
}

const concerns = ({ technique, scenario }: Threshold, measurement: Measurement): boolean =>
  (technique === undefined || technique === measurement.technique) &&
  (scenario === undefined || scenario === measurement.scenario)

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

function parseShare(text: string): Parsed<number> {
  const percent = text.endsWith('%')
  const parsed = parseNumber(percent ? text.slice(0, -1) : text)
  return 'value' in parsed
    ? { value: parsed.value / (percent ? 100 : 1) }
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
  bytes: { what: 'a size', read: parseSize, example: '250B or 4KiB' },
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
