/**
 * The summary in words: pure functions from a result to sentences with numbers and units. Only techniques that
 * passed are compared. No sentence calls a difference significant: that takes many runs of both sides.
 */
import { type MetricName, metric } from '../results/metrics.ts'
import type { Result } from '../results/result.ts'
import { ceilingFindings } from './ceiling.ts'
import { allOf, listed, many, show, times } from './display.ts'
import { linkFindings } from './link-words.ts'
import { baseline, faulted, mostRuns, type Scenario, type Series, scenarios, typical } from './series.ts'
import { stormFindings } from './storm/storm-findings.ts'
import { workloadPhrases } from './subject.ts'
import { trouble } from './warnings.ts'

/** One paragraph of the summary. */
export interface Finding {
  /** One or two words to find it by. */
  readonly topic: string
  /** Whole sentences, plain text. */
  readonly text: string
}

/** One series and its number. */
interface Figure {
  readonly label: string
  readonly value: number
  readonly text: string
}

/** The series that may be compared, with a metric, smallest first; those without the number are left out. */
function ranked(series: readonly Series[], name: MetricName): Figure[] {
  const { read, unit } = metric(name)
  return series
    .filter(each => each.state === 'passed')
    .flatMap(each => {
      const value = typical(each, read)
      return value === null ? [] : { label: each.label, value, text: show(value, unit) }
    })
    .toSorted((a, b) => a.value - b.value)
}

/** How the words of one comparison go. */
interface Wording {
  readonly name: MetricName
  /** The subject of the sentence: `The median latency`. */
  readonly subject: string
  /** What stands behind the factor: `times as long`. */
  readonly factor: string
}

/** `The median latency was lowest with sse (1 ms) and highest with polling (1 s): 842 times as long.` */
function extremes(series: readonly Series[], { name, subject, factor }: Wording): string | null {
  const all = ranked(series, name)
  const [low] = all
  const high = all.at(-1)
  if (low === undefined || high === undefined) return null
  if (all.length === 1) return `${subject} was ${low.text} with ${low.label}.`
  const ratio = times(high.value, low.value)
  if (low.text === high.text) return `${subject} was ${low.text} with ${allOf(all.length)}.`
  const tail = ratio === null || ratio === '1.0' ? '' : `: ${ratio} ${factor}`
  return `${subject} was lowest with ${low.label} (${low.text}) and highest with ${high.label} (${high.text})${tail}.`
}

const joined = (topic: string, sentences: readonly (string | null)[]): Finding[] => {
  const text = sentences.filter(each => each !== null).join(' ')
  return text === '' ? [] : [{ topic, text }]
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

function outcome({ series }: Scenario): Finding[] {
  const runs = series.flatMap(each => each.runs)
  const passed = series.filter(each => each.state === 'passed')
  const failed = series.length - passed.length
  const verdict =
    failed === 0
      ? series.length === 1
        ? 'It passed: nothing was lost or doubled.'
        : `${series.length === 2 ? 'Both' : `All ${series.length}`} passed: nothing was lost or doubled.`
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
  joined('Latency', [
    extremes(series, { name: 'latency.p50', subject: 'Median latency', factor: 'times as long' }),
    extremes(series, { name: 'latency.p99', subject: 'The 99th percentile', factor: 'times as long' }),
  ])

const bandwidth = ({ series }: Scenario): Finding[] =>
  joined('Bandwidth', [
    extremes(series, {
      name: 'bytes.perDelivery',
      subject: 'The cost of one delivered event in bytes, both ways,',
      factor: 'times as many',
    }),
  ])

/** Measured empty ratios, each beside what its closed form predicts. */
function emptiness({ series }: Scenario): Finding[] {
  const clauses = series
    .filter(each => each.state === 'passed')
    .flatMap(each => {
      const measured = typical(each, metric('emptyRatio').read)
      const predicted = typical(each, metric('predicted.emptyRatio').read)
      if (measured === null || (measured === 0 && predicted === null)) return []
      const beside = predicted === null ? '' : `, where the closed form predicts ${show(predicted, 'ratio')}`
      return `${show(measured, 'ratio')} with ${each.label}${beside}`
    })
  // A list of more is no summary; the chart has them all.
  if (clauses.length > 4) {
    return joined('Empty answers', [
      extremes(series, {
        name: 'emptyRatio',
        subject: 'The share of responses that carried no event',
        factor: 'times as large',
      }),
    ])
  }
  return clauses.length === 0
    ? []
    : [{ topic: 'Empty answers', text: `Responses that carried no event: ${clauses.join('; ')}.` }]
}

/** `Server CPU per delivered event was 15 µs with sse (server 20 % busy) and ...`; no factor: the loads differ. */
function cpuSentence(series: readonly Series[]): string | null {
  const clauses = ranked(series, 'server.cpuPerDelivery').map(({ label, text }) => {
    const own = series.find(each => each.label === label)
    const busy = own === undefined ? null : typical(own, metric('server.utilization').read)
    return `${text} with ${label}${busy === null ? '' : ` (server ${show(busy, 'ratio')} busy)`}`
  })
  const [low, high] = [clauses[0], clauses.at(-1)]
  if (low === undefined || high === undefined) return null
  return clauses.length === 1
    ? `Server CPU per delivered event was ${low}.`
    : `Server CPU per delivered event was from ${low} to ${high}; it holds for this load alone.`
}

const serverCost = ({ series }: Scenario): Finding[] =>
  joined('Server', [
    cpuSentence(series),
    extremes(series, {
      name: 'server.rssPerClient',
      subject: 'Server memory per client',
      factor: 'times as much',
    }),
  ])

const perScenario = [
  outcome,
  linkFindings,
  troubles,
  latency,
  bandwidth,
  emptiness,
  serverCost,
  ceilingFindings,
]

/** How far the numbers can be trusted, given how often each technique ran. */
function confidence(result: Result, all: readonly Scenario[]): Finding[] {
  const most = mostRuns(all)
  const fewest = Math.min(...all.flatMap(scenario => scenario.series.map(each => each.runs.length)))
  const aborted = result.aborted
    ? [{ topic: 'Aborted', text: 'A signal ended the measuring early: what is here is partial.' }]
    : []
  if (most === 0) return [...aborted, { topic: 'No data', text: 'No measurement was made.' }]
  if (most === 1) {
    return [
      ...aborted,
      {
        topic: 'Certainty',
        text: 'Each technique ran once. A second run gives other numbers; whether a difference is more than chance takes repeated runs (-n 10, for example).',
      },
    ]
  }
  const runs = fewest === most ? `${most}` : `${fewest} to ${most}`
  return [
    ...aborted,
    {
      topic: 'Certainty',
      text: `Every number is the median across ${runs} runs; the range stands in the tables.`,
    },
  ]
}

/** The summary of one scenario. */
export const scenarioFindings = (scenario: Scenario): Finding[] => perScenario.flatMap(each => each(scenario))

/** The summary of a result: scenario by scenario, the storms, then how far to trust it. */
export function findings(result: Result): Finding[] {
  const all = baseline(result)
  const named = all.flatMap(scenario =>
    scenarioFindings(scenario).map(finding =>
      all.length > 1 ? { ...finding, topic: `${finding.topic}, ${scenario.name}` } : finding,
    ),
  )
  return [...named, ...stormFindings(result), ...confidence(result, scenarios(result))]
}

/** What the result is about, in one line: a title. */
export const headline = (result: Result): string =>
  baseline(result).length === 0 && faulted(result).length > 0
    ? `How ${techniquesPhrase(result)} weathered storms`
    : `How ${techniquesPhrase(result)} delivered events`

/** The names of the techniques where they are few, their number where they are many: what a title says. */
export const techniquesPhrase = (result: Result): string => {
  const names = [...new Set(result.measurements.map(each => each.technique))]
  return names.length === 0
    ? 'nothing measured'
    : names.length <= 4
      ? listed(names)
      : many(names.length, 'technique')
}
