/**
 * A scenario in sentences with numbers and units. Only techniques that passed are compared. No sentence calls a
 * difference significant: that takes many runs of both sides.
 */

import { typical } from '../../results/across-runs.ts'
import type { MetricName } from '../../results/metrics.ts'
import type { Scenario, Series } from '../../results/reading.ts'
import { many, show, times } from '../display.ts'
import { workloadPhrases } from '../subject.ts'
import { trouble } from '../warnings.ts'
import type { Finding } from './block.ts'
import { findingOf } from './block.ts'
import { type Ends, ends, ranked } from './extremes.ts'
import { linkFindings } from './link-findings.ts'
import { sharedSessionFindings } from './shared-sessions.ts'

/** How the words of one comparison go. */
interface Wording {
  readonly name: MetricName
  /** The subject of the sentence: `The median latency`. */
  readonly subject: string
  /** What follows the factor: `times as long`. Left out where the difference is more certain than a ratio of it. */
  readonly factor?: string
}

/** `, 9.2 times as long`: how far apart the ends are at least. */
function factorOf({ low, high }: Ends, factor: string | undefined): string {
  const ratio = high === null ? null : times(high.least, low.most)
  if (factor === undefined || high === null || ratio === null || ratio === '1.0') return ''
  return `: ${low.least < low.most || high.least < high.most ? 'at least ' : ''}${ratio} ${factor}`
}

/** `Median latency was lowest with sse (1 ms) and highest with polling (1 s).`; those that are alike are one end. */
function extremes(series: readonly Series[], { name, subject, factor }: Wording): string | null {
  const both = ends(series, name)
  if (both === null) return null
  const { low, high } = both
  return high === null
    ? `${subject} was ${low.text} with ${low.label}.`
    : `${subject} was lowest with ${low.label} (${low.text}) and highest with ${high.label} (${high.text})${factorOf(both, factor)}.`
}

/** What is set side by side: techniques, or several settings of them. */
function compared(series: readonly Series[]): string {
  const techniques = new Set(series.map(each => each.technique)).size
  if (series.length === 1) return '1 technique'
  const things =
    techniques === series.length
      ? many(techniques, 'technique')
      : `${series.length} settings of ${many(techniques, 'technique')}`
  return `${things} under one workload`
}

/** Deliveries that are missing from what passed though none was lost, as the run asked: `, but ...`. */
export function exceptions(passed: readonly Series[]): string {
  const total = (pick: (events: Series['runs'][0]['events']) => number): number =>
    passed.reduce((sum, { runs }) => sum + runs.reduce((all, { events }) => all + pick(events), 0), 0)
  const [taken, held] = [total(events => events.takenByOther), total(events => events.heldBack ?? 0)]
  const words = [
    ...(taken > 0 ? [`pages of one session took ${show(taken, 'count')} deliveries from each other`] : []),
    ...(held > 0 ? [`the link still held back ${show(held, 'count')} deliveries at the end`] : []),
  ]
  return words.length === 0 ? '' : `, but ${words.join(' and ')}`
}

function outcome({ series }: Scenario): Finding[] {
  const runs = series.flatMap(each => each.runs)
  const passed = series.filter(each => each.state === 'passed')
  const failed = series.length - passed.length
  const but = exceptions(passed)
  const verdict =
    failed === 0
      ? series.length === 1
        ? `It passed: no event was lost or duplicated${but}.`
        : `${series.length === 2 ? 'Both' : `All ${series.length}`} passed: no event was lost or duplicated${but}.`
      : passed.length === 0
        ? 'None passed, so nothing is compared.'
        : `${passed.length} passed; ${many(failed, 'other', 'others')} did not and ${failed === 1 ? 'is' : 'are'} left out of every comparison below.`
  return [
    {
      topic: 'Workload',
      text: `${compared(series)}: ${workloadPhrases(runs).join(', ')}. ${verdict}`,
    },
  ]
}

const troubles = ({ series }: Scenario): Finding[] =>
  series.flatMap(each => {
    const why = trouble(each)
    return why === null
      ? []
      : { topic: each.state === 'aborted' ? 'Aborted' : 'Failed', text: `${each.label}: ${why}.` }
  })

const latency = ({ series }: Scenario): Finding[] =>
  findingOf('Latency', [
    // The answer has the factor: a bound, since the shortest medians are not much more than the measurement error.
    extremes(series, { name: 'latency.p50', subject: 'Median latency' }),
    extremes(series, { name: 'latency.p99', subject: 'The 99th percentile' }),
  ])

const bandwidth = ({ series }: Scenario): Finding[] =>
  findingOf('Bandwidth', [
    extremes(series, {
      name: 'egress.perDelivery',
      subject: 'Egress, the bytes to clients for one delivered event,',
      factor: 'times as many',
    }),
    extremes(series, {
      name: 'ingress.perDelivery',
      subject: 'Ingress, the bytes from clients,',
      factor: 'times as many',
    }),
  ])

/** Measured empty ratios, each with what its closed form predicts. */
function emptiness({ series }: Scenario): Finding[] {
  const clauses = series
    .filter(each => each.state === 'passed')
    .flatMap(each => {
      const measured = typical(each, 'emptyRatio')
      const predicted = typical(each, 'predicted.emptyRatio')
      if (measured === null || (measured === 0 && predicted === null)) return []
      const prediction =
        predicted === null ? '' : `, where the closed form predicts ${show(predicted, 'ratio')}`
      return `${show(measured, 'ratio')} with ${each.label}${prediction}`
    })
  // A longer list is not a summary; the chart shows all of them.
  if (clauses.length > 4) {
    return findingOf('Empty responses', [
      extremes(series, {
        name: 'emptyRatio',
        subject: 'The share of responses without an event',
        factor: 'times as large',
      }),
    ])
  }
  return clauses.length === 0
    ? []
    : [{ topic: 'Empty responses', text: `Responses without an event: ${clauses.join('; ')}.` }]
}

/** `Server CPU per delivered event was 15 µs with sse (event loop 20 % busy) and ...`; no factor: the loads differ. */
function cpuSentence(series: readonly Series[]): string | null {
  const clauses = ranked(series, 'server.cpuPerDelivery').map(({ series: own, label, text }) => {
    const busy = typical(own, 'server.utilization')
    return `${text} with ${label}${busy === null ? '' : ` (event loop ${show(busy, 'ratio')} busy)`}`
  })
  const [low, high] = [clauses[0], clauses.at(-1)]
  if (low === undefined || high === undefined) return null
  return clauses.length === 1
    ? `Server CPU per delivered event was ${low}.`
    : `Server CPU per delivered event was from ${low} to ${high}; it holds for this load only.`
}

const serverCost = ({ series }: Scenario): Finding[] =>
  findingOf('Server', [
    cpuSentence(series),
    extremes(series, {
      name: 'server.rssPerClient',
      subject: 'Server memory per client',
      factor: 'times as much',
    }),
  ])

const perScenario = [
  outcome,
  sharedSessionFindings,
  linkFindings,
  troubles,
  latency,
  bandwidth,
  emptiness,
  serverCost,
]

/** The findings of one scenario, in reading order. */
export const comparisonFindings = (scenario: Scenario): Finding[] =>
  perScenario.flatMap(each => each(scenario))
