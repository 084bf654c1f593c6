/** `page-streaming`: the page itself never ends; its script blocks run as they come. */
import { clientTechnique } from '../measure/technique.ts'
import { scriptCutter } from './cutters.ts'
import { callbackSetting } from './script.ts'
import { heartbeatIdle, heartbeatSettings, streamSilence } from './silence.ts'
import { StreamClient, streamDrain, streamPrediction } from './stream.ts'

export const pageStreaming = clientTechnique({
  settings: { ...heartbeatSettings, callback: callbackSetting },
  create: (context, { callback }) =>
    new StreamClient(context, {
      initiator: 'document',
      contentType: /^text\/html\s*(;|$)/i,
      more: `&callback=${encodeURIComponent(callback)}`,
      cutter: scriptCutter,
    }),
  drain: streamDrain,
  idle: settings => heartbeatIdle(settings),
  silence: settings => streamSilence(settings),
  predict: (_, inputs) => streamPrediction(inputs),
})
