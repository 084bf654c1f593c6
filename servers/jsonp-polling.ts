/**
 * `jsonp-polling`: polling through a script element whose body calls a function of the page (Ippolito 2005):
 * works across origins without CORS, and trusts the other origin with everything.
 */
import { none } from '../measure/settings.ts'
import { serverTechnique } from '../measure/technique.ts'
import { Host, refuse } from './host.ts'
import { callbackOf, callbackSetting, jsonpEnvelope } from './script.ts'

export const jsonpPolling = serverTechnique({
  family: 'pull',
  summary: 'polling by a script element whose body calls the page; crosses origins without CORS',
  reference: 'Ippolito, "Remote JSON - JSONP" (2005)',
  settings: { callback: callbackSetting('pushbench') },
  create: (context, { callback: usual }) =>
    new Host<never>(context, host => ({
      request({ topic, cursor, query }, response) {
        const callback = callbackOf(query, usual)
        if (callback === null) {
          refuse(response, 400)
          return
        }
        host.answer(response, topic, cursor, { envelope: jsonpEnvelope(callback) })
      },
    })),
  hold: () => none,
  watch: url => `while sleep 1; do curl -s '${url}'; echo; done`,
})
