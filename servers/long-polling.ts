/**
 * `long-polling`: a request is held until there is an event or the hold runs out; the response ends it and
 * the client asks again. Events that come while no request is armed wait in the log (RFC 6202 section 2.2).
 */
import { timeoutNotice } from '../model/event.ts'
import { choice } from '../model/settings.ts'
import { serverTechnique } from '../model/technique.ts'
import { closedFormHold, heldSettings, holdRequests } from './http/held-requests.ts'
import { type Envelope, jsonArray } from './http/transport.ts'
import { askingLine } from './http/watch-line.ts'

/** An array of events, or `noop` when nothing happened. */
const orNoop = (noop: string): Envelope => ({
  ...jsonArray,
  body: texts => (texts.length === 0 ? noop : jsonArray.body(texts)),
})

/** By the setting: LivePage's output conduit ended an idle request with a bare `null`, event-driven Ajax with an event. */
const envelopes = {
  '[]': jsonArray,
  null: orNoop('null'),
  'timeout-event': orNoop(timeoutNotice),
} as const

export const longPolling = serverTechnique({
  family: 'Comet, request',
  summary: 'a request is held until an event comes or the hold runs out; then the client asks again',
  reference: 'Comet (Russell 2006); RFC 6202 section 2',
  year: 2006,
  mechanism:
    'A request waits at the server until there is an event or the hold runs out; the answer ends it, and the script asks again at once.',
  needs: {
    browser: 'XMLHttpRequest or fetch; one of the 6 HTTP/1.1 connections per host',
    server: 'a held request for each client, so a server that needs no thread for each',
    proxy: 'a read timeout above the hold (30 s is safe, 120 s the outer value)',
  },
  crossesOrigins: 'with CORS: the response must carry Access-Control-Allow-Origin',
  errors:
    "the request fails with a status or an error event; an answer that never comes needs a timeout of the script's own",
  settings: {
    ...heldSettings,
    noop: choice(
      ['[]', 'null', 'timeout-event'],
      'an answer without an event: an empty array, a bare null, or an event that says that the hold ran out',
    ),
  },
  create: (context, settings) => holdRequests(context, settings, () => envelopes[settings.noop]),
  hold: settings => closedFormHold(settings),
  watch: url => askingLine(url),
})
