/** The chapter of the storms: a section for each fault, with its tables, curves and trade-off. */
import { listed, showPlain, showSpan } from '../../display.ts'
import { type Block, type Chapter, figuresBlock, type Section } from '../block.ts'
import { seriesTable } from '../columns.ts'
import type { Figure } from '../figure.ts'
import { linkParagraphs } from '../link-findings.ts'
import { arrivalsFigure } from './arrivals.ts'
import { spanOf } from './axis.ts'
import { clientTable, type PageTable, peakTable, requestTable, serverTable, stormColumns } from './columns.ts'
import { connectedFigure } from './connected.ts'
import { stormFindings } from './findings.ts'
import { secondEvents } from './herd.ts'
import { outcomeFigure, pulseTable, rearmFigure } from './herd-figures.ts'
import { simulatedBlocks } from './simulated.ts'
import { byTechnique, rowName, type SeriesStorm, type StormGroup, stormGroups, stormsOf } from './storms.ts'
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

function blocksOf(group: StormGroup): Block[] {
  const { series } = group
  const storms = stormsOf(series)
  const [connections, requests] = [
    storms.filter(({ storm }) => storm.of === 'connections'),
    storms.filter(({ storm }) => storm.of === 'requests'),
  ]
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
    figuresBlock(
      () => [
        ...(connections.length === 0 ? [] : connectionFigures(connections)),
        ...(requests.length === 0 ? [] : requestFigures(requests)),
      ],
      ['page'],
    ),
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
    return {
      id: `storm-${at + 1}`,
      title: `Storm: ${group.fault}${suffix}`,
      findings: stormFindings(group, `Storm, ${group.fault}${suffix}`),
      blocks: blocksOf(group),
    }
  })
}
