/** The chapter of the storms: a section for each fault, with its tables, curves and trade-off. */
import { typical } from '../../../results/across-runs.ts'
import type { Series } from '../../../results/reading.ts'
import { listed, show, showPlain, showSpan } from '../../display.ts'
import { type Block, type Chapter, type Figures, figuresBlock, once, type Section } from '../block.ts'
import { seriesTable } from '../columns.ts'
import type { Figure } from '../figure.ts'
import { linkParagraphs } from '../link-findings.ts'
import { stormAnswer } from './answer.ts'
import { arrivalsFigure } from './arrivals.ts'
import { returnsOf, spanOf } from './axis.ts'
import {
  clientTable,
  latencyTable,
  type PageTable,
  peakTable,
  requestTable,
  serverTable,
  textTable,
} from './columns.ts'
import { connectedFigure } from './connected.ts'
import { stormFindings } from './findings.ts'
import { secondEvents } from './herd.ts'
import { outcomeFigure, pulseTable, rearmFigure } from './herd-figures.ts'
import { latencyFigure } from './latency.ts'
import { simulatedBlocks } from './simulated.ts'
import {
  byPolicy,
  fewestAffected,
  rowName,
  type SeriesStorm,
  type Shape,
  type StormGroup,
  shapeOf,
  stormGroups,
  stormsOf,
} from './storms.ts'
import { tradeOffFigure } from './trade-off.ts'

/** Clients that are connected over time, a chart for each policy, all on one axis of time. */
function connectedFigures(storms: readonly SeriesStorm[]): Figure[] {
  const span = spanOf(storms)
  return byPolicy(storms).map(([, ofPolicy], at, { length }) =>
    connectedFigure(`policy-${at + 1}`, ofPolicy, span, length === 1),
  )
}

const highestPeak = (storms: readonly SeriesStorm[]): number =>
  Math.max(...storms.map(({ storm }) => storm.peakArrivalsPer100ms))

/** How many came at once, a chart for each policy. */
function arrivalFigures(storms: readonly SeriesStorm[]): Figure[] {
  const span = spanOf(storms)
  const most = highestPeak(storms)
  return byPolicy(storms).map(([, ofPolicy], at, { length }) =>
    arrivalsFigure(`policy-${at + 1}`, ofPolicy, span, at === 0, most, length === 1),
  )
}

/** How soon clients ask again, and what became of a second event that came before they had. */
function herdFigures(storms: readonly SeriesStorm[]): Figure[] {
  const series = storms.map(each => each.series)
  return [
    ...(series.some(each => secondEvents(each).length > 0) ? [outcomeFigure(series)] : []),
    rearmFigure(series),
  ]
}

/** The figures of requests on open connections. @param opened whether the first of them opens the section already */
function requestFigures(storms: readonly SeriesStorm[], opened: boolean): Figure[] {
  return [
    ...herdFigures(storms).slice(opened ? 1 : 0),
    arrivalsFigure('requests', storms, spanOf(storms), true, highestPeak(storms), true),
  ]
}

/** How the storms of one shape are shown on the page. */
interface Portrait {
  /** The figures that the section opens with. */
  readonly picture: (storms: readonly SeriesStorm[]) => Figure[]
  /** The tables of its own: one above the other figures, the rest below. */
  readonly first: PageTable
  readonly others: readonly PageTable[]
  /** The other figures, in blocks whose charts stand side by side; the picture is missing where it did not open. */
  readonly figures: readonly ((storms: readonly SeriesStorm[], opened: boolean) => Figure[])[]
}

/** In the order in which the parts of a section follow each other. */
const portraits: Readonly<Record<Shape, Portrait>> = {
  connections: {
    picture: connectedFigures,
    first: peakTable,
    others: [clientTable],
    figures: [arrivalFigures, storms => [tradeOffFigure(storms)]],
  },
  requests: {
    picture: storms => herdFigures(storms).slice(0, 1),
    first: requestTable,
    others: [],
    figures: [requestFigures],
  },
  latency: {
    picture: storms => [latencyFigure(storms)],
    first: latencyTable,
    others: [],
    figures: [(storms, opened) => (opened ? [] : [latencyFigure(storms)])],
  },
}

/** The series of a group that are shown alike. */
interface Part {
  readonly shape: Shape
  readonly series: readonly Series[]
  readonly storms: readonly SeriesStorm[]
}

/** The parts of a group; a series whose runs ended before the fault is shown with the first. */
function partsOf({ series }: StormGroup, storms: readonly SeriesStorm[]): Part[] {
  const shapes = new Map(storms.map(each => [each.series, shapeOf(each)]))
  const present = (Object.keys(portraits) as Shape[]).filter(shape => [...shapes.values()].includes(shape))
  const [usual = 'connections'] = present
  return (present.length === 0 ? [usual] : present).map(shape => {
    const ofShape = series.filter(each => (shapes.get(each) ?? usual) === shape)
    return { shape, series: ofShape, storms: storms.filter(each => ofShape.includes(each.series)) }
  })
}

/** The figures that a section opens with: those of its first part. */
function pictureOf([first]: readonly Part[]): Figures | null {
  return first === undefined || first.storms.length === 0
    ? null
    : { kind: 'figures', figures: portraits[first.shape].picture(first.storms) }
}

/** The tables and figures of a part; the first has opened the section. */
function partBlocks({ shape, series, storms }: Part, at: number): Block[] {
  const { first, figures } = portraits[shape]
  return [
    ...titled(first, series),
    ...affectedNote(series),
    ...(storms.length === 0 ? [] : figures.map(make => figuresBlock(() => make(storms, at === 0), ['page']))),
  ]
}

/** What was done, and how soon it was over. */
function introduction({ faultText }: StormGroup, storms: readonly SeriesStorm[]): string {
  if (storms.length === 0) return `Every run ended before the fault ${faultText}.`
  const returns = returnsOf(storms)
  const stalls = storms.every(({ storm }) => storm.of === 'deliveries')
  const connecting = storms.filter(each => shapeOf(each) === 'connections').map(({ storm }) => storm)
  const rates = [...new Set(connecting.flatMap(storm => storm.acceptRatePerSecond ?? []))]
  const policies = [...new Set(connecting.map(storm => storm.backoff))]
  const faults = storms.map(({ storm }) => storm.faultAtMicros)
  return [
    `The fault ${faultText} came ${showSpan(faults, 'µs')} into the measured window.`,
    ...(returns.length > 0 && Math.max(...returns) > 0
      ? [
          `${stalls ? 'The clients read again' : 'The server could be reached again'} ${showSpan(returns, 'µs')} later.`,
        ]
      : []),
    ...(rates.length > 0
      ? [
          `It accepted at most ${rates.map(rate => showPlain(rate, 'count')).join(' or ')} connections per second, as a loaded server would.`,
        ]
      : []),
    ...(policies.length > 0 ? [`Clients reconnected with backoff ${listed(policies)}.`] : []),
  ].join(' ')
}

/** A table of the page under its heading. */
const titled = ({ title, reading, columns }: PageTable, series: readonly Series[]): Block[] => [
  { kind: 'heading', text: title, only: ['page'] },
  { kind: 'paragraph', role: 'note', text: reading, only: ['page'] },
  {
    ...seriesTable(title, series, columns, { dense: true, nameOf: each => rowName(each, series) }),
    only: ['page'],
  },
]

/** Which t99 are those of a handful of clients. */
function affectedNote(all: readonly Series[]): Block[] {
  const few = all.flatMap(series => {
    const affected = typical(series, 'storm.affected') ?? 0
    const timed = typical(series, 'storm.backP99') !== null
    return timed && affected > 0 && affected < fewestAffected
      ? [`${series.label} (${show(affected, 'count')})`]
      : []
  })
  const text = `Of fewer than ${fewestAffected} affected clients, t99 is the time of the slowest: ${listed(few)}.`
  return few.length === 0 ? [] : [{ kind: 'paragraph', role: 'note', text }]
}

function blocksOf(group: StormGroup, storms: readonly SeriesStorm[], parts: readonly Part[]): Block[] {
  const { series } = group
  return [
    {
      kind: 'paragraph',
      role: 'lead',
      text: introduction(group, storms),
      only: ['page', 'markdown'],
    },
    ...parts.map((part): Block => {
      const { title, columns } = textTable(part.shape, part.series)
      return { ...seriesTable(title, part.series, columns), only: ['markdown', 'terminal'] }
    }),
    ...linkParagraphs({ series }),
    ...parts.flatMap(partBlocks),
    ...(storms.some(({ storm }) => storm.pulses !== null) ? pulseTable(storms) : []),
    ...parts.flatMap(part => portraits[part.shape].others.flatMap(table => titled(table, part.series))),
    ...titled(serverTable, series),
    ...simulatedBlocks(storms),
  ]
}

/** A section for each fault of each scenario. */
export const stormChapter: Chapter = reading => {
  const groups = stormGroups(reading)
  const several = new Set(groups.map(({ scenario }) => scenario)).size > 1
  return groups.map((group, at): Section => {
    const suffix = several ? `, ${group.scenario}` : ''
    const storms = stormsOf(group.series)
    const parts = partsOf(group, storms)
    // A fault that ends no connection starts no storm.
    const word = storms.length > 0 && parts.every(({ shape }) => shape === 'latency') ? 'Fault' : 'Storm'
    return {
      id: `storm-${at + 1}`,
      title: `${word}: ${group.fault}${suffix}`,
      answer: { ...stormAnswer(group), picture: once(() => pictureOf(parts)) },
      findings: stormFindings(group, `${word}, ${group.fault}${suffix}`),
      blocks: blocksOf(group, storms, parts),
    }
  })
}
