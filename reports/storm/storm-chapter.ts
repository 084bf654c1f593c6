/** The chapter of the storms: a section for each fault, with its tables, curves and trade-off. */

import { listed, showPlain, showSpan } from '../display.ts'
import { type Markup, markup } from '../markup.ts'
import { type Figure, figureMarkup } from '../page/figure.ts'
import type { Chapter, Section } from '../page/section.ts'
import type { Styles } from '../page/series-style.ts'
import { secondEvents } from './herd.ts'
import { fateFigure, pulseTable, rearmFigure } from './herd-figures.ts'
import { arrivalsFigure } from './storm-arrivals.ts'
import { spanOf } from './storm-axis.ts'
import { clientTable, peakTable, requestTable, serverTable } from './storm-columns.ts'
import { connectedFigure } from './storm-connected.ts'
import { simulatedMarkup, stormTable } from './storm-tables.ts'
import { tradeOffFigure } from './storm-trade-off.ts'
import { byTechnique, type StormGroup, stormGroups, type Told, toldOf } from './storms.ts'

/** The figures of connections that are made anew. */
function connectionFigures(told: readonly Told[], styles: Styles): Figure[] {
  const span = spanOf(told)
  const perTechnique = byTechnique(told).flatMap(([, ofTechnique], at) => [
    connectedFigure(`technique-${at + 1}`, ofTechnique, span, styles),
    arrivalsFigure(`technique-${at + 1}`, ofTechnique, span, styles, at === 0),
  ])
  return [tradeOffFigure(told, styles), ...perTechnique]
}

/** The figures of requests on connections that stand. */
function requestFigures(told: readonly Told[], styles: Styles): Figure[] {
  const series = told.map(each => each.series)
  const span = spanOf(told)
  return [
    ...(series.some(each => secondEvents(each).length > 0) ? [fateFigure(series, styles)] : []),
    rearmFigure(series, styles),
    ...byTechnique(told).map(([, ofTechnique], at) =>
      arrivalsFigure(`technique-${at + 1}`, ofTechnique, span, styles, at === 0),
    ),
  ]
}

/** What was done, and how soon the server could be reached again. */
function introduction({ faultText }: StormGroup, told: readonly Told[]): Markup {
  const returns = told.flatMap(({ storm }) =>
    storm.serverBackAtMicros === null ? [] : storm.serverBackAtMicros - storm.faultAtMicros,
  )
  const connecting = told.filter(({ storm }) => storm.of === 'connections')
  const rates = [...new Set(connecting.flatMap(({ storm }) => storm.acceptRatePerSecond ?? []))]
  const policies = [...new Set(connecting.map(({ storm }) => storm.backoff))]
  const back =
    returns.length > 0 &&
    Math.max(...returns) > 0 &&
    ` The server was back ${showSpan(returns, 'µs')} after it.`
  const brake =
    rates.length > 0 &&
    ` It was made to take at most ${rates.map(rate => showPlain(rate, 'count')).join(' or ')} connections per second, as a loaded one would.`
  return markup`<p class="lead"><code>${faultText}</code>, ${
    told[0] === undefined
      ? 'which no run lived to see.'
      : `${showSpan(
          told.map(({ storm }) => storm.faultAtMicros),
          'µs',
        )} into the measured window.`
  }${back}${brake}${policies.length > 0 && ` Clients come back with backoff ${listed(policies)}.`}</p>
`
}

function section(group: StormGroup, id: string, title: string, styles: Styles): Section {
  const told = toldOf(group.series)
  const [connections, requests] = [
    told.filter(({ storm }) => storm.of === 'connections'),
    told.filter(({ storm }) => storm.of === 'requests'),
  ]
  const figures = [
    ...(connections.length === 0 ? [] : connectionFigures(connections, styles)),
    ...(requests.length === 0 ? [] : requestFigures(requests, styles)),
  ]
  const tables = [
    ...(requests.length > 0 && connections.length === 0 ? [requestTable] : [peakTable, clientTable]),
    serverTable,
  ]
  const [first, ...others] = tables.map(table => stormTable(table, group.series, styles))
  return {
    id,
    title,
    body: markup`${introduction(group, told)}${first}
<div class="figures">
${figures.map(figure => figureMarkup(figure, id, styles.all))}</div>
<div class="tables">
${
  requests.some(({ storm }) => storm.pulses !== null) &&
  markup`<h3>The events one by one</h3>
${pulseTable(requests, styles)}`
}
${others}
${simulatedMarkup(told, styles)}</div>`,
    charts: Object.fromEntries(
      figures.flatMap(({ id: name, chart }) => (chart === null ? [] : [[`${id}-${name}`, chart]])),
    ),
  }
}

/** A section for each fault of each scenario. */
export const stormChapter: Chapter = (result, styles) => {
  const groups = stormGroups(result)
  const several = new Set(groups.map(({ scenario }) => scenario)).size > 1
  return groups.map((group, at) =>
    section(group, `storm-${at + 1}`, `Storm: ${group.fault}${several ? `, ${group.scenario}` : ''}`, styles),
  )
}
