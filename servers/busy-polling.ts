/**
 * `busy-polling`: the client asks again as soon as it was answered. An empty answer is a bare `null`, which the
 * page reads and drops.
 */
import { none } from '../measure/settings.ts'
import { serverTechnique } from '../measure/technique.ts'
import { type Envelope, Host, jsonArray } from './host.ts'

const nullWhenEmpty: Envelope = {
  ...jsonArray,
  body: texts => (texts.length === 0 ? 'null' : jsonArray.body(texts)),
}

export const busyPolling = serverTechnique({
  family: 'pull',
  summary: 'the next request leaves as soon as the last was answered; an empty answer is a bare null',
  reference: 'RFC 9110; the null flag of early Ajax',
  settings: {},
  create: context =>
    new Host<never>(context, host => ({
      request: ({ topic, cursor }, response) =>
        host.answer(response, topic, cursor, { envelope: nullWhenEmpty }),
    })),
  hold: () => none,
  watch: url => `while true; do curl -s '${url}'; echo; done`,
})
