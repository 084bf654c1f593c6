/** `script-long-polling`: long polling by one script element after the other. */
import { clientTechnique } from '../model/technique.ts'
import { micros } from '../model/units.ts'
import { Asker, emptyPoll } from './http/http.ts'
import { chainDrain, chainPrediction, chainSettings, firstHold, PollChain } from './http/poll-chain.ts'
import { callbackSetting, scriptQuestion } from './http/script.ts'
import { holdIdle, holdSettings, pollSilence } from './http/silence.ts'

export const scriptLongPolling = clientTechnique({
  settings: { ...chainSettings, ...holdSettings, callback: callbackSetting },
  create: (context, { callback, ...settings }) =>
    new PollChain(
      new Asker(context, { ...scriptQuestion(callback), held: true }),
      settings,
      firstHold(context, settings.hold),
    ),
  drain: settings => chainDrain(settings),
  lookBack: ({ pause }) => pause,
  idle: settings => holdIdle(settings),
  silence: ({ pause, hold }) => pollSilence(micros(pause + hold)),
  predict: (settings, inputs) => chainPrediction(settings, inputs),
  ceiling: (context, { callback }) => emptyPoll(context, scriptQuestion(callback), '&hold=0'),
})
