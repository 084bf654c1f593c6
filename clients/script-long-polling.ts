/** `script-long-polling`: long polling by one script element after the other. */
import { clientTechnique } from '../model/technique.ts'
import { Asker, emptyPoll } from './http/asking.ts'
import { firstHold, heldTraits, PollChain } from './http/poll-chain.ts'
import { callbackSetting, scriptQuestion } from './http/script.ts'

export const scriptLongPolling = clientTechnique({
  ...heldTraits,
  settings: { ...heldTraits.settings, callback: callbackSetting },
  create: (context, { callback, ...settings }) =>
    new PollChain(
      new Asker(context, { ...scriptQuestion(callback), held: true }),
      settings,
      firstHold(context, settings.hold),
    ),
  ceiling: (context, { callback }) => emptyPoll(context, scriptQuestion(callback), '&hold=0'),
})
