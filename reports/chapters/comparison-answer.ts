/**
 * The answer of a comparison: who is fast, what that costs, and whether waiting longer saves anything. Only techniques
 * that passed are compared; those that differ by no more than measurement error and chance count as equally fast.
 */
import { latencyInterval } from '../../results/latency-interval.ts'
import type { Scenario, Series } from '../../results/reading.ts'
import { seriesBand, tieOf } from '../../results/tie-band.ts'
import { listed, many, showRange, times } from '../display.ts'
import { trouble } from '../warnings.ts'
import type { Answer } from './block.ts'
import { type Ranked, ranked, tiedWithFirst } from './extremes.ts'

/** More names than this are counted. */
const mostNamed = 3
/** Differences of cost below this share are none. */
const sameCost = 0.02

/** The techniques that are as fast as the fastest, and the others, each by median latency. */
export interface Field {
  readonly fast: readonly Ranked[]
  readonly slow: readonly Ranked[]
}

/** Divides the techniques that passed. */
export function fieldOf(series: readonly Series[]): Field {
  const all = ranked(series, 'latency.p50')
  const { fastest } = tieOf(series)
  return {
    fast: all.filter(each => fastest.includes(each.series)),
    slow: all.filter(each => !fastest.includes(each.series)),
  }
}

const spanWords = (all: readonly Ranked[]): string => {
  const [low, high] = [all[0], all.at(-1)]
  if (low === undefined || high === undefined) return ''
  return low.text === high.text ? low.text : showRange(low.value, high.value, 'µs')
}

/** The names where they are few, their number where they are many. */
const namesOf = (some: readonly Ranked[], of: number): string =>
  some.length <= mostNamed ? listed(some.map(({ label }) => label)) : `${some.length} of ${of} techniques`

/** The slowest technique, and those that chance alone may have put before it. */
const slowestOf = (slow: readonly Ranked[]): Ranked[] => tiedWithFirst(slow.toReversed()).toReversed()

/** Where the median of one lies, given what the bench may have added and what chance may have done. */
function boundsOf({ series, value }: Ranked): { readonly least: number; readonly most: number } {
  const { low, high } = latencyInterval(series) ?? { low: value, high: value }
  return { least: low - (seriesBand(series) ?? 0), most: high }
}

const medianOf = ({ value }: Ranked): number => value

/**
 * `, about 468 times as long (at least 448)`: the slowest against all of the fast, by the medians that stand beside it.
 * For the bound, which is rounded down, what the bench may have added and what chance may have done is taken off.
 */
function factorWords(slowest: readonly Ranked[], fast: readonly Ranked[]): string {
  const least = Math.min(...slowest.map(each => boundsOf(each).least))
  const ratio = least / Math.max(...fast.map(each => boundsOf(each).most))
  const shown = ratio >= 10 ? Math.floor(ratio) : Math.floor(ratio * 10) / 10
  const bound = times(shown, 1)
  const about = times(Math.min(...slowest.map(medianOf)), Math.max(...fast.map(medianOf)))
  if (bound === null || about === null || shown < 1.05) return ''
  return about === bound ? `, ${about} times as long` : `, about ${about} times as long (at least ${bound})`
}

/** `10 of 15 techniques delivered an event in 0.95–1.59 ms; piggyback took 656 ms, about 417 times as long (at least 413).` */
function headline({ fast, slow }: Field): string {
  const all = fast.length + slow.length
  const slowest = slowestOf(slow)
  if (slowest.length === 0) {
    return all === 1
      ? `${fast[0]?.label} delivered an event in ${fast[0]?.text} at the median.`
      : `${all === 2 ? 'Both' : `All ${all}`} delivered an event equally fast: in ${spanWords(fast)} at the median.`
  }
  const names = slowest.length <= mostNamed ? namesOf(slowest, all) : `the ${slowest.length} slowest`
  return `${namesOf(fast, all)} delivered an event in ${spanWords(fast)} at the median; ${names} took ${spanWords(slowest)}${factorWords(slowest, fast)}.`
}

/** What an event costs among those that are equally fast. */
function costSentence({ fast, slow }: Field): string | null {
  const costs = ranked(
    fast.map(({ series }) => series),
    'egress.perDelivery',
  )
  const [least, most] = [costs[0], costs.at(-1)]
  if (least === undefined || most === undefined) return null
  if (least === most) return `${least.label} sent clients ${least.text} for each event.`
  if (least.text === most.text)
    return `The server sent ${least.text} for each event with ${namesOf(costs, fast.length + slow.length)}.`
  const among = slow.length > 0 ? `Of the ${costs.length} that are equally fast, ` : ''
  const factor = times(most.value, least.value)
  const ratio = factor === null || factor === '1.0' ? '' : `, ${factor} times as much`
  return `${among}${least.label} sent clients the least, ${least.text} an event, and ${most.label} the most, ${most.text}${ratio}.`
}

/** Whether a technique that waits longer than every fast one sends clients less; what they send is not part of it. */
function savingSentence({ fast, slow }: Field): string | null {
  const last = fast.at(-1)?.value ?? 0
  const of = (some: readonly Ranked[]) =>
    ranked(
      some.map(({ series }) => series),
      'egress.perDelivery',
    )
  const [least, best] = [of(fast)[0], of(slow.filter(({ value }) => value > last))[0]]
  if (least === undefined || best === undefined) return null
  if (best.value >= least.value * (1 - sameCost))
    return `Waiting longer saves ${best.value < least.value ? 'hardly any' : 'no'} egress over ${least.label}: ${best.label} sent ${best.text} an event.`
  const waits = slow.find(({ series }) => series === best.series)
  return `Waiting longer saves egress: ${best.label} sent ${best.text} an event and took ${waits?.text}.`
}

/** What one technique by itself took: its tail and its cost. */
function alone({ series }: Ranked): (string | null)[] {
  const text = (name: Parameters<typeof ranked>[1]): string | null => ranked([series], name)[0]?.text ?? null
  const [tail, egress, ingress] = [
    text('latency.p99'),
    text('egress.perDelivery'),
    text('ingress.perDelivery'),
  ]
  return [
    tail === null ? null : `99 % of the events of ${series.label} came within ${tail}.`,
    egress === null || ingress === null ? null : `Each cost ${egress} of egress and ${ingress} of ingress.`,
  ]
}

/** What did not pass: why, where it is one or two; their names, where they are more. */
function troubleSentences(series: readonly Series[]): string[] {
  const all = series.flatMap(each => {
    const why = trouble(each)
    return why === null ? [] : [{ label: each.label, sentence: `${each.label} ${each.state}: ${why}.` }]
  })
  if (all.length <= 2) return all.map(({ sentence }) => sentence)
  const named = all.slice(0, mostNamed).map(({ label }) => label)
  const others = all.length - named.length
  const names = others === 0 ? listed(named) : `${named.join(', ')} and ${many(others, 'other')}`
  return [`${many(all.length, 'technique')} did not pass and are left out: ${names}.`]
}

/** The answer where nothing passed. */
function nothingPassed(series: readonly Series[], troubles: readonly string[]): Words {
  const [only = ''] = troubles
  return series.length === 1
    ? { headline: only, sentences: [] }
    : {
        headline: `None of ${many(series.length, 'technique')} passed, so nothing is compared.`,
        sentences: troubles,
      }
}

type Words = Pick<Answer, 'headline' | 'sentences'>

/**
 * The answer in words.
 * @param named whether the headline names the scenario: where there are several
 */
export function comparisonAnswer({ name, series }: Scenario, named: boolean): Words {
  const field = fieldOf(series)
  const [first] = field.fast
  const troubles = troubleSentences(series)
  const isAlone = field.fast.length + field.slow.length === 1
  const costs =
    first === undefined ? [] : isAlone ? alone(first) : [costSentence(field), savingSentence(field)]
  const words =
    first === undefined
      ? nothingPassed(series, troubles)
      : { headline: headline(field), sentences: [...troubles, ...costs.flatMap(each => each ?? [])] }
  return named ? { ...words, headline: `${name}: ${words.headline}` } : words
}
