/** What the requests of real pages have more or less than those of the wire clients, in numbers and in words. */
import type { KindFigures } from '../../results/result.ts'
import { type Beside, kindNames } from '../agreement.ts'
import { listed } from '../display.ts'
import { type Markup, markup } from '../markup.ts'
import { numberCell, numberTable } from './table-markup.ts'

/** One difference, over all the techniques that it was seen in. */
interface Difference {
  readonly part: string
  readonly reason: string | null
  readonly bytes: number[]
  readonly techniques: Set<string>
}

/** More techniques than this are counted, not named. */
const namedAtMost = 4

/** A table of bytes and, for each kind of page, what makes the difference; nothing where no requests were weighed. */
export function requestsMarkup(all: readonly Beside[]): Markup | null {
  const weighed = all.filter(({ page }) => page.requestBytes !== null)
  if (weighed.length === 0) return null
  const kinds = [...new Set(weighed.map(({ page }) => page.kind))]
  return markup`<h3>Bytes per request for events</h3>
${bytesTable(weighed, kinds)}
${kinds.map(kind => differencesMarkup(weighed, kind))}`
}

function bytesTable(weighed: readonly Beside[], kinds: readonly KindFigures['kind'][]): Markup {
  const labels = [...new Set(weighed.map(({ label }) => label))]
  const rows = labels.map(head => {
    const own = weighed.filter(({ label }) => label === head)
    const pages = kinds.map(kind => own.find(({ page }) => page.kind === kind)?.page.requestBytes ?? null)
    return {
      head,
      cells: [own[0]?.wire.requestBytes ?? null, ...pages].map(bytes => numberCell(bytes, 'bytes')),
    }
  })
  const heads = [kindNames.wire, ...kinds.map(kind => kindNames[kind])].map(text => ({ text }))
  return numberTable({ corner: 'technique', heads, rows }, 'Bytes per request for events')
}

function differencesMarkup(weighed: readonly Beside[], kind: KindFigures['kind']): Markup {
  const own = weighed.filter(({ page }) => page.kind === kind)
  const measured = new Set(own.map(({ technique }) => technique)).size
  const items = differencesOf(own).map(each => differenceMarkup(each, measured))
  return items.length === 0
    ? markup`<p>The requests of ${kindNames[kind]} are as long as those of the wire clients, part by part.</p>
`
    : markup`<p>Bytes that the requests of ${kindNames[kind]} have more or less than those of the wire clients:</p>
<ul class="notes">${items}</ul>
`
}

function differencesOf(own: readonly Beside[]): Difference[] {
  const found = new Map<string, Difference>()
  for (const { technique, page } of own) {
    for (const { part, bytes, reason } of page.requestDifferences ?? []) {
      const key = JSON.stringify([part, reason])
      const difference = found.get(key) ?? { part, reason, bytes: [], techniques: new Set() }
      difference.bytes.push(bytes)
      difference.techniques.add(technique)
      found.set(key, difference)
    }
  }
  const weight = ({ bytes }: Difference): number => Math.max(...bytes.map(Math.abs))
  return [...found.values()].sort((one, other) => weight(other) - weight(one))
}

function differenceMarkup({ part, reason, bytes, techniques }: Difference, measured: number): Markup {
  const [low, high] = [Math.min(...bytes), Math.max(...bytes)]
  const range = low === high ? signed(low) : `${signed(low)} to ${signed(high)}`
  const where =
    techniques.size === measured
      ? ''
      : techniques.size <= namedAtMost
        ? ` in ${listed([...techniques])}`
        : ` in ${techniques.size} of ${measured} techniques`
  return markup`<li><strong>${part}</strong> ${range} B${where}: ${reason ?? 'not explained'}.</li>
`
}

const signed = (bytes: number): string => `${bytes < 0 ? '−' : '+'}${Math.abs(bytes).toLocaleString('en-US')}`
