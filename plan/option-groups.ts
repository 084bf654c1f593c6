/** Every option of a run, grouped by subject. An option without a default takes the scenario's value. */

import { z } from 'zod'
import { parseFault } from '../faults/text.ts'
import { formatAudience } from '../model/audience.ts'
import { parseBackoff } from '../model/backoff-text.ts'
import { deliveries } from '../model/delivery.ts'
import { formatDuration, formatRate, parseCount, parseDuration, parseRate } from '../model/quantity.ts'
import { micros, seconds } from '../model/units.ts'
import { defaultAttemptTimeout } from '../model/workload.ts'
import { type ScenarioName, scenarios } from '../scenarios/index.ts'
import { servers, type Technique } from '../servers/index.ts'
import { linkOptions } from './link-options.ts'
import {
  items,
  names,
  parseAddress,
  parseAudienceOption,
  parseCeiling,
  parsePayload,
  parseWait,
  positive,
  quantity,
  read,
  shown,
  texts,
} from './option-values.ts'

const { workload: usual } = scenarios.steady
const whole = (least: number) => quantity(text => parseCount(text, least))
const positiveDuration = quantity(positive(parseWait, 'duration')).transform(micros)

/** What is measured: techniques and their settings, or foreign servers. */
export const subjectOptions = {
  technique: names('technique', Object.keys(servers) as Technique[])
    .optional()
    .meta(shown('techniques to measure, separated by commas', 'all', 't')),
  set: texts
    .default([])
    .meta(shown('a technique setting, <technique>.<setting>=<value>; repeatable, see "list settings"')),
  scenario: names('scenario', Object.keys(scenarios) as ScenarioName[])
    .default(['steady'])
    .meta(shown('scenarios to measure, separated by commas', 'steady', 's')),
  server: items(text => ({ value: text }))
    .default([])
    .meta(
      shown(
        'modules of your own servers to measure, e.g. ./my-server.ts; with --technique, built-in ones as well',
      ),
    ),
  target: quantity(parseAddress)
    .optional()
    .meta(
      shown(
        'a server that already runs: the URL where clients of the one --technique subscribe; {stream} stands for the number of their stream',
      ),
    ),
  publish: quantity(parseAddress)
    .optional()
    .meta(shown('where events for the --target are published by HTTP POST; {stream} as in --target')),
  pid: items(text => parseCount(text, 1))
    .default([])
    .meta(shown('processes of the --target, whose CPU time and memory are read')),
  allowRemote: items(text => ({ value: text }))
    .default([])
    .meta(shown('hosts other than this machine on which a --target may be', 'none')),
}

/** The clients, the events, and for how long. */
export const loadOptions = {
  clients: whole(1)
    .optional()
    .meta(shown('simulated clients, all client processes together', String(usual.clients), 'c')),
  rate: quantity(parseRate)
    .optional()
    .meta(shown('events per stream, e.g. 2/s or 30/m', formatRate(usual.ratePerSecond), 'R')),
  arrivals: z
    .enum(['poisson', 'periodic'])
    .optional()
    .meta(shown('spacing of events: poisson (random) or periodic', usual.arrivals)),
  audience: quantity(parseAudienceOption)
    .optional()
    .meta(
      shown(
        'which client receives which stream: broadcast, individual or rooms:<n>',
        formatAudience(usual.audience),
      ),
    ),
  payload: quantity(parsePayload)
    .optional()
    .meta(shown("size of an event's text, stamp included, e.g. 128 or 64KiB", String(usual.payloadBytes))),
  duration: positiveDuration
    .optional()
    .meta(shown('length of the measured window', formatDuration(usual.duration), 'd')),
  warmup: quantity(parseWait)
    .optional()
    .meta(
      shown(
        'time in which events flow before the window opens; longer where a technique needs it',
        formatDuration(usual.warmup),
        'W',
      ),
    ),
  headers: z
    .enum(['minimal', 'browser'])
    .optional()
    .meta(
      shown(
        'request headers of the clients: browser (what a browser sends) or minimal (the fewest that work)',
        usual.headers,
      ),
    ),
}

/** How it is measured: repetitions, processes, seeds, page clients and the ceiling. */
export const runOptions = {
  runs: whole(1)
    .default(1)
    .meta(shown('repetitions of every measurement, in fresh processes', '1', 'n')),
  domClients: whole(0).default(0).meta(shown('additional clients that run the page script in jsdom', '0')),
  browserClients: whole(0)
    .default(0)
    .meta(shown('additional clients that run the page script in Chromium', '0')),
  workers: whole(1)
    .optional()
    .meta(shown('client processes', 'one for each core but one', 'w')),
  seed: whole(0)
    .default(1)
    .meta(
      shown('the seed of all random choices; repetitions after the first take seeds derived from it', '1'),
    ),
  ceiling: z
    // `--no-ceiling` reaches here as false.
    .union([z.literal(false), z.string(), z.number()])
    .transform(read(value => (value === 'false' ? { value: micros(0) } : parseCeiling(value))))
    .default(seconds(2))
    .meta(
      shown(
        'how long a server that answers requests is asked as fast as it can answer, after its run; --no-ceiling leaves this out',
        '2s',
      ),
    ),
}

/** What the server keeps and promises. */
export const deliveryOptions = {
  log: whole(1)
    .optional()
    .meta(
      shown('events that the server keeps per stream for clients that come back', String(usual.logEvents)),
    ),
  delivery: z
    .enum(deliveries)
    .optional()
    .meta(
      shown(
        'what the server promises: log (everything after the cursor), session-queue (the pages of a session share one queue) or last-value (only the newest event)',
        usual.delivery,
      ),
    ),
  pagesPerSession: whole(1)
    .optional()
    .meta(
      shown('how many clients are pages of one session and share its queue', String(usual.pagesPerSession)),
    ),
  backendPoll: quantity(parseDuration)
    .optional()
    .meta(
      shown(
        'how often the server asks its backend for events, e.g. 100ms; 0: the backend pushes them at once',
        formatDuration(usual.backendPoll),
      ),
    ),
}

/** The faults of a run, and how clients reconnect. */
export const stormOptions = {
  fault: items(parseFault)
    .default([])
    .meta(
      shown(
        'a fault of the server, the link or the clients, e.g. restart:at=2s:down=5s; a list measures each, see "list faults"',
        'none',
      ),
    ),
  backoff: items(parseBackoff)
    .default([])
    .meta(
      shown(
        'how clients wait before they reconnect, e.g. full-jitter:base=1s:cap=30s; a list measures each, see "list backoffs"',
        usual.backoff.name,
      ),
    ),
  acceptRate: quantity(positive(parseRate, 'rate'))
    .optional()
    .meta(
      shown(
        'the most connections per second that the server accepts, e.g. 200/s, as if it were loaded',
        'no limit',
      ),
    ),
  attemptTimeout: positiveDuration
    .optional()
    .meta(
      shown(
        'how long a client waits for a connection before it gives up the attempt',
        formatDuration(defaultAttemptTimeout),
      ),
    ),
}

/** The groups with their headings, in the order in which documents show them. */
export const optionGroups = {
  'What is measured': subjectOptions,
  'The load': loadOptions,
  'The runs': runOptions,
  'What the server keeps': deliveryOptions,
  'Faults and reconnecting': stormOptions,
  'The link': linkOptions,
}
