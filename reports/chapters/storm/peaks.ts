/** The peaks of storms in words: how many clients came at once, and what a lower peak cost in time. */
import { typical } from '../../../results/across-runs.ts'
import { type MetricName, metric } from '../../../results/metrics.ts'
import type { Series } from '../../../results/reading.ts'
import { many, show, showSpan } from '../../display.ts'
import { type Back, backOf, backWords } from './back.ts'

/** More techniques than this get one sentence for each policy; the tables have them all. */
export const mostTechniques = 6
/** Policies that the sentence names between the highest and the lowest peak. */
const mostBetween = 2

/** A number of a series in words. */
export const text = (series: Series, name: MetricName): string =>
  show(typical(series, name), metric(name).unit)

/** A number of several series in words, from the lowest to the highest. */
export const span = (all: readonly Series[], name: MetricName): string =>
  showSpan(
    all.flatMap(each => typical(each, name) ?? []),
    metric(name).unit,
  )

/** Attempts in a window, with their number per client where clients try repeatedly. */
function arrivalWords(series: Series): string {
  const { clients } = series.runs[0].workload
  const peak = typical(series, 'storm.peakArrivals') ?? 0
  return peak <= clients
    ? `${many(peak, 'attempt')} came within 100 ms, of ${many(clients, 'client')}`
    : `${many(peak, 'attempt')} came within 100 ms, ${show(peak / clients, 'count')} per client`
}

const peakOf = (series: Series): number => typical(series, 'storm.peakArrivals') ?? 0

/** What the lowest peak cost, compared with the time of the highest. */
function costWords(low: Series, high: Series, since: Back): string {
  const isBack = (series: Series): boolean => Number.isFinite(typical(series, since.metric) ?? Number.NaN)
  return isBack(low) && isBack(high)
    ? `took ${text(low, since.metric)} from the ${since.origin} until 99 % were back instead of ${text(high, since.metric)}`
    : backWords(low, since)
}

/** The policies of one technique from the highest peak to the lowest, and what the lowest cost. */
function peakSentence(name: string, series: readonly Series[]): string | null {
  const [high, ...others] = series.toSorted((a, b) => peakOf(b) - peakOf(a))
  if (high === undefined) return null
  const low = others.pop()
  const since = backOf(series)
  const between = others
    .slice(0, mostBetween)
    .map(each => `with ${each.backoff} ${show(peakOf(each), 'count')}, and ${backWords(each, since)}`)
  const lowest =
    low === undefined
      ? []
      : [`${low.backoff} kept the peak at ${show(peakOf(low), 'count')} and ${costWords(low, high, since)}`]
  return `${name}: with ${high.backoff} ${[`${arrivalWords(high)}, and ${backWords(high, since)}`, ...between, ...lowest].join('; ')}.`
}

/** One policy over many techniques. */
function policySentence(backoff: string, series: readonly Series[]): string {
  const { metric: time, origin } = backOf(series)
  return `${backoff}: a peak of ${span(series, 'storm.peakArrivals')} arrivals per 100 ms, t99 ${span(series, time)} from the ${origin}, by technique.`
}

/** The sentences about peaks: one for each technique, or for each policy where there are many techniques. */
export function peaks(series: readonly Series[]): (string | null)[] {
  const byName = [...Map.groupBy(series, each => each.name)]
  return byName.length <= mostTechniques
    ? byName.map(([name, own]) => peakSentence(name, own))
    : [...Map.groupBy(series, each => each.backoff)].map(([backoff, own]) => policySentence(backoff, own))
}
