/**
 * How long a client waits before its n-th attempt to reconnect: laws of waiting as data. Terms and the jittered
 * laws after Brooker, "Exponential backoff and jitter" (2015); the text form is in `backoff-text.ts`.
 */
import type { Random } from './random.ts'
import { type Micros, micros, milliseconds, seconds } from './units.ts'

/** The quantities that a law may have. */
export interface BackoffParameters {
  /** The first delay, before any growth or jitter; above 0 where the law has one. */
  readonly base: Micros
  /** The law itself makes no longer delay, but a server that is obeyed may ask for one; at least `base`. */
  readonly cap: Micros
  /** How much longer the delay may be with each attempt; above 1 where the law has one. */
  readonly factor: number
}

/** A law of waiting with its quantities. Make one with {@link backoffOf}. */
export interface Backoff extends BackoffParameters {
  readonly name: BackoffName
}

/** Where a client stands that is to wait. */
export interface Reconnect {
  /** Attempts since the connection was lost: 0 before the first of them. */
  readonly attempt: number
  /** The delay before the last attempt since that loss; null before the first. */
  readonly previous: Micros | null
  /** What the server asked for (`Retry-After`, the `retry:` of server-sent events); null if it said nothing. */
  readonly asked: Micros | null
}

/** A law of waiting: its own delay, and what a reader needs to know about it. */
export interface BackoffLaw {
  /** One line for lists. */
  readonly summary: string
  /** Where the law is defined. */
  readonly reference: string
  /** The parameters that the law has, with their defaults. */
  readonly defaults: Partial<BackoffParameters>
  /** Whether a delay that the server asked for takes the place of the law's own. */
  readonly obeysServer: boolean
  /** The law's own delay in microseconds, from 0; see {@link delayBefore} for what a client does. */
  delay(parameters: BackoffParameters, reconnect: Reconnect, random: Random): number
}

/** `expo(n)` in Brooker's terms: the ceiling of the n-th delay. */
const grown = ({ base, cap, factor }: BackoffParameters, attempt: number): number =>
  Math.min(cap, base * factor ** attempt)

/** Uniform in [from, to). */
const uniform = (from: number, to: number, random: Random): number => from + random() * (to - from)

const brooker = 'M. Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015'
const doubling = { base: seconds(1), cap: seconds(30), factor: 2 }

/** `randomizationFactor` of socket.io-client. */
const socketIoDeviation = 0.5

/**
 * Every law. Only those that say so obey the server: browsers obey the `retry:` of a stream and nothing else,
 * and a client library obeys what it was written to obey. A law that obeyed in secret would measure the server's
 * wish under the law's name.
 */
export const backoffLaws = {
  none: {
    summary: 'at once, every time (a pause of 1 ms lets the client answer other things)',
    reference: brooker,
    defaults: {},
    obeysServer: false,
    delay: () => 0,
  },
  fixed: {
    summary: 'the same delay every time',
    reference: 'the timer loop that most pages are written with',
    defaults: { base: seconds(3) },
    obeysServer: false,
    delay: ({ base }) => base,
  },
  exponential: {
    summary: 'base, growing by factor up to cap; no jitter',
    reference: brooker,
    defaults: doubling,
    obeysServer: false,
    delay: (parameters, { attempt }) => grown(parameters, attempt),
  },
  'equal-jitter': {
    summary: 'half of the exponential delay, and a random part of the other half',
    reference: brooker,
    defaults: doubling,
    obeysServer: false,
    delay: (parameters, { attempt }, random) => {
      const ceiling = grown(parameters, attempt)
      return uniform(ceiling / 2, ceiling, random)
    },
  },
  'full-jitter': {
    summary: 'uniform from 0 to the exponential delay',
    reference: brooker,
    defaults: doubling,
    obeysServer: false,
    delay: (parameters, { attempt }, random) => uniform(0, grown(parameters, attempt), random),
  },
  decorrelated: {
    summary: 'uniform from base to factor times the previous delay, up to cap',
    reference: brooker,
    defaults: { base: seconds(1), cap: seconds(30), factor: 3 },
    obeysServer: false,
    delay: ({ base, cap, factor }, { previous }, random) =>
      Math.min(cap, uniform(base, factor * (previous ?? base), random)),
  },
  eventsource: {
    summary: "a browser's EventSource: 3 s every time, or what the stream's `retry:` asks for",
    reference: "WHATWG HTML 9.2.3, reconnection time; 3 s is Chromium's default",
    defaults: { base: seconds(3) },
    obeysServer: true,
    delay: ({ base }) => base,
  },
  'socket.io': {
    summary: 'socket.io-client: exponential, half of it up or down, cut off at cap, so without jitter there',
    reference: 'socket.io-client 4.8.4, lib/contrib/backo2.ts, randomizationFactor 0.5',
    defaults: { base: seconds(1), cap: seconds(5), factor: 2 },
    obeysServer: false,
    delay: socketIoDelay,
  },
  rfc6455: {
    summary: 'WebSocket: first uniform from 0 to base, then exponential up to cap',
    reference: 'RFC 6455 section 7.2.3',
    defaults: { base: seconds(5), cap: seconds(30), factor: 2 },
    obeysServer: false,
    // The RFC spreads the first attempt and wants "increasingly longer" delays after it, which a further uniform
    // draw would not give; the spread of the first attempt persists through delays that are equal for all.
    delay: (parameters, { attempt }, random) =>
      attempt === 0 ? uniform(0, parameters.base, random) : grown(parameters, attempt),
  },
  'server-directed': {
    summary: 'what the server asks for (Retry-After, `retry:`); full jitter while it has said nothing',
    reference: 'RFC 9110 section 10.2.3; WHATWG HTML 9.2.3',
    defaults: doubling,
    obeysServer: true,
    // A server that was killed could not ask. The client must not take its silence as leave to come at once.
    delay: (parameters, { attempt }, random) => uniform(0, grown(parameters, attempt), random),
  },
} satisfies Record<string, BackoffLaw>

export type BackoffName = keyof typeof backoffLaws

/** Every law, for help texts and checks. */
export const backoffNames = Object.keys(backoffLaws) as readonly BackoffName[]

/** A law with its defaults, or with parameters of one's own in their place. What the law lacks has no effect. */
export function backoffOf(name: BackoffName, parameters: Partial<BackoffParameters> = {}): Backoff {
  const law: BackoffLaw = backoffLaws[name]
  const { base = micros(0), factor = 1, cap = base } = { ...law.defaults, ...parameters }
  return { name, base, cap, factor }
}

/** Full jitter over 1 s, doubling up to 30 s: spreads clients that were dropped together. */
export const defaultBackoff: Backoff = backoffOf('full-jitter')

/** Even the law that waits not at all leaves the event loop room to answer: 1 ms. */
const least = milliseconds(1)

/**
 * How long a client waits before its next attempt: what the server asked for if the law obeys it, else the law's
 * own delay; never less than 1 ms. A server that is obeyed may ask for more than the cap.
 */
export function delayBefore(backoff: Backoff, reconnect: Reconnect, random: Random): Micros {
  const law: BackoffLaw = backoffLaws[backoff.name]
  const asked = law.obeysServer ? reconnect.asked : null
  return micros(Math.max(least, asked ?? law.delay(backoff, reconnect, random)))
}

/**
 * The arithmetic of socket.io-client, which counts in whole milliseconds. One draw decides both the size of the
 * deviation and, by its first decimal, the sign. Past about a thousand attempts the power overflows and the
 * delay falls to 0 half of the time, there as here.
 */
function socketIoDelay(
  { base, cap, factor }: BackoffParameters,
  { attempt }: Reconnect,
  random: Random,
): number {
  const ceiling = (base / 1_000) * factor ** attempt
  const draw = random()
  const deviation = Math.floor(draw * socketIoDeviation * ceiling)
  const deviated = Math.floor(draw * 10) % 2 === 0 ? ceiling - deviation : ceiling + deviation
  return (Math.min(deviated, cap / 1_000) | 0) * 1_000
}
