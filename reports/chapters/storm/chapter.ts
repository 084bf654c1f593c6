/** The chapter of the storms: a section for each fault, with its tables, curves and trade-off. */
import type { Series } from '../../../results/reading.ts'
import { listed, showPlain, showSpan } from '../../display.ts'
import { type Block, type Chapter, figuresBlock, type Section } from '../block.ts'
import { seriesTable } from '../columns.ts'
import type { Figure } from '../figure.ts'
import { linkParagraphs } from '../link-findings.ts'
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
  byTechnique,
  rowName,
  type SeriesStorm,
  type Shape,
  type StormGroup,
  shapeOf,
  stormGroups,
  stormsOf,
} from './storms.ts'
import { tradeOffFigure } from './trade-off.ts'

/** The figures of clients that reconnect. */
function connectionFigures(storms: readonly SeriesStorm[]): Figure[] {
  const span = spanOf(storms)
  const perTechnique = byTechnique(storms).flatMap(([, ofTechnique], at) => [
    connectedFigure(`technique-${at + 1}`, ofTechnique, span),
    arrivalsFigure(`technique-${at + 1}`, ofTechnique, span, at === 0),
  ])
  return [tradeOffFigure(storms), ...perTechnique]
}

/** The figures of requests on open connections. */
function requestFigures(storms: readonly SeriesStorm[]): Figure[] {
  const series = storms.map(each => each.series)
  const span = spanOf(storms)
  return [
    ...(series.some(each => secondEvents(each).length > 0) ? [outcomeFigure(series)] : []),
    rearmFigure(series),
    ...byTechnique(storms).map(([, ofTechnique], at) =>
      arrivalsFigure(`technique-${at + 1}`, ofTechnique, span, at === 0),
    ),
  ]
}

/** How the storms of one shape are shown on the page. */
interface Portrait {
  /** The tables of its own: one above the figures, the others below. */
  readonly first: PageTable
  readonly others: readonly PageTable[]
  readonly figures: (storms: readonly SeriesStorm[]) => Figure[]
}

const portraits: Readonly<Record<Shape, Portrait>> = {
  connections: { first: peakTable, others: [clientTable], figures: connectionFigures },
  requests: { first: requestTable, others: [], figures: requestFigures },
  latency: { first: latencyTable, others: [], figures: storms => [latencyFigure(storms)] },
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
  const [usual = 'connections'] = shapes.values()
  return [...Map.groupBy(series, each => shapes.get(each) ?? usual)].map(([shape, ofShape]) => ({
    shape,
    series: ofShape,
    storms: storms.filter(each => ofShape.includes(each.series)),
  }))
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
const titled = ({ title, reading, columns }: PageTable, { series }: Pick<StormGroup, 'series'>): Block[] => [
  { kind: 'heading', text: title, only: ['page'] },
  { kind: 'paragraph', role: 'note', text: reading, only: ['page'] },
  {
    ...seriesTable(title, series, columns, { dense: true, nameOf: each => rowName(each, series) }),
    only: ['page'],
  },
]

function blocksOf(group: StormGroup): Block[] {
  const { series } = group
  const storms = stormsOf(series)
  const parts = partsOf(group, storms)
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
    ...parts.flatMap(part => titled(portraits[part.shape].first, part)),
    figuresBlock(
      () =>
        parts.flatMap(part => (part.storms.length === 0 ? [] : portraits[part.shape].figures(part.storms))),
      ['page'],
    ),
    ...(storms.some(({ storm }) => storm.pulses !== null) ? pulseTable(storms) : []),
    ...parts.flatMap(part => portraits[part.shape].others.flatMap(table => titled(table, part))),
    ...titled(serverTable, group),
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
    // A fault that ends no connection starts no storm.
    const word = storms.length > 0 && storms.every(each => shapeOf(each) === 'latency') ? 'Fault' : 'Storm'
    return {
      id: `storm-${at + 1}`,
      title: `${word}: ${group.fault}${suffix}`,
      findings: stormFindings(group, `${word}, ${group.fault}${suffix}`),
      blocks: blocksOf(group),
    }
  })
}
