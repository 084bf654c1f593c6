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
import { spanOf } from './axis.ts'
import { clientTable, type PageTable, peakTable, requestTable, serverTable, stormColumns } from './columns.ts'
import { connectedFigure } from './connected.ts'
import { stormFindings } from './findings.ts'
import { secondEvents } from './herd.ts'
import { outcomeFigure, pulseTable, rearmFigure } from './herd-figures.ts'
import { simulatedBlocks } from './simulated.ts'
import {
  byPolicy,
  fewestAffected,
  rowName,
  type SeriesStorm,
  type StormGroup,
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

/** The figure that a section opens with: the clients that were connected, or what a herd did to the next event. */
function pictureOf(connections: readonly SeriesStorm[], requests: readonly SeriesStorm[]): Figures | null {
  const figures = connections.length > 0 ? connectedFigures(connections) : herdFigures(requests).slice(0, 1)
  return requests.length + connections.length === 0 ? null : { kind: 'figures', figures }
}

/** What was done, and how soon the server could be reached again. */
function introduction({ faultText }: StormGroup, storms: readonly SeriesStorm[]): string {
  if (storms.length === 0) return `Every run ended before the fault ${faultText}.`
  const returns = storms.flatMap(({ storm }) =>
    storm.serverBackAtMicros === null ? [] : storm.serverBackAtMicros - storm.faultAtMicros,
  )
  const connecting = storms.filter(({ storm }) => storm.of === 'connections')
  const rates = [...new Set(connecting.flatMap(({ storm }) => storm.acceptRatePerSecond ?? []))]
  const policies = [...new Set(connecting.map(({ storm }) => storm.backoff))]
  const faults = storms.map(({ storm }) => storm.faultAtMicros)
  return [
    `The fault ${faultText} came ${showSpan(faults, 'µs')} into the measured window.`,
    ...(returns.length > 0 && Math.max(...returns) > 0
      ? [`The server could be reached again ${showSpan(returns, 'µs')} later.`]
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
const titled = ({ title, reading, columns }: PageTable, { series }: StormGroup): Block[] => [
  { kind: 'heading', text: title, only: ['page'] },
  { kind: 'paragraph', role: 'note', text: reading, only: ['page'] },
  {
    ...seriesTable(title, series, columns, { dense: true, nameOf: each => rowName(each, series) }),
    only: ['page'],
  },
]

/** What came all at once: clients that reconnect, or requests. */
const ofKind = (storms: readonly SeriesStorm[], kind: SeriesStorm['storm']['of']): SeriesStorm[] =>
  storms.filter(({ storm }) => storm.of === kind)

/** Which t99 are those of a handful of clients. */
function affectedNote(all: readonly Series[]): Block[] {
  const few = all.flatMap(series => {
    const affected = typical(series, 'storm.affected') ?? 0
    return affected > 0 && affected < fewestAffected ? [`${series.label} (${show(affected, 'count')})`] : []
  })
  const text = `Of fewer than ${fewestAffected} affected clients, t99 is the time of the slowest: ${listed(few)}.`
  return few.length === 0 ? [] : [{ kind: 'paragraph', role: 'note', text }]
}

function blocksOf(group: StormGroup): Block[] {
  const { series } = group
  const storms = stormsOf(series)
  const [connections, requests] = [ofKind(storms, 'connections'), ofKind(storms, 'requests')]
  const [first, ...others] =
    requests.length > 0 && connections.length === 0
      ? [requestTable, serverTable]
      : [peakTable, clientTable, serverTable]
  return [
    {
      kind: 'paragraph',
      role: 'lead',
      text: introduction(group, storms),
      only: ['page', 'markdown'],
    },
    { ...seriesTable('Storm', series, stormColumns(series)), only: ['markdown', 'terminal'] },
    ...linkParagraphs({ series }),
    ...titled(first ?? serverTable, group),
    ...affectedNote(series),
    ...(connections.length === 0 ? [] : [figuresBlock(() => arrivalFigures(connections), ['page'])]),
    ...(connections.length === 0 ? [] : [figuresBlock(() => [tradeOffFigure(connections)], ['page'])]),
    ...(requests.length === 0
      ? []
      : [figuresBlock(() => requestFigures(requests, connections.length === 0), ['page'])]),
    ...(requests.some(({ storm }) => storm.pulses !== null) ? pulseTable(requests) : []),
    ...others.flatMap(table => titled(table, group)),
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
    const picture = once(() => pictureOf(ofKind(storms, 'connections'), ofKind(storms, 'requests')))
    return {
      id: `storm-${at + 1}`,
      title: `Storm: ${group.fault}${suffix}`,
      answer: { ...stormAnswer(group), picture },
      findings: stormFindings(group, `Storm, ${group.fault}${suffix}`),
      blocks: blocksOf(group),
    }
  })
}
