/** The chapter of the page clients: how far clients that run the page's own code agree with the wire clients. */
import type { Reading } from '../../results/reading.ts'
import { listed, many, show } from '../display.ts'
import {
  type Agreement,
  agreementOf,
  type KindPair,
  kindNames,
  kindPairsOf,
  type Quantile,
} from './agreement.ts'
import type { Block, Finding, Section } from './block.ts'
import { requestBlocks } from './page-requests.ts'
import { type NumberCell, numberCell } from './table.ts'

/** The section of the page clients; none where there were only wire clients. */
export function pageClientsChapter(reading: Reading): readonly Section[] {
  const all = kindPairsOf(reading)
  if (all.length === 0) return []
  const agreement: Finding = { topic: 'Pages', text: verdict(all) }
  return [
    {
      id: 'page-clients',
      title: 'Wire clients and real pages',
      findings: [agreement],
      blocks: [
        {
          kind: 'paragraph',
          text: `Wire clients and pages received the same events and connected in turns. All other figures of this report are of the wire clients alone.${clockWords(all)}`,
          only: ['page', 'markdown'],
        },
        { kind: 'paragraph', text: agreement.text, only: ['page'] },
        { kind: 'paragraph', ...agreement, only: ['terminal'] },
        latencyTable(all),
        { kind: 'paragraph', role: 'note', text: legend, only: ['page', 'markdown'] },
        ...deviations(all),
        ...requestBlocks(all),
      ],
    },
  ]
}

const legend =
  "yes: they differ by no more than 10 ms or 10 % of the wire clients' latency, whichever is larger. too few samples: fewer than 10 for p50 or 500 for p99, or they differ by no more than chance explains. After a broadcast all wire clients ask again at once and share a process; the few pages have a process of their own, so the server answers them sooner."

const compare = ({ wire, page }: KindPair, quantile: Quantile): Agreement | null =>
  agreementOf(wire.latencyMicros, page.latencyMicros, quantile)

/** Whether the medians agree, and where they do not. */
function verdict(all: readonly KindPair[]): string {
  const labels = new Set(all.map(each => each.label))
  const where = (verdict: Agreement['verdict']): KindPair[] =>
    all.filter(each => (compare(each, 'p50')?.verdict ?? 'open') === verdict)
  const names = (some: readonly KindPair[]): string =>
    listed(some.map(({ label, page }) => `${label} (${kindNames[page.kind]})`))
  const [apart, open] = [where('no'), where('open')]
  const agreeing = labels.size - new Set([...apart, ...open].map(each => each.label)).size
  return [
    open.length === all.length
      ? 'There are too few samples to tell whether page and wire medians agree.'
      : agreeing === labels.size
        ? 'Page and wire medians agree.'
        : `Page and wire medians agree in ${agreeing} of ${many(labels.size, 'measurement')}.`,
    apart.length === 0 ? '' : `They differ in ${names(apart)}.`,
    open.length === 0 || open.length === all.length
      ? ''
      : `There are too few samples to decide in ${names(open)}.`,
  ]
    .filter(sentence => sentence !== '')
    .join(' ')
}

function latencyTable(all: readonly KindPair[]): Block {
  const held = all.some(({ page }) => (page.events.heldBack ?? 0) > 0)
  const heads = [
    'wire p50',
    'page p50',
    'p50 agrees',
    'wire p99',
    'page p99',
    'p99 agrees',
    'samples',
    'lost',
    ...(held ? ['held back'] : []),
  ]
  const rows = all.map(each => ({
    head: `${each.label}: ${each.page.clients} ${kindNames[each.page.kind]}`,
    cells: [
      ...latencyCells(each, 'p50'),
      ...latencyCells(each, 'p99'),
      numberCell(each.page.latencyMicros?.count ?? null, 'count'),
      numberCell(each.page.events.lost, 'count'),
      ...(held ? [numberCell(each.page.events.heldBack ?? 0, 'count')] : []),
    ],
  }))
  return {
    kind: 'numbers',
    title: 'Latency of wire clients and of real pages',
    corner: 'pages',
    heads: heads.map(text => ({ text })),
    rows,
    only: ['page', 'markdown'],
  }
}

function latencyCells(each: KindPair, quantile: Quantile): NumberCell[] {
  const { wire, page } = each
  const seen = compare(each, quantile)
  return [
    numberCell(wire.latencyMicros?.[quantile] ?? null, 'µs'),
    numberCell(page.latencyMicros?.[quantile] ?? null, 'µs'),
    {
      value: seen?.difference ?? null,
      text: seen === null ? '' : `${verdicts[seen.verdict]}, ${signed(seen.difference)}`,
    },
  ]
}

const verdicts: Readonly<Record<Agreement['verdict'], string>> = {
  yes: 'yes',
  no: 'no',
  open: 'too few samples',
}

const signed = (micros: number): string => `${micros < 0 ? '−' : '+'}${show(Math.abs(micros), 'µs')}`

function clockWords(all: readonly KindPair[]): string {
  const errors = all.flatMap(({ page }) => page.clockErrorMicros ?? [])
  return errors.length === 0
    ? ''
    : ` The clock of a page in Chromium is set by round trips; its error is at most half of the shortest, here ${show(Math.max(...errors), 'µs')}.`
}

const listOf = (pairs: readonly KindPair[]): string =>
  [...new Set(pairs.map(({ technique, page }) => `${technique}, ${kindNames[page.kind]}`))].join('; ')

/** Where a page is known to differ from its technique, with the reason. */
function deviations(all: readonly KindPair[]): Block[] {
  const known = all.filter(({ page }) => page.deviation !== null)
  if (known.length === 0) return []
  const items = [...Map.groupBy(known, ({ page }) => page.deviation)].map(([reason, pairs]) => ({
    topic: `${listOf(pairs)}:`,
    text: `${reason}.`,
  }))
  const only = ['page', 'markdown'] as const
  return [
    { kind: 'heading', text: 'Where pages differ from their technique', only },
    { kind: 'list', items, only },
  ]
}
