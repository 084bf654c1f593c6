/**
 * How long a live connection can be silent, by technique. What decides it is set at the server; a page knows it as it
 * knows the server's address, so both adapters declare the setting.
 */
import { duration, type Values } from '../../model/settings.ts'
import type { Idle } from '../../model/technique.ts'
import { type Micros, micros, seconds } from '../../model/units.ts'

/** How long a page waits for an answer that is due, as by the `timeout` of an XMLHttpRequest. */
const answerTimeout = seconds(10)

/** The silence after which a stream gives a heartbeat. */
export const heartbeatSettings = {
  heartbeat: duration('15s', 'a sign of life is sent when a stream was silent for so long; 0 sends none'),
}

/** How long a request is held. */
export const holdSettings = {
  hold: duration(
    '30s',
    'longest time that a request is held; RFC 6202 section 5.5 calls 30 s safe and 120 s the outer value',
  ),
}

/** An idle held request is answered. */
export const holdIdle = ({ hold }: Values<typeof holdSettings>): Idle => ({ what: 'hold', after: hold })

/** An idle stream carries heartbeats. */
export const heartbeatIdle = ({ heartbeat }: Values<typeof heartbeatSettings>): Idle | null =>
  heartbeat > 0 ? { what: 'heartbeat', after: heartbeat } : null

/** A heartbeat may be late by half of its interval; without any, silence tells nothing. */
export const beatSilence = (every: Micros): Micros | null => (every > 0 ? micros(1.5 * every) : null)

/** The silence of a stream. */
export const streamSilence = ({ heartbeat }: Values<typeof heartbeatSettings>): Micros | null =>
  beatSilence(heartbeat)

/** The silence of a client that asks at the latest so long after it was answered, or asked, last. */
export const pollSilence = (longestGap: Micros): Micros => micros(longestGap + answerTimeout)
