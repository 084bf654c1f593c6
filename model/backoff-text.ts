/** Backoff laws as people write them: `full-jitter`, or `full-jitter:base=1s:cap=30s:factor=2`. */
import {
  type Backoff,
  type BackoffLaw,
  type BackoffName,
  type BackoffParameters,
  backoffLaws,
  backoffNames,
  backoffOf,
} from './backoff.ts'
import { formatDuration, type Parsed, parseDuration } from './quantity.ts'
import { micros } from './units.ts'
import { unknownName } from './usage-error.ts'

type Parameter = keyof BackoffParameters

/** How one parameter is read and written. */
interface Form {
  readonly example: string
  parse(text: string): Parsed<number>
  format(value: number): string
}

const duration = (example: string): Form => ({
  example,
  parse: text => {
    const parsed = parseDuration(text)
    return 'value' in parsed && parsed.value === 0
      ? { problem: `${text} is no wait: give one above 0, or take the law none` }
      : parsed
  },
  format: value => formatDuration(micros(value)),
})

const growth: Form = {
  example: 'factor=2',
  parse: text => {
    const value = /^\d+(\.\d+)?(e\+?\d+)?$/.test(text) ? Number(text) : 0
    return value > 1 && Number.isFinite(value)
      ? { value }
      : { problem: `"${text}" makes no growth: write a number above 1, like 2 or 1.5` }
  },
  format: String,
}

const forms: Record<Parameter, Form> = {
  base: duration('base=1s'),
  cap: duration('cap=30s'),
  factor: growth,
}

/**
 * Reads a law by its name, with parameters of one's own after it.
 * @param text e.g. `exponential` or `fixed:base=500ms`
 */
export function parseBackoff(text: string): Parsed<Backoff> {
  const [name = '', ...words] = text.split(':')
  if (!isBackoffName(name)) return { problem: unknownName('backoff', name, backoffNames) }
  const parameters: Partial<Record<Parameter, number>> = {}
  for (const word of words) {
    const read = parseParameter(name, word)
    if ('problem' in read) return read
    const { parameter, value } = read.value
    if (parameter in parameters) return { problem: `backoff ${name} sets ${parameter} twice: give it once` }
    parameters[parameter] = value
  }
  return inOrder(backoffOf(name, parameters as Partial<BackoffParameters>))
}

/** The shortest text that {@link parseBackoff} reads back to the same law: defaults are left out. */
export function formatBackoff(backoff: Backoff): string {
  const fallback = backoffOf(backoff.name)
  const own = parametersOf(backoff.name)
    .filter(parameter => backoff[parameter] !== fallback[parameter])
    .map(parameter => `${parameter}=${forms[parameter].format(backoff[parameter])}`)
  return [backoff.name, ...own].join(':')
}

const isBackoffName = (name: string): name is BackoffName => Object.hasOwn(backoffLaws, name)

function parametersOf(name: BackoffName): Parameter[] {
  const { defaults }: BackoffLaw = backoffLaws[name]
  return Object.keys(defaults) as Parameter[]
}

function parseParameter(
  name: BackoffName,
  word: string,
): Parsed<{ readonly parameter: Parameter; readonly value: number }> {
  const [key, text] = word.split(/=(.*)/)
  const owned = parametersOf(name)
  const parameter = owned.find(known => known === key)
  if (parameter === undefined) {
    const advice = owned.length === 0 ? 'leave it out' : `it has ${owned.join(', ')}`
    return { problem: `backoff ${name} has no parameter "${key}": ${advice}` }
  }
  if (text === undefined)
    return {
      problem: `${parameter} of backoff ${name} lacks its value: write it like ${forms[parameter].example}`,
    }
  const parsed = forms[parameter].parse(text)
  return 'problem' in parsed
    ? { problem: `${parameter} of backoff ${name}: ${parsed.problem}` }
    : { value: { parameter, value: parsed.value } }
}

/** The law, unless its cap lies below its base; a default can do so as well as what was written. */
function inOrder(backoff: Backoff): Parsed<Backoff> {
  const { name, base, cap } = backoff
  const [baseText, capText] = [formatDuration(base), formatDuration(cap)]
  return cap >= base
    ? { value: backoff }
    : {
        problem: `cap of backoff ${name}: ${capText} is below its base ${baseText}: give cap=${baseText} or more`,
      }
}
