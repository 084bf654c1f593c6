/** Charts of what a delivery costs: empty responses, bytes, server CPU and memory. All are bars from zero. */

import { typical } from '../../results/across-runs.ts'
import { type MetricName, metric } from '../../results/metrics.ts'
import type { Scenario, Series } from '../../results/reading.ts'
import { noData, show, steps, type Unit } from '../display.ts'
import type { Figure, RowsChart, ValueAxis } from './figure.ts'
import { numberCell } from './table.ts'

/** A linear axis in the display unit that fits the largest value; what never came is not drawn. */
export function linearAxis(unit: Unit, values: readonly (number | null)[]): ValueAxis {
  const largest = Math.max(0, ...values.map(value => value ?? 0).filter(Number.isFinite))
  const fitting = steps[unit].findLast(step => largest >= step.from) ?? steps[unit][0]
  return { scale: 'linear', size: fitting?.size ?? 1, unit: fitting?.name ?? '' }
}

/** The axis's unit as a title names it. */
const unitName = (axis: ValueAxis): string => (axis.unit === ' B' ? 'bytes' : axis.unit.trim())

const values = (all: readonly Series[], name: MetricName): (number | null)[] =>
  all.map(series => typical(series, name))

const texts = (numbers: readonly (number | null)[], unit: Unit): string[] =>
  numbers.map(each => show(each, unit))

const rowsOf = (all: readonly Series[], text: readonly string[]): RowsChart['rows'] =>
  all.map((series, at) => ({
    series: series.place,
    doubtful: series.state !== 'passed',
    text: text[at] ?? noData,
  }))

/** Says what hatching means, where a chart has any. */
const hatchNote = (all: readonly Series[], numbers: readonly (number | null)[]): string[] =>
  all.some((series, at) => series.state !== 'passed' && (numbers[at] ?? null) !== null)
    ? ['Hatched: the run was invalid, so do not compare the number.']
    : []

/** A chart of one number per technique. */
function bars(
  scenario: Scenario,
  name: MetricName,
  words: Pick<Figure, 'id' | 'title' | 'reading'> & { readonly quantity: string },
): Figure {
  const { quantity, ...named } = words
  const { unit } = metric(name)
  const all = scenario.series
  const numbers = values(all, name)
  const axis = linearAxis(unit, numbers)
  const present = numbers.some(value => value !== null)
  return {
    ...named,
    unit: `${unitName(axis)}${quantity}`,
    notes: present ? hatchNote(all, numbers) : ['No data: no run measured this.'],
    wide: false,
    chart: present
      ? {
          kind: 'rows',
          value: axis,
          rows: rowsOf(all, texts(numbers, unit)),
          showText: true,
          parts: [{ label: words.title, colour: 'series', values: numbers, texts: texts(numbers, unit) }],
          marks: [],
          span: false,
        }
      : null,
    numbers: {
      corner: 'technique',
      heads: [{ text: words.title }],
      rows: all.map((series, at) => ({
        head: series.label,
        series: series.place,
        cells: [numberCell(numbers[at] ?? null, unit)],
      })),
    },
  }
}

/** Server CPU time per delivered event, with the utilisation of the server that it holds for. */
export function cpuPerDelivery(scenario: Scenario): Figure {
  const measured = bars(scenario, 'server.cpuPerDelivery', {
    id: 'cpu',
    title: 'Server CPU per delivered event',
    quantity: ' of CPU time',
    reading:
      'User and system time of the server process for one event to one client, and how busy the server was. The figure holds for this load only: an idle server wakes up for each request, a busy one for many.',
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
      heads: [...numbers.heads, { text: 'server utilisation' }],
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
    title: 'Server memory per client',
    quantity: '',
    reading:
      "Growth of the server's resident memory since before the first client, divided by the clients. Shorter holds more clients.",
  })

/** Share of responses without an event, with the closed form next to it. */
export function emptyResponses(scenario: Scenario): Figure {
  const measured = bars(scenario, 'emptyRatio', {
    id: 'empty',
    title: 'Responses without an event',
    quantity: ' of all responses',
    reading: 'Each of them is a request that cost something and brought nothing. A stream has none.',
  })
  const predicted = values(scenario.series, 'predicted.emptyRatio')
  const { chart, numbers } = measured
  if (chart?.kind !== 'rows' || predicted.every(value => value === null)) return measured
  return {
    ...measured,
    reading: `${measured.reading} The vertical line is the prediction of the closed form.`,
    chart: {
      ...chart,
      marks: [{ label: 'predicted', shape: 'line', values: predicted, texts: texts(predicted, 'ratio') }],
    },
    numbers: {
      ...numbers,
      heads: [{ text: 'measured' }, { text: 'predicted' }],
      rows: numbers.rows.map((row, at) => ({
        ...row,
        cells: [...row.cells, numberCell(predicted[at] ?? null, 'ratio')],
      })),
    },
  }
}

/** Payload, overhead to clients and bytes to the server, per delivered event; null where one is missing. */
function byteParts(series: Series): Record<'payload' | 'overhead' | 'toServer', number | null> {
  const toServer = typical(series, 'bytes.toServerPerDelivery')
  const toClients = typical(series, 'bytes.toClientsPerDelivery')
  const payload = typical(series, 'bytes.payloadPerDelivery')
  if (toClients === null || payload === null) return { payload: null, overhead: null, toServer }
  // Compression can send fewer bytes than the payload has: then all of them count as payload.
  const carried = Math.min(payload, toClients)
  return { payload: carried, overhead: toClients - carried, toServer }
}

const partNames = [
  { key: 'payload', label: 'to clients: payload' },
  { key: 'overhead', label: 'to clients: headers and framing' },
  { key: 'toServer', label: 'to server' },
] as const

/** Application bytes per delivered event, by direction and by what they carry. */
export function bytesPerDelivery(scenario: Scenario): Figure {
  const all = scenario.series
  const parts = all.map(byteParts)
  const totals = values(all, 'bytes.perDelivery')
  const axis = linearAxis('bytes', totals)
  const present = parts.some(part => Object.values(part).some(value => value !== null))
  return {
    id: 'bytes',
    title: 'Bytes per delivered event',
    unit: unitName(axis),
    reading:
      'Application bytes at the server sockets, HTTP headers and framing included. Everything except the payload is the cost of the technique.',
    notes: present ? hatchNote(all, totals) : ['No data: no run counted bytes.'],
    wide: true,
    chart: present
      ? {
          kind: 'rows',
          value: axis,
          rows: rowsOf(all, texts(totals, 'bytes')),
          showText: true,
          parts: partNames.map(({ key, label }, colour) => ({
            label,
            colour,
            values: parts.map(part => part[key]),
            texts: texts(
              parts.map(part => part[key]),
              'bytes',
            ),
          })),
          marks: [],
          span: false,
        }
      : null,
    numbers: {
      corner: 'technique',
      heads: [
        ...partNames.map(({ label }) => ({ text: label })),
        { text: 'together' },
        { text: 'overhead / payload' },
      ],
      rows: all.map((series, at) => ({
        head: series.label,
        series: series.place,
        cells: [
          ...partNames.map(({ key }) => numberCell(parts[at]?.[key] ?? null, 'bytes')),
          numberCell(totals[at] ?? null, 'bytes'),
          numberCell(typical(series, 'bytes.overheadRatio'), 'ratio'),
        ],
      })),
    },
  }
}
