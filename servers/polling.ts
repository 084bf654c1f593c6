/**
 * `polling`: the server keeps events in its log until somebody asks. Each request is answered at once with
 * everything after the client's cursor, most often with nothing.
 */
import { none } from '../measure/settings.ts'
import { serverTechnique } from '../measure/technique.ts'
import { Host } from './host.ts'

export const polling = serverTechnique({
  family: 'pull',
  summary: 'a request every interval; answered at once, with nothing when nothing happened',
  reference: 'RFC 6202 section 2; RFC 9110',
  settings: {},

  create: context =>
    new Host<never>(context, host => ({
      request: ({ topic, cursor }, response) => host.answer(response, topic, cursor),
    })),

  watch: url => `while sleep 1; do curl -s '${url}'; echo; done`,

  hold: () => none,
})
