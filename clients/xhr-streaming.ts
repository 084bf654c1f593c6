/** `xhr-streaming`: an endless XMLHttpRequest response, read while it comes, one event a line. */
import { clientTechnique } from '../measure/technique.ts'
import { lineCutter } from './cutters.ts'
import { heartbeatIdle, heartbeatSettings, streamSilence } from './silence.ts'
import { StreamClient, streamDrain, streamPrediction } from './stream.ts'

export const xhrStreaming = clientTechnique({
  settings: heartbeatSettings,
  create: context =>
    new StreamClient(context, {
      initiator: 'fetch',
      contentType: /^text\/plain\s*(;|$)/i,
      cutter: lineCutter,
    }),
  drain: streamDrain,
  idle: settings => heartbeatIdle(settings),
  silence: settings => streamSilence(settings),
  predict: (_, inputs) => streamPrediction(inputs),
})
