/** `forever-frame`: a hidden iframe whose page never ends; every script block in it calls the page around it. */
import { clientTechnique } from '../model/technique.ts'
import { scriptCutter } from './http/cutters.ts'
import { callbackSetting } from './http/script.ts'
import { heartbeatIdle, heartbeatSettings, streamSilence } from './http/silence.ts'
import { StreamClient, streamDrain, streamPrediction } from './http/stream.ts'

export const foreverFrame = clientTechnique({
  settings: { ...heartbeatSettings, callback: callbackSetting },
  create: (context, { callback }) =>
    new StreamClient(context, {
      initiator: 'iframe',
      contentType: /^text\/html\s*(;|$)/i,
      more: `&callback=${encodeURIComponent(callback)}`,
      cutter: scriptCutter,
    }),
  drain: streamDrain,
  idle: settings => heartbeatIdle(settings),
  silence: settings => streamSilence(settings),
  predict: (_, inputs) => streamPrediction(inputs),
})
