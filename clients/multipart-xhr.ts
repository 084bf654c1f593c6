/** `multipart-xhr`: an endless multipart response, one part an event, taken apart by script. */
import { clientTechnique } from '../model/technique.ts'
import { partCutter } from './http/cutters.ts'
import { heartbeatIdle, heartbeatSettings, streamSilence } from './http/silence.ts'
import { StreamClient, streamDrain, streamPrediction } from './http/stream.ts'

export const multipartXhr = clientTechnique({
  settings: heartbeatSettings,
  create: context =>
    new StreamClient(context, {
      initiator: 'fetch',
      contentType: /^multipart\/x-mixed-replace\s*;/i,
      cutter: partCutter,
    }),
  drain: streamDrain,
  idle: settings => heartbeatIdle(settings),
  silence: settings => streamSilence(settings),
  predict: (_, inputs) => streamPrediction(inputs),
})
