/** A name with settings after it, as users write faults and backoff policies: `drop:share=0.5`, `fixed:base=500ms`. */
import type { Parsed } from './quantity.ts'
import type { Settings, SettingValue } from './settings.ts'
import { unknownName } from './usage-error.ts'

/** A name and the values that were given; the others keep their defaults. */
export interface Named<N extends string> {
  readonly name: N
  readonly values: Readonly<Record<string, SettingValue>>
}

/**
 * Reads `name:key=value:key=value`.
 * @param what the word for such a name in messages, e.g. `fault`
 * @param declared the settings of each known name
 */
export function parseNamed<N extends string>(
  what: string,
  text: string,
  declared: Readonly<Record<N, Settings>>,
): Parsed<Named<N>> {
  const [name = '', ...words] = text.split(':')
  if (!isKey(declared, name)) return { problem: unknownName(what, name, Object.keys(declared)) }
  const settings: Settings = declared[name]
  const values: Record<string, SettingValue> = {}
  for (const word of words) {
    const [key = '', value] = word.split(/=(.*)/)
    const setting = Object.hasOwn(settings, key) ? settings[key] : undefined
    if (setting === undefined) {
      const known = Object.keys(settings)
      const advice = known.length === 0 ? 'leave it out' : `it has ${known.join(', ')}`
      return { problem: `${what} ${name} has no parameter "${key}": ${advice}` }
    }
    if (key in values) return { problem: `${what} ${name} sets ${key} twice: give it once` }
    if (value === undefined) {
      const example = `${key}=${setting.format(setting.fallback)}`
      return { problem: `${key} of ${what} ${name} has no value: write it like ${example}` }
    }
    const parsed = setting.parse(value)
    if ('problem' in parsed) return { problem: `${key} of ${what} ${name}: ${parsed.problem}` }
    values[key] = parsed.value
  }
  return { value: { name, values } }
}

/** The shortest text that {@link parseNamed} reads back to the same values: defaults are left out. */
export function formatNamed(name: string, settings: Settings, values: Named<string>['values']): string {
  const own = Object.entries(settings)
    .filter(([key, { fallback }]) => (values[key] ?? fallback) !== fallback)
    .map(([key, setting]) => `${key}=${setting.format(values[key] ?? setting.fallback)}`)
  return [name, ...own].join(':')
}

const isKey = <N extends string>(table: Readonly<Record<N, unknown>>, name: string): name is N =>
  Object.hasOwn(table, name)
