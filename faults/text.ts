/** Faults as people write them: `restart`, or `restart:at=3s:down=5s`; `at=2s..6s` draws the moment by the seed. */

import type { Fault, PlannedFault } from '../model/fault.ts'
import { formatDuration, type Parsed, parseDuration } from '../model/quantity.ts'
import type { Random } from '../model/random.ts'
import type { SettingValue } from '../model/settings.ts'
import { defaults } from '../model/settings.ts'
import { type Micros, micros, seconds } from '../model/units.ts'
import { unknownName } from '../model/usage-error.ts'
import { type FaultName, faultNames, faults } from './index.ts'

/** A moment of the measured window: fixed, or drawn between two by the seed. */
export interface Moment {
  readonly from: Micros
  readonly to: Micros
}

/** A fault with its parameters, before a seed fixes its moment. */
export interface AskedFault {
  readonly name: FaultName
  readonly at: Moment
  /** Parameters that were given. */
  readonly values: Readonly<Record<string, SettingValue>>
}

/** When a fault happens unless `at=` says so: after time for a run to be seen as it is without one. */
export const usualAt: Moment = { from: seconds(1), to: seconds(1) }

/**
 * Reads a fault by its name, with parameters after it.
 * @param text e.g. `drop:share=0.5` or `blackhole:at=2s..4s:down=10s`
 */
export function parseFault(text: string): Parsed<AskedFault> {
  const [name = '', ...words] = text.split(':')
  if (!isFaultName(name)) return { problem: unknownName('fault', name, faultNames) }
  const { settings }: Fault = faults[name]
  let at = usualAt
  const values: Record<string, SettingValue> = {}
  const seen = new Set<string>()
  for (const word of words) {
    const [key = '', value] = word.split(/=(.*)/)
    if (seen.has(key)) return { problem: `fault ${name} sets ${key} twice: give it once` }
    seen.add(key)
    const setting = Object.hasOwn(settings, key) ? settings[key] : undefined
    if (value === undefined || (key !== 'at' && setting === undefined)) {
      const known = ['at', ...Object.keys(settings)].map(parameter => `${parameter}=`).join(', ')
      return { problem: `fault ${name} does not understand "${word}": it takes ${known}` }
    }
    const parsed = key === 'at' ? parseMoment(value) : setting?.parse(value)
    if (parsed === undefined || 'problem' in parsed)
      return { problem: `${key} of fault ${name}: ${parsed?.problem}` }
    if (typeof parsed.value === 'object') at = parsed.value
    else values[key] = parsed.value
  }
  return { value: { name, at, values } }
}

/** The shortest text that {@link parseFault} reads back to the same fault: defaults are left out. */
export function formatFault({ name, at, values }: AskedFault): string {
  const { settings }: Fault = faults[name]
  const own = Object.entries(values)
    .filter(([key, value]) => settings[key]?.fallback !== value)
    .map(([key, value]) => `${key}=${settings[key]?.format(value)}`)
  const moment = at.from === usualAt.from && at.to === usualAt.to ? [] : [`at=${formatMoment(at)}`]
  return [name, ...moment, ...own].join(':')
}

/** The fault with its moment fixed and every parameter in place. */
export function plannedFault(asked: AskedFault, random: Random): PlannedFault {
  const fault: Fault = faults[asked.name]
  const { from, to } = asked.at
  return {
    text: formatFault(asked),
    fault,
    values: { ...defaults(fault.settings), ...asked.values },
    at: micros(Math.round(from + random() * (to - from))),
  }
}

const isFaultName = (name: string): name is FaultName => Object.hasOwn(faults, name)

function parseMoment(text: string): Parsed<Moment> {
  const [first = '', last = first] = text.split('..')
  const [from, to] = [parseDuration(first), parseDuration(last)]
  if ('problem' in from) return from
  if ('problem' in to) return to
  return to.value < from.value
    ? { problem: `"${text}" ends before it begins: write the earlier moment first` }
    : { value: { from: from.value, to: to.value } }
}

const formatMoment = ({ from, to }: Moment): string =>
  from === to ? formatDuration(from) : `${formatDuration(from)}..${formatDuration(to)}`
