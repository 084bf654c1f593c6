/** `script-long-polling`: long polling by one script element after the other. */
import { clientTechnique } from '../measure/technique.ts'
import { Asker, emptyPoll } from './http.ts'
import { chainDrain, chainPrediction, chainSettings, PollChain } from './poll-chain.ts'
import { callbackSetting, scriptQuestion } from './script.ts'

export const scriptLongPolling = clientTechnique({
  settings: { ...chainSettings, callback: callbackSetting },
  create: (context, { callback, ...settings }) =>
    new PollChain(new Asker(context, scriptQuestion(callback)), settings),
  drain: settings => chainDrain(settings),
  predict: (settings, inputs) => chainPrediction(settings, inputs),
  ceiling: (context, { callback }) => emptyPoll(context, scriptQuestion(callback), '&hold=0'),
})
