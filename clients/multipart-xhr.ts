/** `multipart-xhr`: an endless multipart response, one part an event, taken apart by script. */
import { clientTechnique } from '../measure/technique.ts'
import { partCutter } from './cutters.ts'
import { StreamClient, streamDrain, streamPrediction } from './stream.ts'

export const multipartXhr = clientTechnique({
  settings: {},
  create: context =>
    new StreamClient(context, {
      initiator: 'fetch',
      contentType: /^multipart\/x-mixed-replace\s*;/i,
      cutter: partCutter,
    }),
  drain: streamDrain,
  predict: (_, inputs) => streamPrediction(inputs),
})
