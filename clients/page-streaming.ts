/** `page-streaming`: the page itself never ends; its script blocks run as they come. */
import { clientTechnique } from '../model/technique.ts'
import { scriptCutter } from './http/cutters.ts'
import { callbackSetting } from './http/script.ts'
import { heartbeatSettings } from './http/silence.ts'
import { StreamClient, streamTraits } from './http/stream.ts'

export const pageStreaming = clientTechnique({
  ...streamTraits,
  settings: { ...heartbeatSettings, callback: callbackSetting },
  create: (context, { callback }) =>
    new StreamClient(context, {
      initiator: 'document',
      contentType: /^text\/html\s*(;|$)/i,
      more: `&callback=${encodeURIComponent(callback)}`,
      cutter: scriptCutter,
    }),
})
