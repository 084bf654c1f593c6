/**
 * `script-long-polling`: long polling through a script element. The answer is a script that calls the page,
 * so it crosses origins without CORS; the page learns of a failure only by the element's `error` event.
 */
import { serverTechnique } from '../measure/technique.ts'
import { closedFormHold, heldSettings, holdRequests } from './held-requests.ts'
import { callbackOf, callbackSetting, jsonpEnvelope } from './script.ts'

export const scriptLongPolling = serverTechnique({
  family: 'Comet, request',
  summary: 'long polling through a script element; crosses origins, tells the page of no error but its own',
  reference: 'Comet (Russell 2006); RFC 6202 section 2',
  settings: { ...heldSettings, callback: callbackSetting('pushbench') },
  create: (context, settings) =>
    holdRequests(context, settings, ({ query }) => {
      const callback = callbackOf(query, settings.callback)
      return callback === null ? null : jsonpEnvelope(callback)
    }),
  hold: settings => closedFormHold(settings),
  watch: url => `curl -s '${url}' && echo    # answers with the next event; add &since=<seq> to go on`,
})
