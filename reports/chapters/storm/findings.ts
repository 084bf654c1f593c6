/** Storms in words: one sentence for each thing that was found, with its numbers. */

import { across, typical } from '../../../results/across-runs.ts'
import { type MetricName, metric } from '../../../results/metrics.ts'
import type { Series } from '../../../results/reading.ts'
import { listed, many, show, showPlain, showSpan } from '../../display.ts'
import { trouble } from '../../warnings.ts'
import { type Finding, findingOf } from '../block.ts'
import { unequalReturns } from './back.ts'
import { pulsesOf, secondEvents } from './herd.ts'
import { mostTechniques, peaks, span, text } from './peaks.ts'
import { rowName, type SeriesStorm, type StormGroup, shapeOf, stormsOf } from './storms.ts'

const total = (all: readonly Series[], name: MetricName): number =>
  all.reduce((sum, each) => sum + (typical(each, name) ?? 0), 0)
/** The largest number of any run: what all runs are said to be free of must not be hidden by a median. */
const worst = (series: Series, name: MetricName): number => across(series, name)?.max ?? 0
const worstWords = (series: Series, name: MetricName): string =>
  `${series.runs.length > 1 ? 'up to ' : ''}${show(worst(series, name), metric(name).unit)}`
/** A sentence about all runs, said of those that passed where others did not. */
const passedOnly = (sentence: string, complete: boolean): string =>
  complete ? sentence : `In the runs that passed, ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`
const labels = (all: readonly Series[]): string => listed(all.map(each => each.label))
const unique = (words: readonly string[]): string[] => [...new Set(words)]

/** Which fault hit which techniques. */
function subject({ faultText, series }: StormGroup, storms: readonly SeriesStorm[]): string {
  const clients = unique(series.map(each => many(each.runs[0].workload.clients, 'client'))).join(' or ')
  const names = listed(unique(series.map(each => each.name)))
  if (storms.every(({ storm }) => storm.of === 'requests'))
    return `With ${faultText} the ${clients} of ${names} ask again at once.`
  if (storms.length > 0 && storms.every(each => shapeOf(each) === 'latency'))
    return `${faultText} hit ${names} with ${clients}, and ended no connection by itself.`
  const rates = unique(
    series.flatMap(({ runs: [{ workload }] }) =>
      workload.acceptRatePerSecond === null ? [] : showPlain(workload.acceptRatePerSecond, 'count'),
    ),
  )
  return [
    `${faultText} hit ${names} with ${clients}`,
    `which reconnect with backoff ${listed(unique(series.map(each => each.runs[0].workload.backoff)))}`,
    ...(rates.length === 0
      ? []
      : [`to a server that accepts at most ${rates.join(' or ')} connections per second`]),
  ]
    .join(', ')
    .concat('.')
}

const spoiled = (series: readonly Series[]): string[] =>
  series.flatMap(each => {
    const why = trouble(each)
    return why === null ? [] : `${each.label} ${each.state}: ${why}.`
  })

/** Clients that never reconnected, and techniques that did not notice the fault. */
function absences(all: readonly Series[], complete: boolean): (string | null)[] {
  const gone = all.filter(each => worst(each, 'storm.neverBack') > 0)
  const unaware = all.filter(each => typical(each, 'storm.affected') === 0)
  const affected = all.filter(each => (typical(each, 'storm.affected') ?? 0) > 0)
  return [
    ...gone.map(
      each =>
        `${worstWords(each, 'storm.neverBack')} of ${many(each.runs[0].workload.clients, 'client')} never came back with ${each.label}.`,
    ),
    gone.length === 0 && affected.length > 0
      ? passedOnly('Every affected client came back.', complete)
      : null,
    unaware.length > 0 ? `No client of ${labels(unaware)} noticed the fault.` : null,
    ...affected
      .filter(each => (typical(each, 'storm.noticedP50') ?? 0) > 1e6)
      .map(
        each =>
          `With ${each.label} half of the clients noticed after ${text(each, 'storm.noticedP50')}, the last after ${text(each, 'storm.noticedMax')}.`,
      ),
  ]
}

/** What came late to the clients of a series that had stopped reading; null where none had. */
function backlogWords(series: Series): string | null {
  const stalled = typical(series, 'storm.stalledClients') ?? 0
  if (stalled === 0) return null
  const { clients } = series.runs[0].workload
  const late = typical(series, 'storm.backlog') ?? 0
  const stop = `${show(stalled, 'count')} of ${many(clients, 'client')} stopped reading`
  return late === 0
    ? `${stop}, and nothing was late for them.`
    : `${stop}; ${many(late, 'delivery', 'deliveries')} came late to them, by ${text(series, 'storm.backlogP50')} in the median and ${text(series, 'storm.backlogMax')} at most, and all had come ${text(series, 'storm.backlogCleared')} after they read again.`
}

/** How late events were where no client lost its connection. */
function lateness(all: readonly Series[]): (string | null)[][] {
  const words = (one: (name: MetricName) => string): string =>
    `p50 ${one('latency.p50')}, p99 ${one('latency.p99')}, maximum ${one('latency.max')} over the measured window`
  return all.length > mostTechniques
    ? [[`${words(name => span(all, name))}, by technique.`]]
    : all.map(each => [`${rowName(each, all)}: ${words(name => text(each, name))}.`, backlogWords(each)])
}

/** What became of the events that were due meanwhile. */
function events(all: readonly Series[], complete: boolean): (string | null)[] {
  const counted = all.filter(each => typical(each, 'storm.lost') !== null)
  const losers = counted.filter(each => worst(each, 'storm.lost') > 0)
  const doubled = counted.filter(each => (typical(each, 'events.duplicated') ?? 0) > 0)
  const caughtUp = total(counted, 'storm.caughtUp')
  const overflows = counted.filter(each => (typical(each, 'storm.listenOverflows') ?? 0) > 0)
  return [
    ...losers.map(each => `${each.label} lost ${worstWords(each, 'storm.lost')} deliveries for good.`),
    counted.length > 0 && losers.length === 0
      ? passedOnly(
          `Nothing was lost for good${caughtUp > 0 ? `: ${show(caughtUp, 'count')} deliveries that were due meanwhile came from the log later` : ''}.`,
          complete,
        )
      : null,
    ...counted
      .filter(each => (typical(each, 'events.outstanding') ?? 0) > 0)
      .map(
        each =>
          `${each.label}: clients that were not back had yet to ask for ${many(typical(each, 'events.outstanding') ?? 0, 'delivery', 'deliveries')}.`,
      ),
    ...doubled.map(each => `${each.label} delivered ${text(each, 'events.duplicated')} events twice.`),
    overflows.length > 0
      ? `The kernel dropped connections because a listen queue of the host was full, with ${listed(
          overflows.map(each => `${each.label} ${text(each, 'storm.listenOverflows')}`),
        )}.`
      : null,
  ]
}

/** How long a technique takes to ask again, and what a second event met. */
function herd(series: Series): string | null {
  if (pulsesOf(series).length === 0) return null
  const rearm =
    typical(series, 'rearm.p50') === null
      ? `${series.name}: no client asked again`
      : `${series.name}: half of the clients asked again within ${text(series, 'rearm.p50')} of their answer, 99 % within ${text(series, 'rearm.p99')}`
  const seconds = secondEvents(series)
  if (seconds.length === 0) return `${rearm}.`
  const shares = seconds.map(each =>
    show(each.metArmed / (each.metArmed + each.waited + each.lost || Number.NaN), 'ratio'),
  )
  const lost = seconds.reduce((sum, each) => sum + each.lost, 0)
  return `${rearm}; of second events that came ${listed(seconds.map(each => String(each.gapShare)))} median gaps later, ${listed(shares)} of the deliveries met a waiting request, the others waited in the log, and ${lost === 0 ? 'none was lost' : `${show(lost, 'count')} were lost`}.`
}

/** How far the model of the same storms agrees. */
function agreement(all: readonly Series[]): string | null {
  const ratios = (own: MetricName, model: MetricName): number[] =>
    all.flatMap(each => {
      const [measured, simulated] = [typical(each, own), typical(each, model)]
      const ratio = measured === null || !simulated ? Number.NaN : measured / simulated
      return Number.isFinite(ratio) ? ratio : []
    })
  const clause = (words: string, values: readonly number[]): string[] =>
    values.length === 0 ? [] : [`${words} ${showSpan(values, 'count')} times the model's`]
  const clauses = [
    ...clause(
      'the measured peak after the return was',
      ratios('storm.peakAfterReturn', 'storm.simulatedPeakArrivals'),
    ),
    ...clause('t50', ratios('storm.backP50', 'storm.simulatedBackP50')),
    ...clause('t99', ratios('storm.backP99', 'storm.simulatedBackP99')),
  ]
  return clauses.length === 0 ? null : `Compared with a simulation of the same storms, ${listed(clauses)}.`
}

/** What one fault did to the techniques and policies that met it. */
export function stormFindings(group: StormGroup, topic: string): Finding[] {
  const storms = stormsOf(group.series)
  const sound = storms.filter(({ series }) => series.state === 'passed')
  const complete = group.series.every(each => each.state === 'passed')
  const seriesOf = (of: SeriesStorm['storm']['of']): Series[] =>
    sound.filter(({ storm }) => storm.of === of).map(({ series }) => series)
  const [connections, requests, deliveries] = [
    seriesOf('connections'),
    seriesOf('requests'),
    seriesOf('deliveries'),
  ]
  const late = sound.filter(each => shapeOf(each) === 'latency').map(({ series }) => series)
  return [
    ...findingOf(topic, [subject(group, storms), ...spoiled(group.series)]),
    ...peaks(connections.filter(each => (typical(each, 'storm.affected') ?? 0) > 0)).flatMap(each =>
      findingOf('Peak and tail', [each]),
    ),
    ...unequalReturns(connections).flatMap(each => findingOf('Server return', [each])),
    ...findingOf('Back again', absences(connections, complete)),
    ...lateness(late).flatMap(sentences => findingOf('Latency', sentences)),
    ...requests.flatMap(each => findingOf('Herd', [herd(each)])),
    ...findingOf('Events', events([...connections, ...requests, ...deliveries], complete)),
    ...findingOf('Model', [agreement(connections)]),
  ]
}
