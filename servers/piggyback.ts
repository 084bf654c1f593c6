/**
 * `piggyback`: the client makes no request for events. They come in the responses to the forms that the user posts,
 * next to the form's own result. A plain GET is the fall-back poll of an idle page.
 */
import { zero } from '../model/settings.ts'
import { serverTechnique } from '../model/technique.ts'
import { Host } from './http/host.ts'
import { type Envelope, jsonArray } from './http/transport.ts'
import { askingLine } from './http/watch-line.ts'

/** The form's own answer and the events. */
const withAnswer = (answer: string): Envelope => ({
  ...jsonArray,
  body: texts => `{"answer":${answer},"events":${jsonArray.body(texts)}}`,
})

export const piggyback = serverTechnique({
  family: 'pull',
  summary:
    "no request of its own: events come with the answers to the user's posts, with an optional fall-back poll",
  reference: 'DWR 2.0, "Reverse Ajax" (2007); Crane and McCarthy, "Comet and Reverse Ajax" (2008), chapter 1',
  year: 2007,
  mechanism:
    "No request is made for events: they come with the answers to the user's own requests, next to each request's own result; an idle page may fall back on a poll.",
  needs: {
    browser: 'XMLHttpRequest or fetch',
    server: 'any that can add to every answer',
    proxy: 'nothing; Cache-Control: no-store',
  },
  crossesOrigins: 'with CORS: the response must carry Access-Control-Allow-Origin',
  errors: "with the user's own request: it fails with a status or an error event",
  settings: {},
  create: context =>
    new Host<never>(context, host => ({
      methods: ['GET', 'POST'],
      request({ topic, cursor, query, request }, response) {
        const answer = { accepted: true, action: query.get('action') ?? '' }
        const envelope = request.method === 'POST' ? withAnswer(JSON.stringify(answer)) : jsonArray
        host.answer(response, topic, cursor, { envelope })
      },
    })),
  hold: () => zero,
  watch: url => askingLine(url, { pauseSeconds: 2, words: '-d action=buy' }),
})
