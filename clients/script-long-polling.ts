/** `script-long-polling`: long polling by one script element after the other. */
import { clientTechnique } from '../measure/technique.ts'
import { micros } from '../measure/units.ts'
import { Asker, emptyPoll } from './http.ts'
import { chainDrain, chainPrediction, chainSettings, PollChain } from './poll-chain.ts'
import { callbackSetting, scriptQuestion } from './script.ts'
import { holdSettings, pollSilence } from './silence.ts'

export const scriptLongPolling = clientTechnique({
  settings: { ...chainSettings, ...holdSettings, callback: callbackSetting },
  create: (context, { callback, ...settings }) =>
    new PollChain(new Asker(context, { ...scriptQuestion(callback), held: true }), settings),
  drain: settings => chainDrain(settings),
  silence: ({ pause, hold }) => pollSilence(micros(pause + hold)),
  predict: (settings, inputs) => chainPrediction(settings, inputs),
  ceiling: (context, { callback }) => emptyPoll(context, scriptQuestion(callback), '&hold=0'),
})
