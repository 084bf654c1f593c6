/** How far the clients that run the page's own code agree with the wire clients beside them. */

import type { Result } from '../../results/result.ts'
import {
  type Agreement,
  agreementOf,
  type Beside,
  besidesOf,
  kindNames,
  type Quantile,
} from '../agreement.ts'
import { listed, many, show } from '../display.ts'
import { type Markup, markup } from '../markup.ts'
import { requestsMarkup } from './page-requests.ts'
import type { Section } from './section.ts'
import { type NumberCell, numberCell, numberTable } from './table-markup.ts'

/** The chapter of the page clients; nothing where there were only wire clients. */
export function pageClientsChapter(result: Result): readonly Section[] {
  const all = result.measurements.flatMap(each => besidesOf(each, result))
  if (all.length === 0) return []
  return [
    {
      id: 'page-clients',
      title: 'Wire clients and real pages',
      body: markup`<p>The same events as lean wire clients received them and as the page's own code did, connected in turns. All other figures of this report are of the wire clients alone. ${clockWords(all)}</p>
<p>${verdict(all)}</p>
${latencyTable(all)}
<p class="note">“yes”: apart by no more than the larger of 10 ms and 10 % of the wire clients' latency. “open”: apart by more, but not by more than the luck of so few samples can account for. Wire clients take turns in a process of many: where a broadcast has all of them ask again at once, the few pages in a process of their own are answered sooner.</p>
${deviations(all)}
${requestsMarkup(all)}`,
      charts: {},
    },
  ]
}

const compare = ({ wire, page }: Beside, quantile: Quantile): Agreement | null =>
  agreementOf(wire.latencyMicros, page.latencyMicros, quantile)

/** Whether the medians agree, and where they do not. */
function verdict(all: readonly Beside[]): string {
  const labels = new Set(all.map(each => each.label))
  const where = (verdict: Agreement['verdict']): Beside[] =>
    all.filter(each => (compare(each, 'p50')?.verdict ?? 'open') === verdict)
  const names = (some: readonly Beside[]): string =>
    listed(some.map(({ label, page }) => `${label} (${kindNames[page.kind]})`))
  const [apart, open] = [where('no'), where('open')]
  const agreeing = labels.size - new Set([...apart, ...open].map(each => each.label)).size
  return [
    `The medians of all kinds agree in ${agreeing} of ${many(labels.size, 'measurement')}.`,
    apart.length === 0 ? '' : `They differ in ${names(apart)}.`,
    open.length === 0 ? '' : `There are too few samples to tell in ${names(open)}.`,
  ]
    .filter(sentence => sentence !== '')
    .join(' ')
}

function latencyTable(all: readonly Beside[]): Markup {
  const heads = [
    'wire p50',
    'page p50',
    'p50 agrees',
    'wire p99',
    'page p99',
    'p99 agrees',
    'samples',
    'lost',
  ]
  const rows = all.map(each => ({
    head: `${each.label}: ${each.page.clients} ${kindNames[each.page.kind]}`,
    cells: [
      ...latencyCells(each, 'p50'),
      ...latencyCells(each, 'p99'),
      numberCell(each.page.latencyMicros?.count ?? null, 'count'),
      numberCell(each.page.events.lost, 'count'),
    ],
  }))
  return numberTable(
    { corner: 'pages', heads: heads.map(text => ({ text })), rows },
    'Latency of wire clients and of real pages',
  )
}

function latencyCells(each: Beside, quantile: Quantile): NumberCell[] {
  const { wire, page } = each
  const seen = compare(each, quantile)
  return [
    numberCell(wire.latencyMicros?.[quantile] ?? null, 'µs'),
    numberCell(page.latencyMicros?.[quantile] ?? null, 'µs'),
    {
      value: seen?.difference ?? null,
      text: seen === null ? '' : `${seen.verdict}, ${signed(seen.difference)}`,
    },
  ]
}

const signed = (micros: number): string => `${micros < 0 ? '−' : '+'}${show(Math.abs(micros), 'µs')}`

function clockWords(all: readonly Beside[]): string {
  const errors = all.flatMap(({ page }) => page.clockErrorMicros ?? [])
  return errors.length === 0
    ? ''
    : `The clock of a page in Chromium is set by round trips, to within half of the shortest: here ${show(Math.max(...errors), 'µs')} at the most.`
}

/** Where a page is known to differ from its technique, with the reason. */
function deviations(all: readonly Beside[]): Markup | null {
  const known = new Map<string, Set<string>>()
  for (const { technique, page } of all) {
    if (page.deviation === null) continue
    const where = known.get(page.deviation) ?? new Set()
    known.set(page.deviation, where.add(`${technique}, ${kindNames[page.kind]}`))
  }
  if (known.size === 0) return null
  return markup`<h3>Where pages differ from their technique</h3>
<ul class="notes">${[...known].map(
    ([reason, where]) => markup`<li><strong>${[...where].join('; ')}:</strong> ${reason}.</li>
`,
  )}</ul>`
}
