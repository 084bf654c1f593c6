/** `forever-frame`: a hidden iframe whose page never ends; every script block in it calls the page around it. */
import { clientTechnique } from '../model/technique.ts'
import { scriptCutter } from './http/cutters.ts'
import { callbackSetting } from './http/script.ts'
import { StreamClient, streamTraits } from './http/stream.ts'

export const foreverFrame = clientTechnique({
  ...streamTraits,
  settings: { ...streamTraits.settings, callback: callbackSetting },
  create: (context, { callback }) =>
    new StreamClient(context, {
      initiator: 'iframe',
      contentType: /^text\/html\s*(;|$)/i,
      more: `&callback=${encodeURIComponent(callback)}`,
      cutter: scriptCutter,
    }),
})
