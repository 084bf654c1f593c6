/**
 * `busy-polling`: the client asks again as soon as it was answered. An empty response is a bare `null`, which the
 * page reads and drops.
 */
import { zero } from '../model/settings.ts'
import { serverTechnique } from '../model/technique.ts'
import { Host } from './http/host.ts'
import { type Envelope, jsonArray } from './http/transport.ts'
import { askingLine } from './http/watch-line.ts'

const nullWhenEmpty: Envelope = {
  ...jsonArray,
  body: texts => (texts.length === 0 ? 'null' : jsonArray.body(texts)),
}

export const busyPolling = serverTechnique({
  family: 'pull',
  summary: 'the next request leaves as soon as the last was answered; an empty answer is a bare null',
  reference: 'XMLHttpRequest (Internet Explorer 5, 1999); RFC 6202 section 1',
  year: 1999,
  mechanism:
    'A script asks, is answered at once, and asks again as soon as it has the answer; an empty answer is a bare null, which the script reads and drops.',
  needs: {
    browser: 'XMLHttpRequest or fetch',
    server: 'any, but it gets requests all the time',
    proxy: 'nothing; Cache-Control: no-store',
  },
  crossesOrigins: 'with CORS: the response must carry Access-Control-Allow-Origin',
  errors: 'the request fails with a status or an error event, and the script decides when to ask again',
  settings: {},
  create: context =>
    new Host<never>(context, host => ({
      request: ({ topic, cursor }, response) =>
        host.answer(response, topic, cursor, { envelope: nullWhenEmpty }),
    })),
  hold: () => zero,
  watch: url => askingLine(url),
})
