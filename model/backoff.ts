/**
 * How long a client waits before its n-th attempt to reconnect: backoff policies as data. Terms and the policies with
 * jitter after Brooker, "Exponential backoff and jitter" (2015); the text form is in `backoff-text.ts`.
 */
import type { Random } from './random.ts'
import { defaults, duration, factor, type Setting } from './settings.ts'
import { type Micros, micros, milliseconds } from './units.ts'

/** The parameters that a policy may have. */
export interface BackoffParameters {
  /** The first delay, before any growth or jitter; above 0 where the policy has one. */
  readonly base: Micros
  /** The longest delay of the policy itself; a server that is obeyed may ask for more. At least `base`. */
  readonly cap: Micros
  /** How much longer the delay may be with each attempt; above 1 where the policy has one. */
  readonly factor: number
}

/** A backoff policy with its parameters. Make one with {@link backoffOf}. */
export interface Backoff extends BackoffParameters {
  readonly name: BackoffName
}

/** The state of a client that is about to wait. */
export interface Reconnect {
  /** Attempts since the connection was lost: 0 before the first of them. */
  readonly attempt: number
  /** The delay before the last attempt since that loss; null before the first. */
  readonly previous: Micros | null
  /** What the server asked for (`Retry-After`, the `retry:` of server-sent events); null if it said nothing. */
  readonly asked: Micros | null
}

/** A kind of backoff policy: its own delay, and what a reader needs to know about it. */
export interface BackoffPolicy {
  /** One line for lists. */
  readonly summary: string
  /** Where the policy is defined. */
  readonly reference: string
  /** The parameters that it has, under the names of {@link BackoffParameters}. */
  readonly settings: Partial<{ [K in keyof BackoffParameters]: Setting<BackoffParameters[K]> }>
  /** Whether a delay that the server asked for replaces the policy's own. */
  readonly obeysServer: boolean
  /** The policy's own delay in microseconds, from 0; see {@link delayBefore} for what a client does. */
  delay(parameters: BackoffParameters, reconnect: Reconnect, random: Random): number
}

/** `expo(n)` in Brooker's terms: the ceiling of the n-th delay. */
const grown = ({ base, cap, factor }: BackoffParameters, attempt: number): number =>
  Math.min(cap, base * factor ** attempt)

/** Uniform in [from, to). */
const uniform = (from: number, to: number, random: Random): number => from + random() * (to - from)

const brooker = 'M. Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015'

const base = (fallback: string) => duration(fallback, 'the first delay, before growth and jitter', '1us')
const cap = (fallback: string) =>
  duration(fallback, 'the longest delay that the policy itself asks for', '1us')
const growth = (fallback: number) => factor(fallback, 'by how much the delay grows with each attempt')
const doubling = { base: base('1s'), cap: cap('30s'), factor: growth(2) }

/** `randomizationFactor` of socket.io-client. */
const socketIoDeviation = 0.5

/**
 * Every policy. Only those that say so obey the server: browsers obey the `retry:` of a stream and nothing else,
 * and a client library obeys what it was written to obey. A policy that obeyed without saying so would measure the
 * server's wish under its own name.
 */
export const backoffPolicies = {
  none: {
    summary: 'at once, every time (a pause of 1 ms lets the client answer other things)',
    reference: brooker,
    settings: {},
    obeysServer: false,
    delay: () => 0,
  },
  fixed: {
    summary: 'the same delay every time',
    reference: 'the timer loop that most pages are written with',
    settings: { base: base('3s') },
    obeysServer: false,
    delay: ({ base }) => base,
  },
  exponential: {
    summary: 'base, growing by factor up to cap; no jitter',
    reference: brooker,
    settings: doubling,
    obeysServer: false,
    delay: (parameters, { attempt }) => grown(parameters, attempt),
  },
  'equal-jitter': {
    summary: 'half of the exponential delay, and a random part of the other half',
    reference: brooker,
    settings: doubling,
    obeysServer: false,
    delay: (parameters, { attempt }, random) => {
      const ceiling = grown(parameters, attempt)
      return uniform(ceiling / 2, ceiling, random)
    },
  },
  'full-jitter': {
    summary: 'uniform from 0 to the exponential delay',
    reference: brooker,
    settings: doubling,
    obeysServer: false,
    delay: (parameters, { attempt }, random) => uniform(0, grown(parameters, attempt), random),
  },
  decorrelated: {
    summary: 'uniform from base to factor times the previous delay, up to cap',
    reference: brooker,
    settings: { base: base('1s'), cap: cap('30s'), factor: growth(3) },
    obeysServer: false,
    delay: ({ base, cap, factor }, { previous }, random) =>
      Math.min(cap, uniform(base, factor * (previous ?? base), random)),
  },
  eventsource: {
    summary: "a browser's EventSource: 3 s every time, or what the stream's `retry:` asks for",
    reference: "WHATWG HTML 9.2.3, reconnection time; 3 s is Chromium's default",
    settings: { base: base('3s') },
    obeysServer: true,
    delay: ({ base }) => base,
  },
  'socket.io': {
    summary: 'socket.io-client: exponential, half of it up or down, cut off at cap, so without jitter there',
    reference: 'socket.io-client 4.8.4, lib/contrib/backo2.ts, randomizationFactor 0.5',
    settings: { base: base('1s'), cap: cap('5s'), factor: growth(2) },
    obeysServer: false,
    delay: socketIoDelay,
  },
  rfc6455: {
    summary: 'WebSocket: first uniform from 0 to base, then exponential up to cap',
    reference: 'RFC 6455 section 7.2.3',
    settings: { base: base('5s'), cap: cap('30s'), factor: growth(2) },
    obeysServer: false,
    // The RFC spreads the first attempt and wants "increasingly longer" delays after it, which a further uniform
    // draw would not give; the spread of the first attempt persists through delays that are equal for all.
    delay: (parameters, { attempt }, random) =>
      attempt === 0 ? uniform(0, parameters.base, random) : grown(parameters, attempt),
  },
  'server-directed': {
    summary: 'what the server asks for (Retry-After, `retry:`); full jitter while it has said nothing',
    reference: 'RFC 9110 section 10.2.3; WHATWG HTML 9.2.3',
    settings: doubling,
    obeysServer: true,
    // A server that was killed could not name a delay. That must not mean "reconnect immediately".
    delay: (parameters, { attempt }, random) => uniform(0, grown(parameters, attempt), random),
  },
} satisfies Record<string, BackoffPolicy>

export type BackoffName = keyof typeof backoffPolicies

/** Names of all policies, for help texts and checks. */
export const backoffNames = Object.keys(backoffPolicies) as readonly BackoffName[]

/** A policy with its defaults, or with other parameters in their place. What the policy lacks has no effect. */
export function backoffOf(name: BackoffName, parameters: Partial<BackoffParameters> = {}): Backoff {
  const { settings }: BackoffPolicy = backoffPolicies[name]
  const {
    base = micros(0),
    factor = 1,
    cap = base,
  }: Partial<BackoffParameters> = {
    ...defaults(settings),
    ...parameters,
  }
  return { name, base, cap, factor }
}

/** Full jitter over 1 s, doubling up to 30 s: spreads clients that were dropped together. */
export const defaultBackoff: Backoff = backoffOf('full-jitter')

/** Even a policy that does not wait leaves the event loop time to answer: 1 ms. */
const least = milliseconds(1)

/**
 * How long a client waits before its next attempt: what the server asked for if the policy obeys it, else the policy's
 * own delay; never less than 1 ms. A server that is obeyed may ask for more than the cap.
 */
export function delayBefore(backoff: Backoff, reconnect: Reconnect, random: Random): Micros {
  const policy: BackoffPolicy = backoffPolicies[backoff.name]
  const asked = policy.obeysServer ? reconnect.asked : null
  return micros(Math.max(least, asked ?? policy.delay(backoff, reconnect, random)))
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
