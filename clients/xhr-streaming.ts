/** `xhr-streaming`: an endless XMLHttpRequest response, read while it comes, one event a line. */
import { clientTechnique } from '../model/technique.ts'
import { lineCutter } from './http/cutters.ts'
import { heartbeatIdle, heartbeatSettings, streamSilence } from './http/silence.ts'
import { StreamClient, streamDrain, streamPrediction } from './http/stream.ts'

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
