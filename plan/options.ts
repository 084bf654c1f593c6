/**
 * The options of a run: one schema from which come the types, the checks of flags, environment and
 * configuration file, the help of the CLI and the defaults. Values are read as people write them.
 */
import { z } from 'zod'
import { parseFault } from '../faults/text.ts'
import { defaultAttemptTimeout } from '../measure/fleet/session.ts'
import { formatAudience, parseAudience } from '../model/audience.ts'
import { parseBackoff } from '../model/backoff-text.ts'
import { deliveries } from '../model/delivery.ts'
import { maximumTextBytes, minimumTextBytes } from '../model/event.ts'
import { orNone, parseBuffer } from '../model/link.ts'
import {
  formatDuration,
  formatRate,
  type Parsed,
  parseBandwidth,
  parseCount,
  parseDuration,
  parseRate,
  parseSize,
} from '../model/quantity.ts'
import { type Micros, micros, milliseconds, seconds } from '../model/units.ts'
import { UsageError, unknownName } from '../model/usage-error.ts'
import { type ScenarioName, scenarios } from '../scenarios/index.ts'
import { servers, type Technique } from '../servers/index.ts'

const read =
  <T>(parse: (text: string) => Parsed<T>) =>
  (value: unknown, context: z.RefinementCtx): T => {
    const parsed = parse(String(value))
    if ('value' in parsed) return parsed.value
    context.addIssue({ code: 'custom', message: parsed.problem })
    return z.NEVER
  }

/** Reads a text or number by `parse`, whose problem becomes the message. */
const quantity = <T>(parse: (text: string) => Parsed<T>) =>
  z.union([z.string(), z.number()]).transform(read(parse))

/** Reads a list given as an array or as one text with commas; every item must be a known name. */
const names = <N extends string>(what: string, known: readonly N[]) =>
  z.union([z.string(), z.array(z.string())]).transform((value, context): N[] => {
    const items = [value].flat().flatMap(item => item.split(',').map(part => part.trim()))
    for (const item of items) {
      if (!(known as readonly string[]).includes(item)) {
        context.addIssue({ code: 'custom', message: unknownName(what, item, known) })
      }
    }
    return [...new Set(items)] as N[]
  })

/** Reads a list as {@link names} does, each item by `parse`, whose first problem becomes the message. */
const items = <T>(parse: (text: string) => Parsed<T>) =>
  z.union([z.string(), z.array(z.string())]).transform((value, context): T[] =>
    [value]
      .flat()
      .flatMap(item => item.split(',').map(part => part.trim()))
      .map(item => read(parse)(item, context)),
  )

const positive = (parse: (text: string) => Parsed<number>, what: string) => (text: string) => {
  const parsed = parse(text)
  return 'value' in parsed && parsed.value <= 0 ? { problem: `"${text}" is no ${what} above 0` } : parsed
}

const payload = (text: string): Parsed<number> => {
  const parsed = parseSize(text)
  if ('problem' in parsed || (parsed.value >= minimumTextBytes && parsed.value <= maximumTextBytes))
    return parsed
  return {
    problem: `"${text}" is out of range: an event's text takes at least ${minimumTextBytes} bytes with its stamp, at most ${maximumTextBytes}`,
  }
}

const audience = (text: string) => {
  const value = parseAudience(text)
  return value === null
    ? { problem: `"${text}" is no audience: choose broadcast, individual or rooms:<n>` }
    : { value }
}

/** In less time a server's code is scarcely compiled. */
const shortestCeiling = milliseconds(100)

const ceiling = (text: string): Parsed<Micros> => {
  const parsed = parseDuration(text)
  return 'value' in parsed && parsed.value > 0 && parsed.value < shortestCeiling
    ? { problem: `"${text}" is too short to count requests in: give at least 100ms, or 0 for none` }
    : parsed
}

/** The address of a server that runs already. A WebSocket's is the same with another scheme. */
const address = (text: string): Parsed<string> => {
  const url = text.replace(/^ws:/i, 'http:')
  return URL.canParse(url.replaceAll('{stream}', '0')) && /^http:\/\//i.test(url)
    ? { value: url }
    : {
        problem: `"${text}" is no address of a server: give one like http://localhost:8080/events, of plain HTTP`,
      }
}

const { workload: usual } = scenarios.steady

/** Every option of a run. Those without a default take the scenario's value. */
export const runOptionsSchema = z.strictObject({
  technique: names('technique', Object.keys(servers) as Technique[])
    .optional()
    .meta({ alias: 't', help: 'techniques to measure, separated by commas', unset: 'all' }),
  server: items(text => ({ value: text }))
    .default([])
    .meta({
      help: 'modules of your own servers to measure, e.g. ./my-server.ts; beside built-in ones where --technique names some',
      unset: '',
    }),
  target: quantity(address).optional().meta({
    help: 'a server that already runs: where clients of the one --technique subscribe; {stream} stands for their stream',
    unset: '',
  }),
  publish: quantity(address).optional().meta({
    help: 'where events for the --target are published by HTTP POST; {stream} as there',
    unset: '',
  }),
  pid: items(text => parseCount(text, 1))
    .default([])
    .meta({
      help: 'processes of the --target, whose CPU time and memory are read',
      unset: '',
    }),
  allowRemote: items(text => ({ value: text }))
    .default([])
    .meta({
      help: 'hosts that a --target may be on other than this machine',
      unset: 'none: load goes to loopback only',
    }),
  scenario: names('scenario', Object.keys(scenarios) as ScenarioName[])
    .default(['steady'])
    .meta({ alias: 's', help: 'scenarios to measure, separated by commas', unset: 'steady' }),
  clients: quantity(text => parseCount(text, 1))
    .optional()
    .meta({ alias: 'c', help: 'simulated clients, all processes together', unset: String(usual.clients) }),
  rate: quantity(parseRate)
    .optional()
    .meta({
      alias: 'R',
      help: 'events per stream, e.g. 2/s or 30/m',
      unset: formatRate(usual.ratePerSecond),
    }),
  arrivals: z
    .enum(['poisson', 'periodic'])
    .optional()
    .meta({ help: 'spacing of events: poisson (random moments) or periodic', unset: usual.arrivals }),
  audience: quantity(audience)
    .optional()
    .meta({
      help: 'who hears what: broadcast, individual or rooms:<n>',
      unset: formatAudience(usual.audience),
    }),
  payload: quantity(payload)
    .optional()
    .meta({
      help: "size of an event's text, stamp included, e.g. 128 or 64KiB",
      unset: String(usual.payloadBytes),
    }),
  duration: quantity(positive(parseDuration, 'duration'))
    .transform(micros)
    .optional()
    .meta({ alias: 'd', help: 'length of the measured window', unset: formatDuration(usual.duration) }),
  warmup: quantity(parseDuration)
    .optional()
    .meta({
      alias: 'W',
      help: 'time that events flow before the window opens',
      unset: formatDuration(usual.warmup),
    }),
  runs: quantity(text => parseCount(text, 1))
    .default(1)
    .meta({ alias: 'n', help: 'repetitions of every measurement, in fresh processes', unset: '1' }),
  domClients: quantity(text => parseCount(text, 0))
    .default(0)
    .meta({ help: "clients that run the page's own code in jsdom, beside the others", unset: '0' }),
  browserClients: quantity(text => parseCount(text, 0))
    .default(0)
    .meta({ help: "clients that run the page's own code in Chromium, beside the others", unset: '0' }),
  workers: quantity(text => parseCount(text, 1))
    .optional()
    .meta({ alias: 'w', help: 'client processes', unset: 'one for each core but one' }),
  seed: quantity(text => parseCount(text, 0))
    .default(1)
    .meta({
      help: 'what all random choices derive from; repetitions after the first take seeds derived from it',
      unset: '1',
    }),
  set: z
    .union([z.string(), z.array(z.string())])
    .transform(value => [value].flat())
    .default([])
    .meta({
      help: 'a technique setting, <technique>.<setting>=<value>; repeatable, see "list settings"',
      unset: '',
    }),
  headers: z.enum(['minimal', 'browser']).optional().meta({
    help: 'request headers of the clients: what a browser sends, or the least',
    unset: usual.headers,
  }),
  log: quantity(text => parseCount(text, 1))
    .optional()
    .meta({
      help: 'events that the server keeps per stream for clients that come back',
      unset: String(usual.logEvents),
    }),
  delivery: z.enum(deliveries).optional().meta({
    help: 'what the server promises: log (all after the cursor), session-queue (pages of a session drain one queue) or last-value (the newest only)',
    unset: usual.delivery,
  }),
  pagesPerSession: quantity(text => parseCount(text, 1))
    .optional()
    .meta({
      help: 'how many clients are pages of one session; they share its queue',
      unset: String(usual.pagesPerSession),
    }),
  backendPoll: quantity(parseDuration)
    .optional()
    .meta({
      help: 'how often the server asks its backend for events, e.g. 100ms; 0: it is told of them at once',
      unset: formatDuration(usual.backendPoll),
    }),
  ceiling: z
    // `--no-ceiling` reaches here as false.
    .union([z.literal(false), z.string(), z.number()])
    .transform(read(value => (value === 'false' ? { value: micros(0) } : ceiling(value))))
    .default(seconds(2))
    .meta({
      help: 'how long each server that is asked again and again is then asked as fast as it answers, or --no-ceiling',
      unset: '2s',
    }),
  fault: items(parseFault).default([]).meta({
    help: 'what happens to the server or the link, e.g. restart:at=2s:down=5s; a list measures each, see "list faults"',
    unset: 'none',
  }),
  backoff: items(parseBackoff).default([]).meta({
    help: 'how clients come back, e.g. full-jitter:base=1s:cap=30s; a list measures each, see "list backoffs"',
    unset: usual.backoff.name,
  }),
  acceptRate: quantity(positive(parseRate, 'rate')).optional().meta({
    help: 'connections that the server takes, e.g. 200/s, as a loaded one would',
    unset: 'no limit',
  }),
  attemptTimeout: quantity(positive(parseDuration, 'duration'))
    .transform(micros)
    .optional()
    .meta({
      help: 'how long a client waits for a connection before it gives the attempt up',
      unset: formatDuration(defaultAttemptTimeout),
    }),
  rtt: quantity(parseDuration).optional().meta({
    help: 'round-trip time that a relay between clients and server adds, half each way',
    unset: 'no relay',
  }),
  jitter: quantity(parseDuration)
    .optional()
    .meta({ help: 'longest random time that the relay adds one way, in order', unset: '0' }),
  bandwidth: quantity(orNone(parseBandwidth))
    .optional()
    .meta({ help: 'for each connection and direction, e.g. 10Mbit or 64kbit', unset: 'none: no limit' }),
  buffer: quantity(orNone(parseBuffer)).optional().meta({
    help: 'as a buffering proxy or an old browser: the relay gathers so many bytes of a response, or until-end',
    unset: 'none: bytes pass as they come',
  }),
  rechunk: quantity(orNone(positive(parseSize, 'size')))
    .optional()
    .meta({ help: 'the relay cuts responses anew into chunks of at most this size', unset: 'none' }),
  idleCut: quantity(orNone(positive(parseDuration, 'duration')))
    .transform(value => (value === null ? null : micros(value)))
    .optional()
    .meta({ help: 'the relay closes a connection that carried nothing for so long', unset: 'none' }),
})

/** Options as a caller writes them: numbers or texts such as `'2/s'`, `'500ms'`, `'64KiB'`. */
export type RunOptions = z.input<typeof runOptionsSchema>

/** Options once they were read. */
export type ReadOptions = z.output<typeof runOptionsSchema>

/** Names of all options, for flags, environment variables and configuration files. */
export const optionNames = Object.keys(runOptionsSchema.shape) as (keyof RunOptions)[]

/** An option as a flag: `--idle-cut` for `idleCut`. */
export const flagOf = (name: string): string => `--${kebab(name)}`

/** An option's words with hyphens between them. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)

/** What the CLI shows of an option. */
export interface OptionHelp {
  readonly alias?: string
  readonly help: string
  /** What holds when the option is not given. */
  readonly unset: string
}

/** The help of an option. */
export function optionHelp(name: keyof RunOptions): OptionHelp {
  const { alias, help, unset } = (runOptionsSchema.shape[name].meta() ?? {}) as Partial<OptionHelp>
  return { help: help ?? '', unset: unset ?? '', ...(alias === undefined ? {} : { alias }) }
}

/**
 * Reads options.
 * @param label how an error names an option; as a flag unless told otherwise
 * @throws {UsageError} with one sentence that names the option
 */
export function readOptions(options: RunOptions, label = flagOf): ReadOptions {
  const parsed = runOptionsSchema.safeParse(options)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  if (issue?.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    throw new UsageError(`${label(key)}: ${unknownName('option', key, optionNames)}`)
  }
  const name = String(issue?.path[0] ?? '') as keyof RunOptions
  throw new UsageError(`${label(name)}: ${problemOf(issue, name, options[name])}`)
}

function problemOf(issue: z.core.$ZodIssue | undefined, name: keyof RunOptions, given: unknown): string {
  if (issue === undefined) return 'is wrong'
  // A flag that is given twice comes as a list.
  if (Array.isArray(given) && !takesList(name)) {
    return `takes one value, not ${given.length > 1 ? inWords.format(given.map(value => `"${value}"`)) : 'a list'}`
  }
  if (issue.code === 'invalid_value') return `"${given}" is none of ${issue.values.join(', ')}`
  if (issue.code === 'invalid_union') {
    return `${JSON.stringify(given)} is neither a text nor a ${takesList(name) ? 'list of texts' : 'number'}`
  }
  return issue.message
}

const inWords = new Intl.ListFormat('en-GB')

/** Whether an option is a list: several values with commas, or the flag given again. */
export const takesList = (name: keyof RunOptions): boolean =>
  runOptionsSchema.shape[name].safeParse([]).success
