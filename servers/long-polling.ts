/**
 * `long-polling`: a request is held until there is an event or the hold runs out; the response ends it and
 * the client asks again. Events that come while no request is armed wait in the log (RFC 6202 section 2.2).
 */
import { choice } from '../measure/settings.ts'
import { serverTechnique } from '../measure/technique.ts'
import { closedFormHold, heldSettings, holdRequests } from './held-requests.ts'
import { type Envelope, jsonArray } from './host.ts'

/** LivePage's output conduit ended an idle request with a bare `null`. */
const bareNull: Envelope = {
  ...jsonArray,
  body: texts => (texts.length === 0 ? 'null' : jsonArray.body(texts)),
}

export const longPolling = serverTechnique({
  family: 'Comet, request',
  summary: 'a request is held until an event comes or the hold runs out; then the client asks again',
  reference: 'RFC 6202 section 2',
  settings: {
    ...heldSettings,
    noop: choice(['[]', 'null'], 'the body of an answer without an event'),
  },
  create: (context, settings) =>
    holdRequests(context, settings, () => (settings.noop === 'null' ? bareNull : jsonArray)),
  hold: settings => closedFormHold(settings),
  watch: url => `curl -s '${url}' && echo    # answers with the next event; add &since=<seq> to go on`,
})
