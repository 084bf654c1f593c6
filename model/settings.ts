/**
 * Technique settings as data: each adapter of a technique declares what can be set, with unit, default and
 * a sentence of help; the CLI, the configuration, the catalogue and the results all read the declaration.
 */

import { formatDuration, type Parsed, parseCount, parseDuration, parseSize } from './quantity.ts'
import { type Micros, micros } from './units.ts'

/** The value of a setting, as results carry it. */
export type SettingValue = string | number | boolean

/** One thing that can be set. `T` is the type of its value in code. */
export interface Setting<T extends SettingValue = SettingValue> {
  readonly help: string
  readonly fallback: T
  /** What a text value has to look like, e.g. `duration` or `on | off`. */
  readonly form: string
  /** Appended to the setting's name in results, so that names contain the units. */
  readonly suffix: string
  parse(text: string): Parsed<T>
  format(value: T): string
}

/** The settings that an adapter declares. */
export type Settings = Readonly<Record<string, Setting>>

/** The values of declared settings. */
export type Values<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never
}

/** A duration, stored in microseconds. `minimum` defaults to 0. */
export function duration(fallback: string, help: string, minimum = '0'): Setting<Micros> {
  const least = read(parseDuration(minimum))
  return {
    help,
    fallback: read(parseDuration(fallback)),
    form: 'duration',
    suffix: 'Micros',
    parse: text => {
      const parsed = parseDuration(text)
      if ('value' in parsed && parsed.value < least)
        return { problem: `"${text}" is too small: give at least ${minimum}` }
      return parsed
    },
    format: formatDuration,
  }
}

/** A size, stored in bytes. */
export function size(fallback: number, help: string): Setting<number> {
  return { help, fallback, form: 'size', suffix: 'Bytes', parse: parseSize, format: String }
}

/** A whole number of at least `minimum`. */
export function whole(fallback: number, minimum: number, help: string): Setting<number> {
  return {
    help,
    fallback,
    form: 'whole number',
    suffix: '',
    parse: text => parseCount(text, minimum),
    format: String,
  }
}

/** A number above 1, by which something grows. */
export function factor(fallback: number, help: string): Setting<number> {
  return {
    help,
    fallback,
    form: 'number',
    suffix: '',
    parse: text => {
      const value = /^\d+(\.\d+)?(e\+?\d+)?$/.test(text) ? Number(text) : 0
      return value > 1 && Number.isFinite(value)
        ? { value }
        : { problem: `"${text}" is not a growth factor: write a number above 1, like 2 or 1.5` }
    },
    format: String,
  }
}

/** A share of something, above 0 and up to 1; also accepts per cent. */
export function share(fallback: number, help: string): Setting<number> {
  return {
    help,
    fallback,
    form: 'share',
    suffix: '',
    parse: text => {
      const [, digits = '', percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? []
      const value = Number(digits) / (percent === '%' ? 100 : 1)
      return digits !== '' && value > 0 && value <= 1
        ? { value }
        : { problem: `"${text}" is not a share: write a number above 0 and up to 1, like 0.5 or 50%` }
    },
    // Never with an exponent: no parser here reads one.
    format: value => value.toFixed(12).replace(/\.?0+$/, ''),
  }
}

/** `on` or `off`. */
export function toggle(fallback: boolean, help: string): Setting<boolean> {
  return {
    help,
    fallback,
    form: 'on | off',
    suffix: '',
    parse: text =>
      text === 'on' || text === 'off'
        ? { value: text === 'on' }
        : { problem: `"${text}" is neither on nor off` },
    format: value => (value ? 'on' : 'off'),
  }
}

/** One of a closed list of words; the first is the default. */
export function choice<const W extends readonly [string, ...string[]]>(
  words: W,
  help: string,
): Setting<W[number]> {
  return {
    help,
    fallback: words[0],
    form: words.join(' | '),
    suffix: '',
    parse: text =>
      words.includes(text) ? { value: text } : { problem: `"${text}" is not one of ${words.join(', ')}` },
    format: value => value,
  }
}

/** A free text that must match `pattern`. */
export function text(fallback: string, pattern: RegExp, form: string, help: string): Setting<string> {
  return {
    help,
    fallback,
    form,
    suffix: '',
    parse: value => (pattern.test(value) ? { value } : { problem: `"${value}" is not ${form}` }),
    format: value => value,
  }
}

/** The default values of declared settings. */
export function defaults<S extends Settings>(settings: S): Values<S> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [name, setting.fallback]),
  ) as Values<S>
}

/** The values under the names that results carry: units in the names. */
export function named(
  settings: Settings,
  values: Readonly<Record<string, SettingValue>>,
): Record<string, SettingValue> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${name}${settings[name]?.suffix ?? ''}`, value]),
  )
}

function read<T>(parsed: Parsed<T>): T {
  if ('problem' in parsed) throw new Error(parsed.problem)
  return parsed.value
}

/** No time at all. */
export const zero: Micros = micros(0)
