/**
 * Display units. Stored numbers keep one unit per quantity; here, and only here, they become text for people:
 * three significant digits, the unit behind a space, "no data" for what was not measured.
 */
import type { MetricUnit } from '../results/metrics.ts'

/** The units that a report shows: those of metrics, events per second for timelines, bits per second for links. */
export type Unit = MetricUnit | 'per second' | 'bit/s'

/** One display unit: from `from` stored units on, values are shown as multiples of `size` stored units. */
export interface Step {
  readonly from: number
  readonly size: number
  /** The unit as it follows the number, with its space. */
  readonly name: string
}

const step = (size: number, name: string, from = size): Step => ({ from, size, name })

/** The display units of every stored unit, smallest first. Plain data: the page's axes read them as well. */
export const steps: Readonly<Record<Unit, readonly Step[]>> = {
  µs: [step(1, ' µs'), step(1e3, ' ms'), step(1e6, ' s'), step(60e6, ' min', 600e6)],
  bytes: [step(1, ' B'), step(1024, ' KiB'), step(1024 ** 2, ' MiB'), step(1024 ** 3, ' GiB')],
  ratio: [step(0.01, ' %')],
  count: [step(1, '')],
  'per second': [step(1, '/s')],
  'bit/s': [step(1, ' bit/s'), step(1e3, ' kbit/s'), step(1e6, ' Mbit/s'), step(1e9, ' Gbit/s')],
}

/**
 * Writes `value` (in the stored unit) in the largest of `units` that leaves at least 1 before the point.
 * @param digits significant ones, where it has to be more than the usual three
 */
export function inUnits(value: number, units: readonly Step[], digits = 3): string {
  const magnitude = Math.abs(value)
  // Rounded first, so that 999.7 µs becomes "1.00 ms" and not "1,000 µs".
  const rounded = Math.max(magnitude, Number(magnitude.toPrecision(3)))
  const smallest = units[0] ?? { from: 1, size: 1, name: '' }
  const unit = units.reduce((best, each) => (rounded >= each.from ? each : best), smallest)
  const shown = magnitude / unit.size
  // A whole number of stored units needs no decimals: 131 B, 5 µs, 10,000 events; and nothing needs none.
  const whole = magnitude === 0 || (unit.size === 1 && Number.isInteger(shown))
  const usual = whole || shown >= 99.95 ? 0 : shown >= 9.995 ? 1 : shown >= 0.1 ? 2 : 4
  const decimals = usual + digits - 3
  const text = shown.toLocaleString('en-US', {
    minimumFractionDigits: shown < 0.1 ? 0 : decimals,
    maximumFractionDigits: decimals,
  })
  return `${value < 0 ? '-' : ''}${text}${unit.name}`
}

/** The text where nothing was measured. */
export const noData = 'no data'

/** The text where there is nothing to measure, such as the empty responses of a stream. */
export const notApplicable = 'not applicable'

/** The text for a time that never came. */
export const never = 'never'

/**
 * A stored value as text with its unit: `12.3 ms`, `1.20 KiB`, `13.5 %`; `never` for an infinite time, `no data` for
 * null and for what is not a number.
 */
export function show(value: number | null, unit: Unit): string {
  if (value === Number.POSITIVE_INFINITY && unit === 'µs') return never
  return value === null || !Number.isFinite(value) ? noData : inUnits(value, steps[unit])
}

const unitNames = [...new Set(Object.values(steps).flatMap(each => each.map(({ name }) => name.trim())))]
const beforeUnit = new RegExp(
  `(?<=\\d) (?=(?:${unitNames.filter(name => /^[\p{L}%]+$/u.test(name)).join('|')})(?![\\p{L}\\d]))`,
  'gu',
)

/** Text in which no line ends between a number and its unit: for layouts that wrap. */
export const unbroken = (text: string): string => text.replace(beforeUnit, '\u00a0')

/** From `low` to `high`, the unit once where both share it: `257–457 ms`, `980 µs–1.20 ms`. */
export function showRange(low: number, high: number, unit: Unit): string {
  const [from, to] = [show(low, unit), show(high, unit)]
  const shared = steps[unit].find(each => from.endsWith(each.name) && to.endsWith(each.name))
  return `${shared === undefined || shared.name === '' ? from : from.slice(0, -shared.name.length)}–${to}`
}

/** The smallest to the largest of some values; one number where the two read alike; `no data` for none. */
export function showSpan(values: readonly number[], unit: Unit): string {
  if (values.length === 0) return noData
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return show(low, unit) === show(high, unit) ? show(low, unit) : showRange(low, high, unit)
}

/** Most digits that tell two values apart; what differs less reads alike. */
const mostDigits = 9

/** Two values in which what differs reads differently: `149 B` and `149.2 B`, with as many digits as that takes. */
export function showApart(one: number | null, other: number | null, unit: Unit): [string, string] {
  const plain: [string, string] = [show(one, unit), show(other, unit)]
  if (one === other || one === null || other === null || plain[0] !== plain[1]) return plain
  for (let digits = 4; digits <= mostDigits; digits++) {
    const [a, b] = [one, other].map(value => inUnits(value, steps[unit], digits))
    if (a !== undefined && b !== undefined && a !== b) return [a, b]
  }
  return plain
}

/** A sentence that begins with a capital letter. */
export const capitalised = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1)

/** All of a number of things: `both`, `all 4`. */
export const allOf = (count: number): string => (count === 2 ? 'both' : `all ${count}`)

/** A count with the noun in the right number: `1 client`, `1,000 clients`. */
export const many = (count: number, one: string, more = `${one}s`): string =>
  `${show(count, 'count')} ${count === 1 ? one : more}`

/** A setting's duration or size without needless zeros: `5 s`, `64 KiB`. */
export const showPlain = (value: number, unit: Unit): string =>
  show(value, unit)
    .replace(/(\.\d*?)0+(?=\D|$)/, '$1')
    .replace(/\.(?=\D|$)/, '')

/** How many times `low` goes into `high`: `842`, `13`, `9.2`; null where the question has no answer. */
export function times(high: number, low: number): string | null {
  if (!(low > 0) || !Number.isFinite(high)) return null
  const factor = high / low
  return factor.toLocaleString('en-US', {
    maximumFractionDigits: factor >= 9.95 ? 0 : 1,
    minimumFractionDigits: factor >= 9.95 ? 0 : 1,
  })
}

/** Words as a list: `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
