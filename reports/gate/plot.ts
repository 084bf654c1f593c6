/**
 * The evidence of one finding as two small pictures: every run of both sides, and the interval of the effect. Static
 * SVG whose places are per cent of its width, so that dots stay round and text readable on a narrow page.
 */
import type { Finding, Sample, Verdict } from '../../compare/finding.ts'
import { changeText } from '../../compare/words.ts'
import { effectKinds } from '../../statistics/effect-size.ts'
import { areSame } from '../../statistics/order-statistics.ts'
import { never, showApart, showSpan } from '../display.ts'
import { type Markup, markup } from '../markup.ts'

/** A place as per cent of the width. */
const percent = (share: number): string => `${(100 * share).toFixed(2)}%`

/**
 * The pictures of a finding; null where there is nothing to see: nothing differs, or the values are the runs themselves,
 * valid or not.
 */
export function plotOf(finding: Finding): Markup | null {
  const { base, head } = finding
  if (finding.metric === 'runs.valid') return null
  if (base.runs === 0 || head.runs === 0 || areSame([...base.values, ...head.values])) return null
  return markup`<div class="evidence">${runsPlot(finding)}${intervalPlot(finding)}</div>`
}

/** Rows of the picture of runs, in pixels from its top. */
const lanes = { base: 10, head: 30 } as const
const axisAt = 54

/** Where infinite times stand; the others keep to the left of it. */
const neverAt = 1
const finiteWithin = 0.88

function runsPlot({ base, head, unit }: Finding): Markup {
  const values = [...base.values, ...head.values]
  const finite = values.filter(Number.isFinite)
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  const isEndless = finite.length < values.length
  const width = isEndless ? finiteWithin : 1
  const place = (value: number): number => {
    if (!Number.isFinite(value)) return neverAt
    return high === low ? width / 2 : ((value - low) / (high - low)) * width
  }
  const [from, to] = showApart(low, high, unit)
  const ends =
    finite.length === 0 || high === low
      ? [label(width / 2, finite.length === 0 ? '' : from)]
      : [label(0, from), label(width, to)]
  const words = `Runs: base ${showSpan(base.values, unit)}, head ${showSpan(head.values, unit)}`
  return picture(
    words,
    markup`<span>base</span><span>head</span>`,
    markup`${lane('base', base, place)}${lane('head', head, place)}${ends}${isEndless && label(neverAt, never)}`,
  )
}

/** The dots of one side, each a little above or below the one before so that equal runs show, and their median. */
function lane(
  side: keyof typeof lanes,
  { values, median }: Sample,
  place: (value: number) => number,
): Markup {
  const y = lanes[side]
  const dots = values.map(
    (value, run) => markup`<circle cx="${percent(place(value))}" cy="${y + ((run % 3) - 1) * 3}" r="3.5"/>`,
  )
  const middle = median !== null && percent(place(median))
  return markup`<g class="${side}"><line class="lane" x1="0%" x2="100%" y1="${y}" y2="${y}"/>${dots}${
    middle && markup`<line class="median" x1="${middle}" x2="${middle}" y1="${y - 9}" y2="${y + 9}"/>`
  }</g>`
}

/** How much wider the axis of effects is than what it shows. */
const room = 1.15

/** The colour of each verdict. */
const tones: Readonly<Record<Verdict, string>> = {
  regressed: 'bad',
  improved: 'good',
  inconclusive: 'warn',
  unchanged: 'same',
}

function intervalPlot({
  effect,
  interval,
  kind,
  unit,
  minimumEffect,
  verdict,
  level,
}: Finding): Markup | null {
  if (effect === null) return null
  const { size } = effectKinds[kind]
  const shown = [effect, interval?.low ?? effect, interval?.high ?? effect].map(size)
  const reach = Math.max(minimumEffect, ...shown.filter(Number.isFinite).map(Math.abs)) * room
  // An infinite effect, to a time that never came, ends at the edge.
  const place = (each: number): string =>
    percent(0.5 + Math.max(-1, Math.min(1, reach === 0 ? 0 : each / reach)) / 2)
  const [at = 0, low = 0, high = 0] = shown
  const y = (lanes.base + lanes.head) / 2
  const edge = (side: 1 | -1): string => changeText(kind, effectOfSize(kind, side * reach), unit)
  const words =
    interval === null
      ? `Effect ${changeText(kind, effect, unit)}; too few runs for an interval`
      : `Effect ${changeText(kind, effect, unit)}, 95 % interval ${changeText(kind, interval.low, unit)} to ${changeText(kind, interval.high, unit)}`
  const tone = verdict === 'regressed' && level === 'warn' ? 'warn' : tones[verdict]
  return picture(
    words,
    markup`<span class="change">change</span>`,
    markup`<rect class="minor" x="${place(-minimumEffect)}" width="${percent(Math.min(1, reach === 0 ? 0 : minimumEffect / reach))}" y="0" height="40"/>
<line class="none" x1="50%" x2="50%" y1="0" y2="40"/>
<g class="${tone}">${interval && markup`<line class="interval" x1="${place(low)}" x2="${place(high)}" y1="${y}" y2="${y}"/>`}<circle cx="${place(at)}" cy="${y}" r="4.5"/></g>
${label(0, edge(-1))}${label(0.5, '0')}${label(1, edge(1))}`,
  )
}

/** The effect of a size: of a ratio, a size below 0 is a fall by the inverse. */
const effectOfSize = (kind: Finding['kind'], size: number): number =>
  kind === 'difference' ? size : size >= 0 ? 1 + size : 1 / (1 - size)

/** A number below the axis, kept within the picture. */
function label(share: number, text: string): Markup {
  const anchor = share < 0.2 ? 'start' : share > 0.8 ? 'end' : 'middle'
  return markup`<text x="${percent(share)}" y="${axisAt}" text-anchor="${anchor}">${text}</text>`
}

const picture = (words: string, names: Markup, drawing: Markup): Markup =>
  markup`<div class="plot"><div class="names" aria-hidden="true">${names}</div><svg role="img" aria-label="${words}" height="58">${drawing}</svg></div>
`
