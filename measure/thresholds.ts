/**
 * Conditions that a result must meet, as text: `<metric>[{technique:<name>,scenario:<name>}] <op> <value><unit>`,
 * e.g. `latency.p99{technique:sse} < 250ms`, `emptyRatio <= 0.9`, `events.lost == 0`. A number of a metric that
 * has a unit must carry one. No samples is a failure, never a pass.
 */
import { findMetric, type Metric, metrics } from './metrics.ts'
import { type Parsed, parseDuration, parseSize } from './quantity.ts'
import type { Measurement, Result } from './result.ts'
import { unknownName } from './usage-error.ts'

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
}

/** Reads a condition. */
export function readThreshold(text: string): Parsed<Threshold> {
  const match = /^\s*([\w.]+)\s*(?:\{([^}]*)\})?\s*(<=|>=|==|<|>)\s*(\S+)\s*$/.exec(text)
  if (match === null) {
    return { problem: `"${text}" is no condition: write it like 'latency.p99{technique:sse} < 250ms'` }
  }
  const [, name = '', filter, operator = '', amount = ''] = match
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

function failureOf({ text, metric, operator, bound }: Threshold, measurement: Measurement): string | null {
  const value = metric.read(measurement)
  const where = `${measurement.technique}, ${measurement.scenario}, run ${measurement.run}`
  if (value === null) return `${text}: no data (${where})`
  return operators[operator](value, bound) ? null : `${text}: ${where} has ${value} ${metric.unit}`
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
      return { problem: `"{${text}}" is no filter: write {technique:<name>} or {scenario:<name>}` }
    }
    filter[key] = value
  }
  return { value: filter }
}

function readBound(metric: Metric, text: string): Parsed<number> {
  switch (metric.unit) {
    case 'µs': {
      const parsed = parseDuration(text)
      return 'value' in parsed
        ? parsed
        : { problem: `${metric.name} is a duration, "${text}" has no unit of one: write it like 250ms` }
    }
    case 'bytes':
      return parseSize(text)
    case 'ratio':
    case 'per second':
    case 'count': {
      const value = Number(text)
      return text !== '' && Number.isFinite(value)
        ? { value }
        : { problem: `${metric.name} is a plain number, "${text}" is not` }
    }
  }
}
