/** Sizes and p-values as the sentences of a comparison write them. */
import type { MetricUnit } from '../results/metrics.ts'
import type { EffectKind } from '../statistics/effect-size.ts'

/** Three significant digits, no exponent for everyday sizes. */
export const digits = (value: number): string => {
  const rounded = Number(value.toPrecision(3))
  return Math.abs(rounded) >= 1e-6 && Math.abs(rounded) < 1e15 ? String(rounded) : rounded.toExponential(1)
}

const signed = (value: number, text: string): string => (value > 0 ? `+${text}` : text)
const plain = (value: number): string => (value === 0 ? '0' : digits(value))

/** How a unit follows a number; shares and counts have no unit. */
const suffixes: Readonly<Record<MetricUnit, string>> = {
  µs: ' µs',
  bytes: ' bytes',
  'per second': ' /s',
  ratio: '',
  count: '',
}

/** The size of a minimum effect: `10 %` of a ratio, otherwise a number with its unit. */
export const sizeText = (kind: EffectKind, size: number, unit: MetricUnit): string =>
  kind === 'ratio' ? `${plain(size * 100)} %` : withUnit(plain(size), unit)

const withUnit = (text: string, unit: MetricUnit): string =>
  unit === 'bytes' && /^-?1$/.test(text) ? `${text} byte` : `${text}${suffixes[unit]}`

/** An effect as a change: `+20.3 %` for the ratio 1.203, `-0.031` for a difference, `+∞` to what never came. */
export function changeText(kind: EffectKind, effect: number, unit: MetricUnit): string {
  if (effect === Number.POSITIVE_INFINITY) return '+∞'
  const change = kind === 'ratio' ? effect - 1 : effect
  return signed(change, sizeText(kind, change, unit))
}

/** `12 runs`, `1 run`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** How long something takes, for a plan: `50 seconds`, `2.5 minutes`, `14 minutes`, `2.5 hours`. */
export function spanText(seconds: number): string {
  if (seconds < 119.5) return counted(Math.max(1, Math.round(seconds)), 'second')
  if (seconds < 9.75 * 60) return counted(Math.round(seconds / 30) / 2, 'minute')
  if (seconds < 90 * 60) return counted(Math.round(seconds / 60), 'minute')
  return counted(Math.round(seconds / 360) / 10, 'hour')
}

/** How many runs a side something takes. */
export interface RunsNeeded {
  readonly runs: number
  /** True where fewer can never show a difference, and nothing says whether as many are enough. */
  readonly isLeast: boolean
}

/**
 * What would decide: `about 14 runs a side would decide, 9 minutes in all`, or `it takes at least 5 runs a side, 3 minutes
 * in all`.
 * @param pace seconds for a run a side
 */
export function decidingText({ runs, isLeast }: RunsNeeded, pace: number | null): string {
  const time = pace === null ? '' : `, ${spanText(runs * pace)} in all`
  return `${isLeast ? `it takes at least ${runs} runs a side` : `about ${runs} runs a side would decide`}${time}`
}
