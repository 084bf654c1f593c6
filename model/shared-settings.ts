/**
 * Settings that both adapters of a technique declare. They control the server; a page is configured with the same
 * values, as with the address of the server.
 */
import { duration, text, toggle } from './settings.ts'

/** The silence after which a stream carries a heartbeat. */
export const heartbeatSettings = {
  heartbeat: duration('15s', 'a heartbeat is sent when a stream was silent for this long; 0 sends none'),
}

/** How long a request is held. */
export const holdSettings = {
  hold: duration(
    '30s',
    'longest time that a request is held; RFC 6202 section 5.5 calls 30 s safe and 120 s the outer value',
  ),
}

/** How often a WebSocket is pinged. */
export const pingSetting = duration(
  '25s',
  'time between ping frames; a client that has not answered by the next one is dropped; 0 sends none',
)

/** Whether the messages of a WebSocket are compressed (RFC 7692). */
export const compressionSetting = toggle(false, 'permessage-deflate, agreed in the handshake')

/** An identifier of the page, or a member of one: letters, digits, `_`, `$` and dots between names; at most 64 long. */
export const callbackForm = /^(?=.{1,64}$)[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/

/** The function of the page that a script calls. */
export const callbackSetting = text(
  'pushbench',
  callbackForm,
  'a JavaScript identifier',
  'the function of the page that is called with the events',
)
