/** Charts of what a delivery costs: empty responses, server CPU and memory. All are bars from zero. */

import { typical } from '../../results/across-runs.ts'
import { type MetricName, metric } from '../../results/metrics.ts'
import type { Scenario, Series } from '../../results/reading.ts'
import { noData, show, steps, type Unit } from '../display.ts'
import { isStream } from '../family.ts'
import { spreadNotes, spreadOf } from './across-figures.ts'
import { emptyWords } from './columns.ts'
import { type Ends, ends, endsWords } from './extremes.ts'
import type { Figure, RowsChart, ValueAxis } from './figure.ts'
import { numberCell } from './table.ts'

/** A linear axis in the display unit that fits the largest value; what never came is not drawn. */
export function linearAxis(unit: Unit, values: readonly (number | null)[]): ValueAxis {
  const largest = Math.max(0, ...values.map(value => value ?? 0).filter(Number.isFinite))
  const fitting = steps[unit].findLast(step => largest >= step.from) ?? steps[unit][0]
  return { scale: 'linear', size: fitting?.size ?? 1, unit: fitting?.name ?? '' }
}

/** The axis's unit as a title names it. */
export const unitName = (axis: ValueAxis): string => (axis.unit === ' B' ? 'bytes' : axis.unit.trim())

export const values = (all: readonly Series[], name: MetricName): (number | null)[] =>
  all.map(series => typical(series, name))

export const texts = (numbers: readonly (number | null)[], unit: Unit): string[] =>
  numbers.map(each => show(each, unit))

export const rowsOf = (all: readonly Series[], text: readonly string[]): RowsChart['rows'] =>
  all.map((series, at) => ({
    series: series.place,
    doubtful: series.state !== 'passed',
    text: text[at] ?? noData,
  }))

/** Says what hatching means, where a chart has any. */
export const hatchNote = (all: readonly Series[], numbers: readonly (number | null)[]): string[] =>
  all.some((series, at) => series.state !== 'passed' && (numbers[at] ?? null) !== null)
    ? ['Hatched: the run was invalid, so do not compare the number.']
    : []

interface BarWords extends Pick<Figure, 'id' | 'subject' | 'reading'> {
  /** What follows the unit: ` of CPU time`. */
  readonly quantity: string
  /** The title from the smallest and the largest; where nothing passed, the subject is the title. */
  readonly point: (ends: Ends) => string
}

/** The text of a row with its prediction. It stands after the mark of the prediction, so that it must name both. */
const withPrediction = (text: string, predicted: number | null): string =>
  predicted === null ? text : `${text}, predicted ${show(predicted, 'ratio')}`

/** A chart of one number per technique. */
function bars(scenario: Scenario, name: MetricName, words: BarWords): Figure {
  const { quantity, point, ...named } = words
  const { unit } = metric(name)
  const all = scenario.series
  const numbers = values(all, name)
  const axis = linearAxis(unit, numbers)
  const present = numbers.some(value => value !== null)
  const extremes = ends(all, name)
  return {
    ...named,
    title: extremes === null ? words.subject : point(extremes),
    unit: `${unitName(axis)}${quantity}`,
    notes: present ? [...hatchNote(all, numbers), ...spreadNotes(all)] : ['No data: no run measured this.'],
    wide: false,
    chart: present
      ? {
          kind: 'rows',
          value: axis,
          rows: rowsOf(all, texts(numbers, unit)),
          showText: true,
          parts: [{ label: words.subject, colour: 'series', values: numbers, texts: texts(numbers, unit) }],
          marks: [],
          span: false,
          ...spreadOf(all, name),
        }
      : null,
    numbers: {
      corner: 'technique',
      heads: [{ text: words.subject }],
      rows: all.map((series, at) => ({
        head: series.label,
        series: series.place,
        cells: [numberCell(numbers[at] ?? null, unit)],
      })),
    },
  }
}

/** Server CPU time per delivered event, with the share of time that the server was busy, for which it holds. */
export function cpuPerDelivery(scenario: Scenario): Figure {
  const measured = bars(scenario, 'server.cpuPerDelivery', {
    id: 'cpu',
    subject: 'Server CPU per delivered event',
    point: each => `An event cost the server ${endsWords(each, ' of CPU')}`,
    quantity: ' of CPU time',
    reading:
      'User and system time of the server process for one event to one client, and how much of the time its event loop was busy, waiting for a core included. The figure holds for this load only: an idle server wakes up for each request, a busy one for many.',
  })
  const busy = values(scenario.series, 'server.utilization')
  const { chart, numbers } = measured
  if (chart?.kind !== 'rows') return measured
  return {
    ...measured,
    chart: {
      ...chart,
      rows: chart.rows.map((row, at) => ({
        ...row,
        text: `${row.text}, ${show(busy[at] ?? null, 'ratio')} busy`,
      })),
    },
    numbers: {
      ...numbers,
      heads: [...numbers.heads, { text: 'event loop of the server busy' }],
      rows: numbers.rows.map((row, at) => ({
        ...row,
        cells: [...row.cells, numberCell(busy[at] ?? null, 'ratio')],
      })),
    },
  }
}

/** Server memory per client. */
export const memoryPerClient = (scenario: Scenario): Figure =>
  bars(scenario, 'server.rssPerClient', {
    id: 'memory',
    subject: 'Server memory per client',
    point: each => `A client took ${endsWords(each, ' of server memory')}`,
    quantity: '',
    reading:
      "Growth of the server's resident memory since before the first client, divided by the clients. Shorter holds more clients.",
  })

/** Share of responses without an event, with the closed form next to it. */
export function emptyResponses(scenario: Scenario): Figure {
  const measured = bars(scenario, 'emptyRatio', {
    id: 'empty',
    subject: 'Responses without an event',
    point: ({ low, high }) =>
      high === null
        ? `${low.text} of the responses brought nothing with ${low.label}`
        : `${high.text} of the responses of ${high.label} brought nothing, ${low.text} of those of ${low.label}`,
    quantity: ' of all responses',
    reading:
      'Each of them is a request that cost something and brought nothing. Streams answer no requests for events, so the figure is not applicable to them.',
  })
  const all = scenario.series
  const predicted = values(all, 'predicted.emptyRatio')
  const isPredicted = predicted.some(value => value !== null)
  const absent = all.map(emptyWords)
  const { chart, numbers } = measured
  if (chart?.kind !== 'rows') {
    return all.every(({ technique }) => isStream(technique))
      ? { ...measured, notes: ['Not applicable: streams answer no requests for events.'] }
      : measured
  }
  return {
    ...measured,
    reading: `${measured.reading}${isPredicted ? ' The vertical line is the prediction of the closed form.' : ''}`,
    chart: {
      ...chart,
      rows: chart.rows.map((row, at) =>
        chart.parts[0]?.values[at] === null
          ? { ...row, text: absent[at] ?? noData }
          : { ...row, text: withPrediction(row.text, predicted[at] ?? null) },
      ),
      marks: isPredicted
        ? [
            {
              label: 'predicted',
              shape: 'line',
              values: predicted,
              texts: predicted.map((value, at) =>
                value === null ? (absent[at] ?? noData) : show(value, 'ratio'),
              ),
            },
          ]
        : [],
    },
    numbers: {
      ...numbers,
      heads: [{ text: 'measured' }, ...(isPredicted ? [{ text: 'predicted' }] : [])],
      rows: numbers.rows.map((row, at) => ({
        ...row,
        cells: [...row.cells, ...(isPredicted ? [numberCell(predicted[at] ?? null, 'ratio')] : [])].map(
          cell => (cell.value === null ? { ...cell, text: absent[at] ?? noData } : cell),
        ),
      })),
    },
  }
}
