/** How the values of options are read: as texts or numbers, the way that users write them. */
import { z } from 'zod'
import { parseAudience } from '../model/audience.ts'
import { maximumTextBytes, minimumTextBytes } from '../model/event.ts'
import { formatDuration, type Parsed, parseDuration, parseSize } from '../model/quantity.ts'
import { type Micros, milliseconds, seconds } from '../model/units.ts'
import { unknownName } from '../model/usage-error.ts'

/** Turns a parser into a step of a schema; the parser's problem becomes the message. */
export const read =
  <T>(parse: (text: string) => Parsed<T>) =>
  (value: unknown, context: z.RefinementCtx): T => {
    const parsed = parse(String(value))
    if ('value' in parsed) return parsed.value
    context.addIssue({ code: 'custom', message: parsed.problem })
    return z.NEVER
  }

/** One value, given as a text or a number. */
export const quantity = <T>(parse: (text: string) => Parsed<T>) =>
  z.union([z.string(), z.number()]).transform(read(parse))

const textOrTexts = z.union([z.string(), z.array(z.string())])

const split = (given: string | readonly string[]): string[] =>
  [given].flat().flatMap(item => item.split(',').map(part => part.trim()))

/** A list, given as an array or as one text with commas; each item is read by `parse`. */
export const items = <T>(parse: (text: string) => Parsed<T>) =>
  textOrTexts.transform((given, context): T[] =>
    split(given).map(item => read(item === '' ? () => emptyItem(given) : parse)(item, context)),
  )

function emptyItem(given: string | readonly string[]): Parsed<never> {
  const text = [given].flat().join(',')
  return {
    problem:
      text === ''
        ? '"" is empty: give a value'
        : `"${text}" has an empty item: write values with one comma between them`,
  }
}

/** A list as {@link items} reads it, of known names. Each counts once. */
export const names = <N extends string>(what: string, known: readonly N[]) =>
  items((item): Parsed<N> => {
    const found = known.find(name => name === item)
    return found === undefined ? { problem: unknownName(what, item, known) } : { value: found }
  }).transform(found => [...new Set(found)])

/** A list of texts, each taken as it stands. */
export const texts = textOrTexts.transform(given => [given].flat())

/** A parser that refuses 0. */
export const positive = (parse: (text: string) => Parsed<number>, what: string) => (text: string) => {
  const parsed = parse(text)
  return 'value' in parsed && parsed.value <= 0 ? { problem: `"${text}" is not a ${what} above 0` } : parsed
}

/** Timers of Node.js fire at once where they should wait longer than 596 hours: two of these and a drain stay below. */
const longestWait = seconds(240 * 3_600)

/** Reads a duration that is waited for. */
export function parseWait(text: string): Parsed<Micros> {
  const parsed = parseDuration(text)
  return 'value' in parsed && parsed.value > longestWait
    ? { problem: `"${text}" is too long: give at most ${formatDuration(longestWait)}` }
    : parsed
}

/** Reads the size of an event's text. */
export function parsePayload(text: string): Parsed<number> {
  const parsed = parseSize(text)
  if ('problem' in parsed || (parsed.value >= minimumTextBytes && parsed.value <= maximumTextBytes))
    return parsed
  return {
    problem: `"${text}" is out of range: an event's text takes at least ${minimumTextBytes} bytes with its stamp, at most ${maximumTextBytes}`,
  }
}

/** Reads an audience, with a problem where {@link parseAudience} returns null. */
export function parseAudienceOption(text: string) {
  const value = parseAudience(text)
  return value === null
    ? { problem: `"${text}" is not an audience: choose broadcast, individual or rooms:<n>` }
    : { value }
}

/** In less time a server's code is hardly compiled. */
const shortestCeiling = milliseconds(100)

/** Reads for how long the ceiling is measured; 0 for not at all. */
export function parseCeiling(text: string): Parsed<Micros> {
  const parsed = parseDuration(text)
  return 'value' in parsed && parsed.value > 0 && parsed.value < shortestCeiling
    ? { problem: `"${text}" is too short to count requests in: give at least 100ms, or 0 for none` }
    : parsed
}

/** Reads the address of a server that runs already. That of a WebSocket is the same with another scheme. */
export function parseAddress(text: string): Parsed<string> {
  const url = text.replace(/^ws:/i, 'http:')
  return URL.canParse(url.replaceAll('{stream}', '0')) && /^http:\/\//i.test(url)
    ? { value: url }
    : {
        problem: `"${text}" is not an address of a server: give one like http://localhost:8080/events, of plain HTTP`,
      }
}

/** What the CLI and the documents show of an option. */
export interface OptionHelp {
  readonly alias?: string
  readonly help: string
  /** What holds when the option is not given; empty where there is nothing to say. */
  readonly unset: string
}

/** What a schema stores of an option's help. */
export const shown = (help: string, unset = '', alias?: string): OptionHelp & Record<string, unknown> => ({
  help,
  unset,
  ...(alias === undefined ? {} : { alias }),
})
