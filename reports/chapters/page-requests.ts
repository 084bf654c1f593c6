/** How the requests of page clients differ from those of wire clients, in numbers and in words. */
import type { KindFigures } from '../../results/result.ts'
import { listed } from '../display.ts'
import { type KindPair, kindNames } from './agreement.ts'
import type { Block, Finding } from './block.ts'
import { numberCell } from './table.ts'

/** One difference, over all the techniques that it was seen in. */
interface Difference {
  readonly part: string
  readonly reason: string | null
  readonly bytes: number[]
  readonly techniques: Set<string>
}

/** More techniques than this are counted, not named. */
const namedAtMost = 4

const only = ['page', 'markdown'] as const

/** A table of bytes and, for each kind of page, what makes the difference; nothing where no requests were weighed. */
export function requestBlocks(all: readonly KindPair[]): Block[] {
  const weighed = all.filter(({ page }) => page.requestBytes !== null)
  if (weighed.length === 0) return []
  const kinds = [...new Set(weighed.map(({ page }) => page.kind))]
  return [
    { kind: 'heading', text: title, only },
    bytesTable(weighed, kinds),
    ...kinds.flatMap(kind => differenceBlocks(weighed, kind)),
  ]
}

const title = 'Bytes per request for events'

function bytesTable(weighed: readonly KindPair[], kinds: readonly KindFigures['kind'][]): Block {
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
  return { kind: 'numbers', title, corner: 'technique', heads, rows, only }
}

function differenceBlocks(weighed: readonly KindPair[], kind: KindFigures['kind']): Block[] {
  const own = weighed.filter(({ page }) => page.kind === kind)
  const measured = new Set(own.map(({ technique }) => technique)).size
  const items = differencesOf(own).map(each => differenceItem(each, measured))
  const name = kindNames[kind]
  return items.length === 0
    ? [{ kind: 'paragraph', text: `Requests of ${name} and of wire clients are equally long.`, only }]
    : [
        { kind: 'paragraph', text: `How requests of ${name} differ from those of wire clients:`, only },
        { kind: 'list', items, only },
      ]
}

function differencesOf(own: readonly KindPair[]): Difference[] {
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

function differenceItem({ part, reason, bytes, techniques }: Difference, measured: number): Finding {
  const [low, high] = [Math.min(...bytes), Math.max(...bytes)]
  const range = low === high ? signed(low) : `${signed(low)} to ${signed(high)}`
  const where =
    techniques.size === measured
      ? ''
      : techniques.size <= namedAtMost
        ? ` in ${listed([...techniques])}`
        : ` in ${techniques.size} of ${measured} techniques`
  return { topic: part, text: `${range} B${where}: ${reason ?? 'not explained'}.` }
}

const signed = (bytes: number): string => `${bytes < 0 ? '−' : '+'}${Math.abs(bytes).toLocaleString('en-US')}`
