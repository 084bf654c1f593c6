/** `fetch-streaming`: newline-delimited JSON, read from the `ReadableStream` of a fetch. */
import { clientTechnique } from '../model/technique.ts'
import { lineCutter } from './http/cutters.ts'
import { heartbeatIdle, heartbeatSettings, streamSilence } from './http/silence.ts'
import { StreamClient, streamDrain, streamPrediction } from './http/stream.ts'

export const fetchStreaming = clientTechnique({
  settings: heartbeatSettings,
  create: context =>
    new StreamClient(context, {
      initiator: 'fetch',
      contentType: /^application\/x-ndjson\s*(;|$)/i,
      cutter: lineCutter,
    }),
  drain: streamDrain,
  idle: settings => heartbeatIdle(settings),
  silence: settings => streamSilence(settings),
  predict: (_, inputs) => streamPrediction(inputs),
})
