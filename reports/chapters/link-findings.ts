/** The link of a scenario in sentences: what it cost, what it let through. */
import { typical } from '../../results/across-runs.ts'
import { type MetricName, metric } from '../../results/metrics.ts'
import type { Scenario, Series } from '../../results/reading.ts'
import type { StoredLink } from '../../results/result.ts'
import { listed, show, showPlain, showRange } from '../display.ts'
import { linkPhrase } from '../link-words.ts'
import type { Block, Finding } from './block.ts'

/** The link of one scenario; empty where the clients reached their servers directly. */
export function linkFindings({ series }: Pick<Scenario, 'series'>): Finding[] {
  const relayed = series.filter(each => each.runs[0].workload.link !== null)
  const link = relayed[0]?.runs[0].workload.link ?? null
  if (link === null) return []
  const text = `Clients reached the server ${linkPhrase(link)}. ${ownShare(relayed)}`
  return [{ topic: 'Link', text }, ...bufferFinding(relayed, link), ...idleCutFinding(relayed, link)]
}

/** What the relay took beyond what was asked of it, over all techniques. */
function ownShare(series: readonly Series[]): string {
  const [p50, p99] = [over(series, 'relay.addedP50'), over(series, 'relay.addedP99')]
  return p50 === null || p99 === null
    ? 'Nothing passed the relay, so its own delay is unknown.'
    : `The relay itself added ${p50} (median) and ${p99} (99th percentile) to each one-way transit.`
}

/** The smallest and the largest of the techniques' values. */
function over(series: readonly Series[], name: MetricName): string | null {
  const { unit } = metric(name)
  const values = series.map(each => typical(each, name)).filter(value => value !== null)
  if (values.length === 0) return null
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const range = showRange(low, high, unit)
  return low === high ? showPlain(low, unit) : range
}

const sum = <T>(all: readonly T[], pick: (one: T) => number): number =>
  all.reduce((total, one) => total + pick(one), 0)

/** Claim and effect of a buffer: what came in time, what did not come at all. */
function bufferFinding(series: readonly Series[], { bufferBytes }: StoredLink): Finding[] {
  if (bufferBytes === null) return []
  const delivered = (each: Series): number => sum(each.runs, ({ events }) => events.delivered)
  // Older results count as lost what the buffer still held.
  const held = (each: Series): number => sum(each.runs, ({ events }) => events.heldBack ?? events.lost)
  const silent = series.filter(each => delivered(each) === 0 && held(each) > 0)
  const partly = series.filter(each => delivered(each) > 0 && held(each) > 0)
  const names = (some: readonly Series[]): string => listed(some.map(each => each.label))
  const full = bufferBytes === 'until-end' ? '' : `${showPlain(bufferBytes, 'bytes')} had come or `
  const why =
    bufferBytes === 'until-end'
      ? 'because the response of a stream does not end'
      : 'because the data never filled the buffer, and the response of a stream does not end'
  const sentences = [
    `The body of a response was held back until ${full}the response had ended.`,
    ...(silent.length > 0 ? [`So nothing reached the clients of ${names(silent)}, ${why}.`] : []),
    ...(partly.length > 0
      ? [
          `When the run ended the buffer still held ${show(sum(partly, held), 'count')} deliveries to the clients of ${names(partly)}: they are late, not lost.`,
        ]
      : []),
    ...(silent.length + partly.length === 0 ? ['Every technique still delivered its events.'] : []),
  ]
  return [{ topic: 'Buffer', text: sentences.join(' ') }]
}

/** More techniques than this get a range. */
const namedAtMost = 4

/** What an idle cut did: it was asked for, so that the connections which it closed are no errors. */
function idleCutFinding(series: readonly Series[], { idleCutMicros }: StoredLink): Finding[] {
  if (idleCutMicros === null) return []
  const after = showPlain(idleCutMicros, 'µs')
  const cuts = series
    .map(each => ({ label: each.label, count: sum(each.runs, ({ relay }) => relay?.idleCuts ?? 0) }))
    .toSorted((a, b) => b.count - a.count)
  const [most, least] = [cuts[0], cuts.at(-1)]
  const all = sum(cuts, ({ count }) => count)
  const text = ({ label, count }: (typeof cuts)[number]): string => `${show(count, 'count')} with ${label}`
  if (most === undefined || least === undefined || all === 0)
    return [{ topic: 'Idle cut', text: `No connection was idle for ${after}, so the link closed none.` }]
  const which = cuts.length <= namedAtMost ? listed(cuts.map(text)) : `from ${text(least)} to ${text(most)}`
  return [
    {
      topic: 'Idle cut',
      text: `As asked, the link closed connections that carried nothing for ${after}: ${show(all, 'count')} in the measured window, ${which}. A heartbeat, ping, hold or interval shorter than that keeps a connection open.`,
    },
  ]
}

/** The same for the terminal, which shows no summary. */
export const linkParagraphs = (scenario: Pick<Scenario, 'series'>): Block[] =>
  linkFindings(scenario).map(each => ({ kind: 'paragraph', ...each, only: ['terminal'] }))
