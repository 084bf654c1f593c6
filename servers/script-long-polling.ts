/**
 * `script-long-polling`: long polling through a script element. The answer is a script that calls the page,
 * so it crosses origins without CORS; the page learns of a failure only by the element's `error` event.
 */
import { callbackSetting } from '../model/shared-settings.ts'
import { serverTechnique } from '../model/technique.ts'
import { closedFormHold, heldSettings, holdRequests } from './http/held-requests.ts'
import { callbackOf, jsonpEnvelope } from './http/script.ts'
import { askingLine } from './http/watch-line.ts'

export const scriptLongPolling = serverTechnique({
  family: 'Comet, request',
  summary:
    'long polling through a script element; crosses origins, but the page learns only that it failed, not why',
  reference: 'Comet (Russell 2006); RFC 6202 section 2',
  year: 2006,
  mechanism:
    'A script element is added whose response waits at the server until there is an event; it calls a function of the page, which adds the next element.',
  needs: {
    browser: 'script elements; one of the 6 HTTP/1.1 connections per host',
    server:
      'a held request for each client, so a server that needs no thread for each; it checks the name of the callback',
    proxy: 'a read timeout above the hold',
  },
  crossesOrigins: 'yes, without CORS; the page then trusts the other origin with everything it can do',
  errors:
    "the error event of the element, without a status or a reason; no state of the connection, so a timeout of the page's own",
  settings: { ...heldSettings, callback: callbackSetting },
  create: (context, settings) =>
    holdRequests(context, settings, ({ query }) => {
      const callback = callbackOf(query, settings.callback)
      return callback === null ? null : jsonpEnvelope(callback)
    }),
  hold: settings => closedFormHold(settings),
  watch: url => askingLine(url),
})
