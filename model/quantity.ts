/**
 * Quantities as users write them: durations `500ms`, rates `2/s`, sizes `64KiB`. The units are never
 * guessed: a bare number is a size in bytes, never a duration or a rate.
 */
import { type Micros, micros } from './units.ts'

/** What a text says, or the sentence that says what it should have said. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string }

const durationUnits: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
}
const rateUnits: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 }
const sizeUnits: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  kB: 1_000,
  KB: 1_000,
  MB: 1_000_000,
  KiB: 1_024,
  MiB: 1_048_576,
}

const bandwidthUnits: Readonly<Record<string, number>> = {
  bit: 1,
  kbit: 1_000,
  Mbit: 1_000_000,
  Gbit: 1_000_000_000,
}

/** Reads `250us`, `500ms`, `1.5s`, `2m`, `1h`, or `0`. */
export function parseDuration(text: string): Parsed<Micros> {
  if (text === '0') return { value: micros(0) }
  const value = scaled(text, /^(\d+(?:\.\d+)?)(us|ms|s|m|h)$/, durationUnits)
  return value === null
    ? { problem: `"${text}" is not a duration: write it like 500ms, 30s or 2m` }
    : { value: micros(value) }
}

/** Reads `2/s`, `30/m` or `5/h` as events per second; the rate must be above 0. */
export function parseRate(text: string): Parsed<number> {
  const match = /^(\d+(?:\.\d+)?)\/(s|m|h)$/.exec(text)
  const value = match ? Number(match[1]) / (rateUnits[match[2] ?? 's'] ?? 1) : 0
  return value > 0 ? { value } : { problem: `"${text}" is not a rate: write it like 2/s or 30/m, above 0` }
}

/** Reads `128`, `64KiB`, `1MB` as whole bytes. */
export function parseSize(text: string): Parsed<number> {
  const size = parseExactSize(text)
  return 'value' in size ? { value: Math.round(size.value) } : size
}

/** Reads `250.5B` or `0.25KiB` as bytes that need not be whole, such as those of an average, to a thousandth. */
export function parseExactSize(text: string): Parsed<number> {
  const value = scaled(text, /^(\d+(?:\.\d+)?)(|B|kB|KB|MB|KiB|MiB)$/, sizeUnits)
  return value === null ? { problem: `"${text}" is not a size: write it like 128, 64KiB or 1MB` } : { value }
}

/** Reads `10Mbit`, `64kbit/s`, `1Gbit` as bits per second; the bandwidth must be above 0. */
export function parseBandwidth(text: string): Parsed<number> {
  const value = scaled(text, /^(\d+(?:\.\d+)?)(bit|kbit|Mbit|Gbit)(?:\/s)?$/, bandwidthUnits)
  return value !== null && value > 0
    ? { value }
    : { problem: `"${text}" is not a bandwidth: write it like 10Mbit or 64kbit (per second), above 0` }
}

/** Reads a whole number of at least `minimum`. */
export function parseCount(text: string, minimum: number): Parsed<number> {
  const value = Number(text)
  return /^\d+$/.test(text) && Number.isSafeInteger(value) && value >= minimum
    ? { value }
    : { problem: `"${text}" is not a whole number of at least ${minimum}` }
}

/** The shortest text that {@link parseDuration} reads back to the same duration. */
export function formatDuration(value: Micros): string {
  if (value === 0) return '0'
  for (const unit of ['h', 'm', 's', 'ms'] as const) {
    const scale = durationUnits[unit] ?? 1
    if (value % scale === 0) return `${value / scale}${unit}`
  }
  return `${value}us`
}

/** Events per second as {@link parseRate} reads them. */
export function formatRate(perSecond: number): string {
  if (perSecond < 1 && Number.isInteger(perSecond * 60)) return `${perSecond * 60}/m`
  // Forty digits write every double of this size exactly, and without an exponent, which is hard to read.
  const text = String(perSecond)
  return `${text.includes('e') ? perSecond.toFixed(40).replace(/\.?0+$/, '') : text}/s`
}

function scaled(text: string, form: RegExp, units: Readonly<Record<string, number>>): number | null {
  const match = form.exec(text)
  const scale = match && units[match[2] ?? '']
  return match && scale !== undefined && scale !== null
    ? Math.round(Number(match[1]) * scale * 1_000) / 1_000
    : null
}
