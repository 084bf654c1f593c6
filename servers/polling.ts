/**
 * `polling`: the server keeps events in its log until a client asks. It answers each request at once with
 * everything after the client's cursor, most often with nothing.
 */
import { zero } from '../model/settings.ts'
import { serverTechnique } from '../model/technique.ts'
import { Host } from './http/host.ts'
import { askingLine } from './http/watch-line.ts'

export const polling = serverTechnique({
  family: 'pull',
  summary: 'a request every interval; answered at once, with nothing when nothing happened',
  reference: 'XMLHttpRequest (Internet Explorer 5, 1999); RFC 6202 section 1; RFC 9110',
  year: 1999,
  mechanism:
    'A script asks on a timer and is answered at once with everything that it has not seen, most often with nothing.',
  needs: {
    browser: 'XMLHttpRequest or fetch',
    server: 'any: requests are short',
    proxy: 'nothing; Cache-Control: no-store',
  },
  crossesOrigins: 'with CORS: the response must carry Access-Control-Allow-Origin',
  errors: 'the request fails with a status or an error event; the next tick of the timer tries again',
  settings: {},

  create: context =>
    new Host<never>(context, host => ({
      request: ({ topic, cursor }, response) => host.answer(response, topic, cursor),
    })),

  watch: url => askingLine(url, { pauseSeconds: 1 }),

  hold: () => zero,
})
