/** `page-streaming`: the page itself never ends; its script blocks run as they come. */
import { clientTechnique } from '../model/technique.ts'
import { scriptCutter } from './http/cutters.ts'
import { callbackSetting } from './http/script.ts'
import { StreamClient, streamTraits } from './http/stream.ts'

export const pageStreaming = clientTechnique({
  ...streamTraits,
  settings: { ...streamTraits.settings, callback: callbackSetting },
  create: (context, { callback }) =>
    new StreamClient(context, {
      initiator: 'document',
      contentType: /^text\/html\s*(;|$)/i,
      more: `&callback=${encodeURIComponent(callback)}`,
      cutter: scriptCutter,
    }),
})
