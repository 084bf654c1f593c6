/** How far the clients that run the page's own code agree with the wire clients beside them. */
import type { KindFigures, Result } from '../measure/result.ts'
import type { Section } from './chapters.ts'
import { type Markup, markup } from './markup.ts'
import { numberCell, numberTable } from './table-markup.ts'

const kindNames: Readonly<Record<KindFigures['kind'], string>> = {
  wire: 'wire',
  dom: 'page in jsdom',
  browser: 'page in Chromium',
}

/** The chapter of the page clients; nothing where there were only wire clients. */
export function pageClientsChapter(result: Result): readonly Section[] {
  const measured = result.measurements.filter(({ kinds }) => kinds !== undefined)
  if (measured.length === 0) return []
  const rows = measured.flatMap(({ technique, scenario, run, kinds = [] }) =>
    kinds.map(each => ({
      head: `${technique}${measured.some(other => other.scenario !== scenario) ? `, ${scenario}` : ''}${run > 1 ? `, run ${run}` : ''}: ${each.clients} ${kindNames[each.kind]}`,
      cells: [
        numberCell(each.latencyMicros?.p50 ?? null, 'µs'),
        numberCell(each.latencyMicros?.p99 ?? null, 'µs'),
        numberCell(each.latencyMicros?.count ?? null, 'count'),
        numberCell(each.events.lost, 'count'),
        numberCell(each.requestBytes, 'bytes'),
        numberCell(each.clockErrorMicros, 'µs'),
      ],
    })),
  )
  const heads = [
    'p50 latency',
    'p99 latency',
    'samples',
    'events lost',
    'bytes per request',
    'clock off by at most',
  ]
  return [
    {
      id: 'page-clients',
      title: 'Wire clients and real pages',
      body: markup`<p>The same events as lean wire clients received them and as the page's own code did. All other figures of this report are of the wire clients alone. The clock of a page in Chromium is set by round trips; half of the shortest is how far it may be off.</p>
${numberTable({ corner: 'clients', heads: heads.map(text => ({ text })), rows }, 'Wire clients and real pages')}
${deviations(measured.flatMap(({ technique, kinds = [] }) => kinds.map(each => ({ technique, ...each }))))}`,
      charts: {},
    },
  ]
}

/** Where a page is known to differ from its technique, with the reason. */
function deviations(all: readonly (KindFigures & { readonly technique: string })[]): Markup | null {
  const known = new Map(
    all.flatMap(({ technique, kind, deviation }) =>
      deviation === null ? [] : [[`${technique}, ${kindNames[kind]}`, deviation] as const],
    ),
  )
  if (known.size === 0) return null
  return markup`<p>Recorded deviations:</p>
<ul>${[...known].map(
    ([where, reason]) => markup`<li>${where}: ${reason}.</li>
`,
  )}</ul>`
}
