/**
 * How long a live connection can be silent, by technique, and how long its last events may be on their way. A setting of the server decides it. A page is configured
 * with it as with the server's address, so both adapters declare the setting.
 */
import type { Values } from '../../model/settings.ts'
import { heartbeatSettings, holdSettings } from '../../model/shared-settings.ts'
import type { Idle } from '../../model/technique.ts'
import { type Micros, micros, seconds } from '../../model/units.ts'

export { heartbeatSettings, holdSettings }

/** How long what was sent last may still be on its way, when nothing holds it back any more. */
export const transit: Micros = seconds(2)

/** How long a page waits for an answer that is due, as by the `timeout` of an XMLHttpRequest. */
const answerTimeout = seconds(10)

/** An idle held request is answered. */
export const holdIdle = ({ hold }: Values<typeof holdSettings>): Idle => ({ what: 'hold', after: hold })

/** An idle stream carries heartbeats. */
export const heartbeatIdle = ({ heartbeat }: Values<typeof heartbeatSettings>): Idle | null =>
  heartbeat > 0 ? { what: 'heartbeat', after: heartbeat } : null

/** A heartbeat may be late by half its interval. Without heartbeats, silence does not mean a lost connection. */
export const beatSilence = (every: Micros): Micros | null => (every > 0 ? micros(1.5 * every) : null)

/** The silence of a stream. */
export const streamSilence = ({ heartbeat }: Values<typeof heartbeatSettings>): Micros | null =>
  beatSilence(heartbeat)

/** The silence of a client that sends its next request at most `longestGap` after its last response, or request. */
export const pollSilence = (longestGap: Micros): Micros => micros(longestGap + answerTimeout)
