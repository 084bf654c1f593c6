/** The chart of the bytes of a delivery: egress by what it carries, and ingress. */
import { typical } from '../../results/across-runs.ts'
import type { Scenario, Series } from '../../results/reading.ts'
import { show } from '../display.ts'
import { resendsPage } from '../family.ts'
import { hatchNote, linearAxis, rowsOf, texts, unitName, values } from './cost-figures.ts'
import { ends, endsWords } from './extremes.ts'
import type { Figure } from './figure.ts'
import { numberCell } from './table.ts'

/** Payload, overhead to clients and bytes to the server, per delivered event; null where one is missing. */
function byteParts(series: Series): Record<'payload' | 'overhead' | 'toServer', number | null> {
  const toServer = typical(series, 'ingress.perDelivery')
  const toClients = typical(series, 'egress.perDelivery')
  const payload = typical(series, 'bytes.payloadPerDelivery')
  if (toClients === null || payload === null) return { payload: null, overhead: null, toServer }
  // Compression can send fewer bytes than the payload has: then all of them count as payload.
  const carried = Math.min(payload, toClients)
  return { payload: carried, overhead: toClients - carried, toServer }
}

/** What the parts are called; the rest of a page counts with the overhead where any technique sends pages. */
const partNamesOf = (all: readonly Series[]) =>
  [
    { key: 'payload', label: 'egress: payload' },
    {
      key: 'overhead',
      label: all.some(({ technique }) => resendsPage(technique))
        ? 'egress: headers, framing and the rest of a page'
        : 'egress: headers and framing',
    },
    { key: 'toServer', label: 'ingress' },
  ] as const

/** Application bytes per delivered event, by direction and by what they carry. */
export function bytesPerDelivery(scenario: Scenario): Figure {
  const all = scenario.series
  const parts = all.map(byteParts)
  const [egress, ingress] = [values(all, 'egress.perDelivery'), values(all, 'ingress.perDelivery')]
  const sums = all.map((_, at) => (egress[at] ?? 0) + (ingress[at] ?? 0))
  const axis = linearAxis('bytes', sums)
  const present = parts.some(part => Object.values(part).some(value => value !== null))
  const extremes = ends(all, 'egress.perDelivery')
  const subject = 'Bytes per delivered event'
  return {
    id: 'bytes',
    subject,
    title: extremes === null ? subject : `An event cost ${endsWords(extremes, ' of egress')}`,
    unit: unitName(axis),
    reading:
      'Application bytes at the server sockets, HTTP headers and framing included. Egress goes to clients and is what a network bills; ingress comes from them.',
    notes: present ? hatchNote(all, egress) : ['No data: no run counted bytes.'],
    wide: true,
    chart: present
      ? {
          kind: 'rows',
          value: axis,
          rows: rowsOf(
            all,
            all.map(
              (_, at) => `${show(egress[at] ?? null, 'bytes')} out, ${show(ingress[at] ?? null, 'bytes')} in`,
            ),
          ),
          showText: true,
          parts: partNamesOf(all).map(({ key, label }, colour) => {
            const ofPart = parts.map(part => part[key])
            return { label, colour, values: ofPart, texts: texts(ofPart, 'bytes') }
          }),
          marks: [],
          span: false,
        }
      : null,
    numbers: byteNumbers(all, parts),
  }
}

const byteNumbers = (
  all: readonly Series[],
  parts: readonly ReturnType<typeof byteParts>[],
): Figure['numbers'] => ({
  corner: 'technique',
  heads: ['egress', ...partNamesOf(all).map(({ label }) => label), 'egress overhead / payload'].map(text => ({
    text,
  })),
  rows: all.map((series, at) => ({
    head: series.label,
    series: series.place,
    cells: [
      numberCell(typical(series, 'egress.perDelivery'), 'bytes'),
      ...partNamesOf(all).map(({ key }) => numberCell(parts[at]?.[key] ?? null, 'bytes')),
      numberCell(typical(series, 'egress.overheadRatio'), 'ratio'),
    ],
  })),
})
