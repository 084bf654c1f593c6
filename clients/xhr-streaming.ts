/** `xhr-streaming`: an endless XMLHttpRequest response, read while it comes, one event a line. */
import { clientTechnique } from '../measure/technique.ts'
import { lineCutter } from './cutters.ts'
import { StreamClient, streamDrain, streamPrediction } from './stream.ts'

export const xhrStreaming = clientTechnique({
  settings: {},
  create: context =>
    new StreamClient(context, {
      initiator: 'fetch',
      contentType: /^text\/plain\s*(;|$)/i,
      cutter: lineCutter,
    }),
  drain: streamDrain,
  predict: (_, inputs) => streamPrediction(inputs),
})
