/**
 * `jsonp-polling`: polling through a script element whose body calls a function of the page (Ippolito 2005):
 * works across origins without CORS, and gives the other origin full access to the page.
 */
import { zero } from '../model/settings.ts'
import { callbackSetting } from '../model/shared-settings.ts'
import { serverTechnique } from '../model/technique.ts'
import { Host } from './http/host.ts'
import { refuse } from './http/refusals.ts'
import { callbackOf, jsonpEnvelope } from './http/script.ts'
import { askingLine } from './http/watch-line.ts'

export const jsonpPolling = serverTechnique({
  family: 'pull',
  summary: 'polling by a script element whose body calls the page; crosses origins without CORS',
  reference: 'Ippolito, "Remote JSON - JSONP" (2005)',
  year: 2005,
  mechanism:
    'A script element is added on a timer; what it loads is a script that calls a function of the page with the events.',
  needs: {
    browser: 'script elements',
    server: 'any that checks the name of the callback and escapes what it puts into the script',
    proxy: 'nothing; Cache-Control: no-store',
  },
  crossesOrigins: 'yes, without CORS; the page then trusts the other origin with everything it can do',
  errors:
    'the error event of the element, without a status or a reason; a script that does not parse only shows at window.onerror',
  settings: { callback: callbackSetting },
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
  hold: () => zero,
  watch: url => askingLine(url, { pauseSeconds: 1 }),
})
